//===- CFunctions.cpp - functions of the product's C header ----------------------===//

#include "CFunctions.h"
#include "SelectVariant.h"

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
  if (processorTest) // it must run on those that lack what the model needs
    function.setTargetCpu(processorTest.getTargetCpuAttr());
  b.setInsertionPointToStart(function.addEntryBlock(b));
  return function;
}

/// An expression in sizes. Sizes and what is divided of them are not negative.
Value CFunctionBuilder::evaluate(AffineExpr expr, ValueRange sizes) {
  Type i64 = b.getI64Type();
  if (auto dim = dyn_cast<AffineDimExpr>(expr))
    return sizes[dim.getPosition()];
  if (auto number = dyn_cast<AffineConstantExpr>(expr))
    return constant(i64, number.getValue());
  auto binary = cast<AffineBinaryOpExpr>(expr);
  Value lhs = evaluate(binary.getLHS(), sizes), rhs = evaluate(binary.getRHS(), sizes);
  switch (expr.getKind()) {
  case AffineExprKind::Add:
    return LLVM::AddOp::create(b, lhs, rhs);
  case AffineExprKind::Mul:
    return LLVM::MulOp::create(b, lhs, rhs);
  case AffineExprKind::Mod:
    return LLVM::URemOp::create(b, lhs, rhs);
  case AffineExprKind::CeilDiv:
    lhs = LLVM::AddOp::create(b, lhs, LLVM::SubOp::create(b, rhs, constant(i64, 1)));
    [[fallthrough]];
  default:
    return LLVM::UDivOp::create(b, lhs, rhs);
  }
}

Value CFunctionBuilder::bytesOf(const BufferParameter &buffer, ValueRange sizes) {
  if (!buffer.extents)
    return constant(b.getI64Type(), buffer.bytes);
  Value bytes = constant(b.getI64Type(), buffer.alignment);
  for (AffineExpr extent : buffer.extents.getResults())
    bytes = LLVM::MulOp::create(b, bytes, evaluate(extent, sizes));
  return bytes;
}

/// The status of a processor that can run no variant, or what the rest does.
Value CFunctionBuilder::checkProcessor(Value status) {
  if (!processorTest)
    return status;
  variant = LLVM::CallOp::create(b, processorTest, ValueRange()).getResult();
  Value none = LLVM::ICmpOp::create(b, LLVM::ICmpPredicate::ugt, variant,
                                    constant(b.getI32Type(), variants));
  return LLVM::SelectOp::create(b, none, constant(b.getI32Type(), StatusValue::UnsupportedCPU),
                                status);
}

/// The status that sizes deserve, or what the rest does.
Value CFunctionBuilder::checkSizes(ArrayRef<SizeInterface> sizes, ValueRange values, Value status) {
  Type i64 = b.getI64Type();
  auto unless = [&](LLVM::ICmpPredicate predicate, Value left, int64_t right) {
    Value wrong = LLVM::ICmpOp::create(b, predicate, left, constant(i64, right));
    status = LLVM::SelectOp::create(b, wrong,
                                    constant(b.getI32Type(), StatusValue::UnsupportedSize), status);
  };
  for (auto [size, value] : llvm::zip_equal(sizes, values)) {
    unless(LLVM::ICmpPredicate::ult, value, size.least);
    unless(LLVM::ICmpPredicate::ugt, value, size.greatest);
    if (size.factor > 1)
      unless(LLVM::ICmpPredicate::ne, LLVM::URemOp::create(b, value, constant(i64, size.factor)),
             0);
  }
  return status;
}

