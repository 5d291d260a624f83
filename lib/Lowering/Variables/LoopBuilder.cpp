//===- LoopBuilder.cpp - loops over the elements of a variable -------------------===//

#include "LoopBuilder.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace mlir::sepconv;

Value LoopBuilder::index(int64_t value) { return arith::ConstantIndexOp::create(b, value); }

Value LoopBuilder::number(double value) {
  return arith::ConstantOp::create(b, b.getF64FloatAttr(value));
}

Value LoopBuilder::integer(int64_t value) {
  return arith::ConstantOp::create(b, b.getI64IntegerAttr(value));
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

SmallVector<Value> LoopBuilder::nest(ArrayRef<Value> ends, ValueRange carried, Body body) {
  SmallVector<Value> begins(ends.size(), index(0)), steps(ends.size(), index(1));
  auto build = [&](OpBuilder &nested, Location, ValueRange indices,
                   ValueRange values) -> scf::ValueVector {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPoint(nested.getInsertionBlock(), nested.getInsertionPoint());
    SmallVector<Value> results = body(indices, values);
    nested.setInsertionPoint(b.getInsertionBlock(), b.getInsertionPoint());
    return {results.begin(), results.end()};
  };
  scf::LoopNest nest = scf::buildLoopNest(b, b.getLoc(), begins, ends, steps, carried, build);
  return {nest.results.begin(), nest.results.end()};
}

SmallVector<Value> LoopBuilder::nest(ArrayRef<int64_t> sizes, ValueRange carried, Body body) {
  SmallVector<Value> ends;
  for (int64_t size : sizes)
    ends.push_back(index(size));
  return nest(ends, carried, body);
}

void LoopBuilder::forEach(ArrayRef<int64_t> sizes, function_ref<void(ValueRange)> body) {
  nest(sizes, {}, [&](ValueRange indices, ValueRange) {
    body(indices);
    return SmallVector<Value>();
  });
}

Value LoopBuilder::sum(ArrayRef<int64_t> sizes, function_ref<Value(ValueRange)> body) {
  return nest(sizes, number(0),
              [&](ValueRange indices, ValueRange carried) -> SmallVector<Value> {
                return {add(carried.front(), body(indices))};
              })
      .front();
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

Value LoopBuilder::load(Value buffer, ValueRange indices) {
  Value value = memref::LoadOp::create(b, buffer, indices);
  for (Type type : {b.getF32Type(), b.getF64Type()})
    if (value.getType().getIntOrFloatBitWidth() < type.getIntOrFloatBitWidth())
      value = arith::ExtFOp::create(b, type, value);
  return value;
}

void LoopBuilder::store(Value value, Value buffer, ValueRange indices) {
  // By way of float32: processors have no other conversions of narrow types.
  Type element = cast<MemRefType>(buffer.getType()).getElementType();
  for (Type type : {Type(b.getF32Type()), element})
    if (element.getIntOrFloatBitWidth() < value.getType().getIntOrFloatBitWidth())
      value = arith::TruncFOp::create(b, type, value);
  memref::StoreOp::create(b, value, buffer, indices);
}

Value LoopBuilder::view(Value buffer, ArrayRef<int64_t> shape) {
  auto type = MemRefType::get(shape, cast<MemRefType>(buffer.getType()).getElementType());
  if (type == buffer.getType())
    return buffer;
  SmallVector<ReassociationIndices> all;
  if (!shape.empty())
    all.push_back(llvm::to_vector<2>(llvm::seq<int64_t>(0, shape.size())));
  return memref::ExpandShapeOp::create(b, type, buffer, all);
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

Value LoopBuilder::add(Value x, Value y) { return arith::AddFOp::create(b, x, y); }
Value LoopBuilder::multiply(Value x, Value y) { return arith::MulFOp::create(b, x, y); }
Value LoopBuilder::divide(Value x, Value y) { return arith::DivFOp::create(b, x, y); }
Value LoopBuilder::sqrt(Value x) { return math::SqrtOp::create(b, x); }

Value LoopBuilder::fma(Value x, Value y, Value z) {
  // Not math.fma, which sepconv-approximate-math takes apart.
  return LLVM::FMAOp::create(b, x.getType(), ValueRange{x, y, z});
}

Value LoopBuilder::call(StringRef function, Type result, ValueRange operands) {
  return func::CallOp::create(b, function, TypeRange(result), operands).getResult(0);
}
