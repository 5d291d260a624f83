//===- CFunctions.cpp - functions of the product's C header ----------------------===//

#include "CFunctions.h"

using namespace mlir;
using namespace mlir::sepconv;

CFunctionBuilder::CFunctionBuilder(ModuleOp module, StringRef prefix)
    : module(module), prefix(prefix), b(module.getLoc(), OpBuilder::atBlockEnd(module.getBody())),
      pointer(LLVM::LLVMPointerType::get(module.getContext())) {}

LLVM::LLVMFuncOp CFunctionBuilder::create(StringRef suffix, Type result, ArrayRef<Type> arguments) {
  b.setInsertionPointToEnd(module.getBody());
  auto type = LLVM::LLVMFunctionType::get(result, arguments);
  auto function = LLVM::LLVMFuncOp::create(b, prefix + suffix.str(), type);
  function.setNoUnwind(true);
  b.setInsertionPointToStart(function.addEntryBlock(b));
  return function;
}

/// The status that buffers deserve. A buffer of no bytes may be NULL, all of them for an empty
/// batch.
Value CFunctionBuilder::check(ArrayRef<BufferParameter> buffers, Value batch) {
  Type i64 = b.getI64Type(), i32 = b.getI32Type();
  Value zero = constant(i64, 0);
  Value isNull, isMisaligned, isSmall;
  auto either = [&](Value &sum, Value condition) {
    sum = sum ? LLVM::OrOp::create(b, sum, condition).getResult() : condition;
  };
  auto compare = [&](LLVM::ICmpPredicate predicate, Value left, Value right) -> Value {
    return LLVM::ICmpOp::create(b, predicate, left, right);
  };
  for (const BufferParameter &buffer : buffers) {
    if (buffer.bytes == 0)
      continue;
    Value address = LLVM::PtrToIntOp::create(b, i64, buffer.pointer);
    either(isNull, compare(LLVM::ICmpPredicate::eq, address, zero));
    Value rest = LLVM::AndOp::create(b, address, constant(i64, buffer.alignment - 1));
    either(isMisaligned, compare(LLVM::ICmpPredicate::ne, rest, zero));
    Value room = buffer.size, needed = constant(i64, buffer.bytes);
    if (buffer.perImage) { // in images: the bytes of all may be more than a size_t holds
      room = LLVM::UDivOp::create(b, room, needed);
      needed = batch;
    }
    either(isSmall, compare(LLVM::ICmpPredicate::ult, room, needed));
  }
  Value status = constant(i32, StatusValue::OK);
  auto choose = [&](Value condition, StatusValue value) {
    if (condition)
      status = LLVM::SelectOp::create(b, condition, constant(i32, value), status);
  };
  choose(isSmall, StatusValue::TooSmall);
  choose(isMisaligned, StatusValue::Misaligned);
  choose(isNull, StatusValue::NullPointer);
  if (batch)
    choose(compare(LLVM::ICmpPredicate::eq, batch, zero), StatusValue::OK);
  return status;
}

/// A loop over the images of a batch. What is built next comes after it.
void CFunctionBuilder::forEachImage(Value batch, std::vector<BufferParameter> buffers,
                                    llvm::function_ref<void(ArrayRef<BufferParameter>)> body) {
  Type i64 = b.getI64Type();
  Block *before = b.getInsertionBlock();
  Region *region = before->getParent();
  Block *head = b.createBlock(region, std::next(before->getIterator()), i64, b.getLoc());
  Block *image = b.createBlock(region, std::next(head->getIterator()));
  Block *after = b.createBlock(region, std::next(image->getIterator()));
  Value index = head->getArgument(0);
  b.setInsertionPointToEnd(before);
  LLVM::BrOp::create(b, constant(i64, 0), head);
  b.setInsertionPointToEnd(head);
  Value more = LLVM::ICmpOp::create(b, LLVM::ICmpPredicate::ult, index, batch);
  LLVM::CondBrOp::create(b, more, image, after);
  b.setInsertionPointToEnd(image);
  for (BufferParameter &buffer : buffers)
    if (buffer.perImage) {
      Value offset = LLVM::MulOp::create(b, index, constant(i64, buffer.bytes));
      buffer.pointer = LLVM::GEPOp::create(b, pointer, b.getI8Type(), buffer.pointer,
                                           ArrayRef<LLVM::GEPArg>{offset});
    }
  body(buffers);
  LLVM::BrOp::create(b, ValueRange{LLVM::AddOp::create(b, index, constant(i64, 1))}, head);
  b.setInsertionPointToEnd(after);
}

LLVM::LLVMFuncOp CFunctionBuilder::createChecked(StringRef suffix, ArrayRef<Type> first,
                                                 std::vector<BufferParameter> buffers,
                                                 ArrayRef<Type> last, Call call) {
  SmallVector<Type> types(first);
  for (size_t i = 0; i < buffers.size(); ++i)
    types.append({pointer, b.getI64Type()});
  llvm::append_range(types, last);
  LLVM::LLVMFuncOp function = create(suffix, b.getI32Type(), types);
  ValueRange arguments = function.getArguments();
  for (auto [index, buffer] : llvm::enumerate(buffers)) {
    buffer.pointer = arguments[first.size() + 2 * index];
    buffer.size = arguments[first.size() + 2 * index + 1];
  }
  bool hasBatch =
      llvm::any_of(buffers, [](const BufferParameter &buffer) { return buffer.perImage; });
  Value batch = hasBatch ? arguments.front() : Value();
  Value status = check(buffers, batch);
  Block *start = b.getInsertionBlock();
  Block *good = b.createBlock(&function.getBody());
  Block *end = b.createBlock(&function.getBody(), {}, b.getI32Type(), b.getLoc());
  LLVM::ReturnOp::create(b, end->getArgument(0));
  b.setInsertionPointToEnd(start);
  Value ok = LLVM::ICmpOp::create(b, LLVM::ICmpPredicate::eq, status,
                                  constant(b.getI32Type(), StatusValue::OK));
  LLVM::CondBrOp::create(b, ok, good, ValueRange(), end, status);
  b.setInsertionPointToEnd(good);
  auto body = [&](ArrayRef<BufferParameter> buffers) {
    call(arguments.take_front(first.size()), buffers, arguments.take_back(last.size()));
  };
  if (hasBatch)
    forEachImage(batch, buffers, body);
  else
    body(buffers);
  LLVM::BrOp::create(b, ValueRange(status), end);
  return function;
}