/// The status that buffers deserve. A buffer of no bytes may be NULL, all of them for an empty
/// batch. What is wrong with any of them is computed as one number: LLVM compares each condition of
/// a disjunction with all others, which takes minutes for a thousand buffers.
Value CFunctionBuilder::check(ArrayRef<BufferParameter> buffers, Value batch) {
  Type i64 = b.getI64Type(), i32 = b.getI32Type();
  Value zero = constant(i64, 0), one = constant(i64, 1);
  Value leastAddress, misaligned, missing;
  auto compare = [&](LLVM::ICmpPredicate predicate, Value left, Value right) -> Value {
    return LLVM::ICmpOp::create(b, predicate, left, right);
  };
  auto combine = [&](Value &all, Value own, auto operation) {
    all = all ? decltype(operation)::create(b, all, own).getResult() : own;
  };
  for (const BufferParameter &buffer : buffers) {
    if (buffer.bytes == 0)
      continue;
    // One whose bytes depend on sizes may turn out to have none.
    Value isUsed = buffer.extents ? compare(LLVM::ICmpPredicate::ne, buffer.needed, zero) : Value();
    auto ifUsed = [&](Value value, Value otherwise) -> Value {
      return isUsed ? LLVM::SelectOp::create(b, isUsed, value, otherwise).getResult() : value;
    };
    Value address = LLVM::PtrToIntOp::create(b, i64, buffer.pointer);
    combine(leastAddress, ifUsed(address, one), LLVM::UMinOp());
    Value rest = LLVM::AndOp::create(b, address, constant(i64, buffer.alignment - 1));
    combine(misaligned, ifUsed(rest, zero), LLVM::OrOp());
    Value room = buffer.size, needed = buffer.needed;
    if (buffer.perImage) { // in images: the bytes of all may be more than a size_t holds
      room = LLVM::UDivOp::create(b, room, ifUsed(needed, one));
      needed = ifUsed(batch, zero);
    }
    combine(missing, LLVM::USubSat::create(b, needed, room), LLVM::OrOp());
  }
  Value status = constant(i32, StatusValue::OK);
  auto chooseIf = [&](LLVM::ICmpPredicate predicate, Value number, StatusValue value) {
    if (number)
      status =
          LLVM::SelectOp::create(b, compare(predicate, number, zero), constant(i32, value), status);
  };
  chooseIf(LLVM::ICmpPredicate::ne, missing, StatusValue::TooSmall);
  chooseIf(LLVM::ICmpPredicate::ne, misaligned, StatusValue::Misaligned);
  chooseIf(LLVM::ICmpPredicate::eq, leastAddress, StatusValue::NullPointer);
  chooseIf(LLVM::ICmpPredicate::eq, batch, StatusValue::OK);
  return status;
}

/// Reads what the structure of weights says; goes to `end` with a status if there is none.
void CFunctionBuilder::readMembers(std::vector<BufferParameter> &buffers, Value structure,
                                   Value batch, Block *end) {
  Type i64 = b.getI64Type(), i32 = b.getI32Type();
  Value status = constant(i32, StatusValue::NullPointer);
  if (batch) {
    Value isEmpty = LLVM::ICmpOp::create(b, LLVM::ICmpPredicate::eq, batch, constant(i64, 0));
    status = LLVM::SelectOp::create(b, isEmpty, constant(i32, StatusValue::OK), status);
  }
  Value isNull =
      LLVM::ICmpOp::create(b, LLVM::ICmpPredicate::eq, structure, LLVM::ZeroOp::create(b, pointer));
  Block *start = b.getInsertionBlock();
  Block *read = b.createBlock(end);
  b.setInsertionPointToEnd(start);
  LLVM::CondBrOp::create(b, isNull, end, ValueRange(status), read, ValueRange());
  b.setInsertionPointToEnd(read);
  int32_t field = 0;
  auto load = [&](Type type) -> Value {
    Value address = LLVM::GEPOp::create(b, pointer, i64, structure,
                                        ArrayRef<LLVM::GEPArg>{LLVM::GEPArg(field++)});
    return LLVM::LoadOp::create(b, type, address);
  };
  for (BufferParameter &buffer : buffers)
    if (buffer.isMember) {
      buffer.pointer = load(pointer);
      buffer.size = load(i64);
    }
}

