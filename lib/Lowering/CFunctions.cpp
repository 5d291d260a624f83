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

/// The status that buffers deserve. A buffer of no bytes may be NULL.
Value CFunctionBuilder::check(ArrayRef<BufferParameter> buffers) {
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
    either(isSmall, compare(LLVM::ICmpPredicate::ult, buffer.size, constant(i64, buffer.bytes)));
  }
  Value status = constant(i32, StatusValue::OK);
  auto choose = [&](Value condition, StatusValue value) {
    if (condition)
      status = LLVM::SelectOp::create(b, condition, constant(i32, value), status);
  };
  choose(isSmall, StatusValue::TooSmall);
  choose(isMisaligned, StatusValue::Misaligned);
  choose(isNull, StatusValue::NullPointer);
  return status;
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
  Value status = check(buffers);
  Block *start = b.getInsertionBlock();
  Block *good = b.createBlock(&function.getBody());
  Block *end = b.createBlock(&function.getBody(), {}, b.getI32Type(), b.getLoc());
  LLVM::ReturnOp::create(b, end->getArgument(0));
  b.setInsertionPointToEnd(start);
  Value ok = LLVM::ICmpOp::create(b, LLVM::ICmpPredicate::eq, status,
                                  constant(b.getI32Type(), StatusValue::OK));
  LLVM::CondBrOp::create(b, ok, good, ValueRange(), end, status);
  b.setInsertionPointToEnd(good);
  call(arguments.take_front(first.size()), buffers, arguments.take_back(last.size()));
  LLVM::BrOp::create(b, ValueRange(status), end);
  return function;
}
