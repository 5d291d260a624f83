//===- Sampling.h - the pixels around a place, in the body of an operation --------===//
#pragma once

#include "Elementwise.h"
#include "GridSample.h"

#include "mlir/Dialect/Math/IR/Math.h"

namespace mlir::sepconv::ops {

/// Numbers of one type, in the body of an operation.
struct Numbers {
  OpBuilder &b;
  Location loc;
  Type type;

  Value of(double value) { return number(b, loc, type, value); }
  Value add(Value x, Value y) { return arith::AddFOp::create(b, loc, x, y); }
  Value sub(Value x, Value y) { return arith::SubFOp::create(b, loc, x, y); }
  Value mul(Value x, Value y) { return arith::MulFOp::create(b, loc, x, y); }
  Value bounded(Value x, double least, double greatest) {
    Value above = arith::MaximumFOp::create(b, loc, x, of(least));
    return arith::MinimumFOp::create(b, loc, above, of(greatest));
  }
  Value div(Value x, double y) { return arith::DivFOp::create(b, loc, x, of(y)); }
  Value floor(Value x) { return math::FloorOp::create(b, loc, x); }
  Value isLess(Value x, Value y) {
    return arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OLT, x, y);
  }
  Value select(Value condition, Value yes, Value no) {
    return arith::SelectOp::create(b, loc, condition, yes, no);
  }
  /// A place in a dimension of `size` as an index; what is outside, or no number, is in it too.
  Value placeOf(Value x, int64_t size) {
    Value above = arith::MaxNumFOp::create(b, loc, x, of(0));
    Value within = arith::MinNumFOp::create(b, loc, above, of(size - 1));
    Value whole = arith::FPToSIOp::create(b, loc, b.getI32Type(), within);
    return arith::IndexCastOp::create(b, loc, b.getIndexType(), whole);
  }
  Value isWithin(Value x, double least, double greatest) {
    auto compare = [&](arith::CmpFPredicate predicate, double with) {
      return arith::CmpFOp::create(b, loc, predicate, x, of(with));
    };
    return arith::AndIOp::create(b, loc, compare(arith::CmpFPredicate::OGE, least),
                                 compare(arith::CmpFPredicate::OLE, greatest));
  }
};

/// One pixel along one dimension: where it is, its part, and whether it is in the image.
struct Tap {
  Value place, weight, isInside;
};

/// The pixels around a place, counted from 0, along a dimension of `size`.
SmallVector<Tap> tapsAround(Numbers n, Value x, int64_t size, const GridSampling &sampling);

/// The sum over all combinations of the dimensions' taps, behind the indices that are there.
Value sumOver(Numbers n, Value image, ArrayRef<SmallVector<Tap>> taps, const GridSampling &sampling,
              SmallVector<Value> &at, Value weight = {}, Value isInside = {});

} // namespace mlir::sepconv::ops
