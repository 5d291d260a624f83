//===- Regularizers.cpp - what variables add to the loss -------------------------===//

#include "VariableBodies.h"

#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace mlir::sepconv;

/// keras.backend.epsilon()
static constexpr double kEpsilon = 1e-7;

static Value absolute(LoopBuilder &loops, Value x) { return math::AbsFOp::create(loops.b, x); }

static Value buildL1L2(LoopBuilder &loops, double l1, double l2, Value buffer) {
  return loops.sum(cast<MemRefType>(buffer.getType()).getShape(), [&](ValueRange i) {
    Value w = loops.load(buffer, i), term;
    auto add = [&](double factor, Value of) {
      Value scaled = loops.multiply(loops.number(factor), of);
      term = term ? loops.add(term, scaled) : scaled;
    };
    if (l1 != 0) // 0 * infinity is not 0
      add(l1, absolute(loops, w));
    if (l2 != 0)
      add(l2, loops.multiply(w, w));
    return term ? term : loops.number(0);
  });
}

/// The absolute cosine of the angle between two vectors; one of almost no length is not stretched
/// to length 1.
static Value absoluteCosine(LoopBuilder &loops, int64_t length, function_ref<Value(Value)> first,
                            function_ref<Value(Value)> second) {
  Value zero = loops.number(0);
  auto body = [&](ValueRange i, ValueRange sums) -> SmallVector<Value> {
    Value x = first(i.front()), y = second(i.front());
    return {loops.fma(x, y, sums[0]), loops.fma(x, x, sums[1]), loops.fma(y, y, sums[2])};
  };
  SmallVector<Value> sums = loops.nest(ArrayRef(length), {zero, zero, zero}, body);
  auto inverse = [&](Value square) -> Value {
    Value root = loops.divide(loops.number(1), loops.sqrt(square));
    return arith::MinimumFOp::create(loops.b, root, loops.number(1 / kEpsilon));
  };
  Value lengths = loops.multiply(inverse(sums[1]), inverse(sums[2]));
  return absolute(loops, loops.multiply(sums[0], lengths));
}

static Value buildOrthogonal(LoopBuilder &loops, double factor, bool ofRows,
                             ArrayRef<int64_t> shape, Value matrix) {
  int64_t count = ofRows ? shape[0] : shape[1], length = ofRows ? shape[1] : shape[0];
  auto element = [&](Value vector) {
    return [=, &loops](Value i) {
      return loops.load(matrix, ofRows ? ValueRange{vector, i} : ValueRange{i, vector});
    };
  };
  auto overOthers = [&](ValueRange i, ValueRange sum) -> SmallVector<Value> {
    auto add = [&](ValueRange j, ValueRange sum) -> SmallVector<Value> {
      auto first = element(i.front()), second = element(j.front());
      return {loops.add(sum.front(), absoluteCosine(loops, length, first, second))};
    };
    return loops.nest(ArrayRef<Value>(i.front()), sum, add);
  };
  Value sum = loops.nest(ArrayRef(count), loops.number(0), overOthers).front();
  Value pairs = loops.number(double(count) * (count - 1) / 2);
  return loops.divide(loops.multiply(loops.number(factor), sum), pairs);
}

Value sepconv::buildRegularizer(LoopBuilder &loops, RegularizerAttr regularizer,
                                ArrayRef<int64_t> shape, Value buffer) {
  if (regularizer.is("l1_l2"))
    return buildL1L2(loops, regularizer.number("l1"), regularizer.number("l2"), buffer);
  assert(regularizer.is("orthogonal") && "all kinds are handled");
  return buildOrthogonal(loops, regularizer.number("factor"), regularizer.choice("mode") == "rows",
                         shape, loops.view(buffer, shape));
}
