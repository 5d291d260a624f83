//===- Initializers.cpp - the first values of variables --------------------------===//
//
// Formulas: dialect/README.md. The values must be the same on every machine: a product that is
// added to something is an fma.
//
//===----------------------------------------------------------------------===//

#include "VariableBodies.h"

#include "sepconv/IR/Variable.h"

#include <cmath>
#include <numeric>

using namespace mlir;
using namespace mlir::sepconv;

/// The normal distribution's probability of less than two deviations below the mean.
static constexpr double kTruncated = 0.02275013194817921;
/// The standard deviation of the normal distribution that is truncated there.
static constexpr double kTruncatedDeviation = 0.87962566103423978;

static int64_t product(ArrayRef<int64_t> sizes) {
  return std::accumulate(sizes.begin(), sizes.end(), int64_t(1), std::multiplies<int64_t>());
}

//===----------------------------------------------------------------------===//
// Distributions
//===----------------------------------------------------------------------===//

namespace {
/// Fills a buffer with the random numbers of a key.
class RandomFill {
public:
  RandomFill(LoopBuilder &loops, Value buffer, Value key)
      : loops(loops), buffer(buffer), key(key), type(loops.b.getF64Type()) {}

  void uniform(double least, double most) {
    fill([&](Value u) { return scale(u, most - least, least); });
  }
  void normal(double mean, double deviation) {
    fill([&](Value u) { return scale(quantile(u), deviation, mean); });
  }
  void truncatedNormal(double mean, double deviation) {
    fill([&](Value u) {
      return scale(quantile(scale(u, 1 - 2 * kTruncated, kTruncated)), deviation, mean);
    });
  }

private:
  void fill(function_ref<Value(Value)> of) {
    loops.forEach(cast<MemRefType>(buffer.getType()).getShape(), [&](ValueRange position) {
      Value u = loops.call("sepconv.random_uniform", type, {key, position.front()});
      loops.store(of(u), buffer, position);
    });
  }
  Value quantile(Value p) { return loops.call("sepconv.normal_quantile", type, p); }
  Value scale(Value x, double factor, double offset) {
    return loops.fma(x, loops.number(factor), loops.number(offset));
  }

  LoopBuilder &loops;
  Value buffer, key;
  Type type;
};
} // namespace

/// As keras.src.initializers.random_initializers.compute_fans.
static std::pair<double, double> fansOf(InitializerAttr initializer, ArrayRef<int64_t> shape) {
  DenseI64ArrayAttr inputs = initializer.axes("input_axes");
  DenseI64ArrayAttr outputs = initializer.axes("output_axes");
  auto along = [&](DenseI64ArrayAttr axes) {
    int64_t size = 1;
    SmallVector<int64_t> dimensions = *dimensionsOf(axes, shape.size());
    for (int64_t dimension : dimensions)
      size *= shape[dimension];
    return size;
  };
  if (inputs && outputs)
    return {along(inputs), along(outputs)};
  if (shape.size() < 2)
    return {product(shape), product(shape)};
  int64_t field = product(shape.drop_back(2));
  return {field * shape[shape.size() - 2], field * shape.back()};
}

static void scaleVariance(RandomFill &random, InitializerAttr initializer,
                          ArrayRef<int64_t> shape) {
  auto [in, out] = fansOf(initializer, shape);
  StringRef mode = initializer.choice("mode");
  double fan = mode == "fan_in" ? in : mode == "fan_out" ? out : (in + out) / 2;
  double variance = initializer.number("scale") / std::max(1.0, fan);
  StringRef distribution = initializer.choice("distribution");
  if (distribution == "uniform")
    return random.uniform(-std::sqrt(3 * variance), std::sqrt(3 * variance));
  if (distribution == "untruncated_normal")
    return random.normal(0, std::sqrt(variance));
  random.truncatedNormal(0, std::sqrt(variance) / kTruncatedDeviation);
}

//===----------------------------------------------------------------------===//
// Matrices
//===----------------------------------------------------------------------===//