/// Goes to `end` with a status unless the buffer, which is there unless the batch is empty, ends as
/// it must.
void CFunctionBuilder::checkIdentity(const BufferParameter &buffer, Value batch, Block *end) {
  Type i64 = b.getI64Type();
  Block *compare = b.getInsertionBlock();
  Block *right = b.createBlock(end);
  if (batch) {
    Block *before = compare;
    compare = b.createBlock(right);
    b.setInsertionPointToEnd(before);
    Value isEmpty = LLVM::ICmpOp::create(b, LLVM::ICmpPredicate::eq, batch, constant(i64, 0));
    LLVM::CondBrOp::create(b, isEmpty, right, compare);
  }
  b.setInsertionPointToEnd(compare);
  Value differs;
  for (auto [index, word] : llvm::enumerate(buffer.identity)) {
    Value offset = constant(i64, buffer.bytes - kIdentityBytes + 8 * index);
    Value address = LLVM::GEPOp::create(b, pointer, b.getI8Type(), buffer.pointer,
                                        ArrayRef<LLVM::GEPArg>{offset});
    Value found = LLVM::LoadOp::create(b, i64, address);
    Value isOther = LLVM::ICmpOp::create(b, LLVM::ICmpPredicate::ne, found, constant(i64, word));
    differs = differs ? LLVM::OrOp::create(b, differs, isOther).getResult() : isOther;
  }
  LLVM::CondBrOp::create(b, differs, end,
                         ValueRange(constant(b.getI32Type(), StatusValue::WrongWeights)), right,
                         ValueRange());
  b.setInsertionPointToEnd(right);
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
      Value offset = LLVM::MulOp::create(b, index, buffer.needed);
      buffer.pointer = LLVM::GEPOp::create(b, pointer, b.getI8Type(), buffer.pointer,
                                           ArrayRef<LLVM::GEPArg>{offset});
    }
  body(buffers);
  LLVM::BrOp::create(b, ValueRange{LLVM::AddOp::create(b, index, constant(i64, 1))}, head);
  b.setInsertionPointToEnd(after);
}

// The buffers that one block checks: LLVM's time for a block grows with the square of its length.
static constexpr size_t kCheckedTogether = 64;

LLVM::LLVMFuncOp CFunctionBuilder::createChecked(StringRef suffix, ArrayRef<Type> first,
                                                 ArrayRef<SizeInterface> sizes,
                                                 std::vector<BufferParameter> buffers,
                                                 ArrayRef<Type> last, Call call) {
  SmallVector<Type> types(first);
  for (const BufferParameter &buffer : buffers)
    if (!buffer.isMember)
      types.append({pointer, b.getI64Type()});
    else if (&buffer == &buffers.front() || !(&buffer - 1)->isMember)
      types.push_back(pointer); // of the structure
  llvm::append_range(types, last);
  LLVM::LLVMFuncOp function = create(suffix, b.getI32Type(), types);
  ValueRange arguments = function.getArguments();
  ValueRange sizeValues = arguments.take_front(first.size()).take_back(sizes.size());
  Value structure;
  unsigned at = first.size();
  for (BufferParameter &buffer : buffers) {
    if (!buffer.isMember) {
      buffer.pointer = arguments[at++];
      buffer.size = arguments[at++];
    } else if (!structure) {
      structure = arguments[at++];
    }
  }
  bool hasBatch =
      llvm::any_of(buffers, [](const BufferParameter &buffer) { return buffer.perImage; });
  Value batch = hasBatch ? arguments.front() : Value();
  Block *start = b.getInsertionBlock();
  Block *end = b.createBlock(&function.getBody(), {}, b.getI32Type(), b.getLoc());
  LLVM::ReturnOp::create(b, end->getArgument(0));
  b.setInsertionPointToEnd(start);
  if (structure)
    readMembers(buffers, structure, batch, end);
  for (BufferParameter &buffer : buffers)
    buffer.needed = bytesOf(buffer, sizeValues);
  ArrayRef<BufferParameter> unchecked(buffers);
  auto checkSome = [&] {
    ArrayRef<BufferParameter> some = unchecked.take_front(kCheckedTogether);
    unchecked = unchecked.drop_front(some.size());
    return check(some, batch);
  };
  Value status = checkProcessor(checkSizes(sizes, sizeValues, checkSome()));
  auto goOn = [&] {
    Value ok = LLVM::ICmpOp::create(b, LLVM::ICmpPredicate::eq, status,
                                    constant(b.getI32Type(), StatusValue::OK));
    Block *here = b.getInsertionBlock(), *next = b.createBlock(end);
    b.setInsertionPointToEnd(here);
    LLVM::CondBrOp::create(b, ok, next, ValueRange(), end, status);
    b.setInsertionPointToEnd(next);
  };
  goOn();
  while (!unchecked.empty()) {
    status = checkSome();
    goOn();
  }
  for (const BufferParameter &buffer : buffers)
    if (!buffer.identity.empty())
      checkIdentity(buffer, batch, end);
  auto body = [&](ArrayRef<BufferParameter> buffers) {
    return call(arguments.take_front(first.size()), buffers, arguments.take_back(last.size()));
  };
  if (hasBatch)
    forEachImage(batch, buffers, body);
  else if (Value result = body(buffers))
    status = result;
  LLVM::BrOp::create(b, ValueRange(status), end);
  return function;
}
