//===- CheckSelfTest.cpp - compare the outputs of a self-test ---------------------===//

#include "SelfTestBuilder.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

#include <cfloat>

using namespace mlir;
using namespace mlir::sepconv;

Value SelfTestBuilder::load(Value buffer, const TensorInterface &tensor, Value index) {
  if (isa<FloatType>(cast<MemRefType>(buffer.getType()).getElementType()))
    return loops.load(buffer, index);
  Value value = memref::LoadOp::create(b, buffer, index);
  if (StringRef(tensor.dtype).starts_with("int"))
    return arith::SIToFPOp::create(b, b.getF64Type(), value);
  return arith::UIToFPOp::create(b, b.getF64Type(), value);
}

/// The sum with a number, of every so-many-th element.
Value SelfTestBuilder::sum(Value buffer, const TensorInterface &tensor, Value number) {
  int64_t elements = cast<MemRefType>(buffer.getType()).getNumElements();
  Value step = loops.index(std::min(elements, kMostTestSums));
  Value rest = arith::SubIOp::create(b, loops.index(elements), number);
  Value count = arith::CeilDivUIOp::create(b, rest, step);
  return loops
      .nest(ArrayRef<Value>(count), loops.number(0),
            [&](ValueRange indices, ValueRange carried) -> SmallVector<Value> {
              Value index = arith::MulIOp::create(b, indices.front(), step);
              index = arith::AddIOp::create(b, index, number);
              return {loops.add(carried.front(), load(buffer, tensor, index))};
            })
      .front();
}

/// The largest magnitude that is finite.
Value SelfTestBuilder::largest(Value buffer, const TensorInterface &tensor) {
  return loops
      .nest(cast<MemRefType>(buffer.getType()).getShape(), loops.number(0),
            [&](ValueRange indices, ValueRange carried) -> SmallVector<Value> {
              Value size = math::AbsFOp::create(b, load(buffer, tensor, indices.front()));
              auto is = [&](arith::CmpFPredicate predicate, Value other) -> Value {
                return arith::CmpFOp::create(b, predicate, size, other);
              };
              Value isMore =
                  arith::AndIOp::create(b, is(arith::CmpFPredicate::OGT, carried.front()),
                                        is(arith::CmpFPredicate::OLE, loops.number(DBL_MAX)));
              return {arith::SelectOp::create(b, isMore, size, carried.front())};
            })
      .front();
}

/// An infinity agrees with the same one, and what is no number with what is none.
Value SelfTestBuilder::agrees(Value found, Value expected, Value allowed) {
  auto compare = [&](arith::CmpFPredicate predicate, Value left, Value right) -> Value {
    return arith::CmpFOp::create(b, predicate, left, right);
  };
  Value error = math::AbsFOp::create(b, arith::SubFOp::create(b, found, expected));
  Value isNear = compare(arith::CmpFPredicate::OLE, error, allowed);
  Value isSame = compare(arith::CmpFPredicate::OEQ, found, expected);
  Value areNone = arith::AndIOp::create(b, compare(arith::CmpFPredicate::UNO, found, found),
                                        compare(arith::CmpFPredicate::UNO, expected, expected));
  return arith::OrIOp::create(b, isNear, arith::OrIOp::create(b, isSame, areNone));
}

/// Compares, and leaves what it has found.
void SelfTestBuilder::createCheck() {
  auto type = MemRefType::get({layout.results()}, b.getF64Type());
  b.setInsertionPointToEnd(module.getBody());
  auto zeros = DenseElementsAttr::get(RankedTensorType::get(type.getShape(), b.getF64Type()),
                                      b.getF64FloatAttr(0));
  memref::GlobalOp::create(b, kTestResults, b.getStringAttr("private"), type, zeros,
                           /*constant=*/true, b.getI64IntegerAttr(kBufferAlignment));
  Value memory = begin(kCheckTest, b.getI1Type());
  Value expected = memref::GetGlobalOp::create(b, type, kTestResults);
  Value found =
      memref::ViewOp::create(b, type, memory, loops.index(layout.workspace), ValueRange());
  Value all = arith::ConstantOp::create(b, b.getBoolAttr(true));
  int64_t first = 0;
  for (size_t index = 0; index < model.outputs.size(); ++index) {
    const TensorInterface &tensor = model.outputs[index];
    const SelfTestLayout::Tensor &place = layout.outputs[index];
    Value buffer = view(memory, tensor, place), begin = loops.index(first);
    Value end = loops.index(first + place.sums());
    Value allowed = memref::LoadOp::create(b, expected, end);
    auto compare = [&](ValueRange indices, ValueRange carried) -> SmallVector<Value> {
      Value own = sum(buffer, tensor, indices.front());
      Value where = arith::AddIOp::create(b, begin, indices.front());
      memref::StoreOp::create(b, own, found, where);
      Value agree = agrees(own, memref::LoadOp::create(b, expected, where), allowed);
      return {arith::AndIOp::create(b, carried.front(), agree)};
    };
    all = loops.nest(ArrayRef<int64_t>(place.sums()), all, compare).front();
    memref::StoreOp::create(b, largest(buffer, tensor), found, end);
    first += place.sums() + 1;
  }
  func::ReturnOp::create(b, all);
}