/// Modified Gram-Schmidt over the columns of a matrix, or over its rows if there are fewer. Each is
/// taken off the others twice, as they are rounded to the buffer's type in between.
static void orthonormalize(LoopBuilder &loops, Value matrix, int64_t rows, int64_t columns) {
  int64_t count = std::min(rows, columns), length = std::max(rows, columns);
  auto at = [&](Value vector, Value element) -> SmallVector<Value> {
    return rows >= columns ? SmallVector<Value>{element, vector}
                           : SmallVector<Value>{vector, element};
  };
  auto dot = [&](Value x, Value y) {
    auto body = [&](ValueRange i, ValueRange sum) -> SmallVector<Value> {
      Value left = loops.load(matrix, at(x, i.front()));
      return {loops.fma(left, loops.load(matrix, at(y, i.front())), sum.front())};
    };
    return loops.nest(ArrayRef(length), loops.number(0), body).front();
  };
  auto combine = [&](Value x, Value factor, Value y, Value times) {
    loops.forEach(length, [&](ValueRange i) {
      Value scaled = loops.multiply(factor, loops.load(matrix, at(x, i.front())));
      if (y)
        scaled = loops.fma(times, loops.load(matrix, at(y, i.front())), scaled);
      loops.store(scaled, matrix, at(x, i.front()));
    });
  };
  loops.forEach(count, [&](ValueRange j) {
    Value last = j.front();
    loops.nest({loops.index(2), last}, {}, [&](ValueRange k, ValueRange) {
      Value other = k.back();
      Value minus = loops.multiply(loops.number(-1), dot(last, other));
      combine(last, loops.number(1), other, minus);
      return SmallVector<Value>();
    });
    Value norm = loops.sqrt(dot(last, last));
    combine(last, loops.divide(loops.number(1), norm), {}, {});
  });
}

static void fillIdentity(LoopBuilder &loops, Value matrix, ArrayRef<int64_t> shape, double gain) {
  loops.forEach(shape, [&](ValueRange i) {
    Value equal = arith::CmpIOp::create(loops.b, arith::CmpIPredicate::eq, i[0], i[1]);
    Value element = arith::SelectOp::create(loops.b, equal, loops.number(gain), loops.number(0));
    loops.store(element, matrix, i);
  });
}

void sepconv::buildInitializer(LoopBuilder &loops, InitializerAttr initializer,
                               ArrayRef<int64_t> shape, Value buffer, Value seed, Value stream) {
  auto number = [&](StringRef name) { return initializer.number(name); };
  if (initializer.is("constant")) {
    Value value = loops.number(number("value"));
    return loops.forEach(product(shape), [&](ValueRange i) { loops.store(value, buffer, i); });
  }
  if (initializer.is("identity"))
    return fillIdentity(loops, loops.view(buffer, shape), shape, number("gain"));
  if (IntegerAttr own = initializer.integer("seed"))
    seed = loops.integer(own.getInt());
  Value key = loops.call("sepconv.random_key", seed.getType(), {seed, stream});
  RandomFill random(loops, buffer, key);
  if (initializer.is("random_uniform"))
    return random.uniform(number("minval"), number("maxval"));
  if (initializer.is("random_normal"))
    return random.normal(number("mean"), number("stddev"));
  if (initializer.is("truncated_normal"))
    return random.truncatedNormal(number("mean"), number("stddev"));
  if (initializer.is("variance_scaling"))
    return scaleVariance(random, initializer, shape);
  assert(initializer.is("orthogonal") && "all kinds are handled");
  random.normal(0, 1);
  int64_t columns = shape.back(), rows = product(shape) / columns;
  orthonormalize(loops, loops.view(buffer, {rows, columns}), rows, columns);
  Value gain = loops.number(number("gain"));
  loops.forEach(product(shape), [&](ValueRange i) {
    loops.store(loops.multiply(gain, loops.load(buffer, i)), buffer, i);
  });
}
