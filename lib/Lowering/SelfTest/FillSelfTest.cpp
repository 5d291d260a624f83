//===- FillSelfTest.cpp - the inputs of a self-test, by a formula -----------------===//

#include "SelfTestBuilder.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace mlir::sepconv;

/// What a tensor has in memory.
static Type elementType(Builder &b, const TensorInterface &tensor) {
  StringRef dtype = tensor.dtype;
  if (dtype == "bfloat16")
    return b.getBF16Type();
  if (!dtype.starts_with("float"))
    return b.getIntegerType(8 * tensor.elementBytes);
  return tensor.elementBytes == 2   ? Type(b.getF16Type())
         : tensor.elementBytes == 4 ? Type(b.getF32Type())
                                    : Type(b.getF64Type());
}

/// Begins a function of the test's memory, which it returns.
Value SelfTestBuilder::begin(StringRef name, TypeRange results) {
  b.setInsertionPointToEnd(module.getBody());
  Type memory = MemRefType::get({layout.bytes}, b.getI8Type());
  auto function = func::FuncOp::create(b, name, b.getFunctionType(memory, results));
  function.setPrivate();
  b.setInsertionPointToStart(function.addEntryBlock());
  return function.getArgument(0);
}

Value SelfTestBuilder::view(Value memory, const TensorInterface &tensor,
                            const SelfTestLayout::Tensor &place) {
  auto type = MemRefType::get({place.elements}, elementType(b, tensor));
  return memref::ViewOp::create(b, type, memory, loops.index(place.offset), ValueRange());
}

/// 32 bits for an element: the finalizer of MurmurHash3, whose bits each depend on all of its
/// argument's.
Value SelfTestBuilder::hash(Value index, int64_t stream) {
  Type i32 = b.getI32Type();
  auto constant = [&](uint32_t value) -> Value {
    return arith::ConstantOp::create(b, b.getI32IntegerAttr(static_cast<int32_t>(value)));
  };
  auto mix = [&](Value value, uint32_t shift) -> Value {
    return arith::XOrIOp::create(b, value, arith::ShRUIOp::create(b, value, constant(shift)));
  };
  Value value = arith::IndexCastOp::create(b, i32, index);
  // Streams begin where multiples of the golden ratio (times 2^32) are.
  value = arith::AddIOp::create(b, value, constant(uint32_t(stream + 1) * 0x9e3779b9u));
  value = arith::MulIOp::create(b, mix(value, 16), constant(0x85ebca6b));
  value = arith::MulIOp::create(b, mix(value, 13), constant(0xc2b2ae35));
  return mix(value, 16);
}

/// Of floats, 256 numbers from `offset` on, in steps of `scale`; of bytes and of integers that
/// stand for numbers, all; of others, which may be indices, 0 to 3.
void SelfTestBuilder::fill(Value buffer, const TensorInterface &tensor, double scale,
                           double offset) {
  Type element = cast<MemRefType>(buffer.getType()).getElementType();
  int64_t stream = streams++;
  loops.forEach(cast<MemRefType>(buffer.getType()).getShape(), [&](ValueRange indices) {
    Value value = hash(indices.front(), stream);
    auto highest = [&](int64_t bits) -> Value {
      Value shift = arith::ConstantOp::create(b, b.getI32IntegerAttr(32 - bits));
      return arith::ShRUIOp::create(b, value, shift);
    };
    if (isa<FloatType>(element)) {
      value = arith::UIToFPOp::create(b, b.getF64Type(), highest(8));
      value = loops.add(loops.multiply(value, loops.number(scale)), loops.number(offset));
      return loops.store(value, buffer, indices);
    }
    int64_t width = element.getIntOrFloatBitWidth();
    value = highest(tensor.dtype == "bool"       ? 1
                    : width == 8 || tensor.scale ? std::min<int64_t>(width, 16)
                                                 : 2);
    if (width < 32)
      value = arith::TruncIOp::create(b, element, value);
    else if (width > 32)
      value = arith::ExtUIOp::create(b, element, value);
    memref::StoreOp::create(b, value, buffer, indices);
  });
}

void SelfTestBuilder::createFill(ArrayRef<double> scales) {
  Value memory = begin(kFillTest, {});
  for (auto [tensor, place] : llvm::zip_equal(model.inputs, layout.inputs))
    fill(view(memory, tensor, place), tensor, 1.0 / 128, -1);
  for (auto [tensor, place, scale] : llvm::zip_equal(model.weights, layout.weights, scales))
    if (scale)
      fill(view(memory, tensor, place), tensor, scale / 128, -scale);
    else // what normalizes, of which variances must not be negative
      fill(view(memory, tensor, place), tensor, 1.0 / 512, 0.75);
  func::ReturnOp::create(b);
}
