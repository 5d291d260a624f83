//===- Matrices.cpp - equations of matrices ---------------------------------------===//

#include "Matrices.h"
#include "../Problems.h"
#include "Elementwise.h"
#include "Lookup.h"
#include "Reductions.h"
#include "Shaping.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::ops;

/// Each row is some ten operations of the program.
static constexpr int64_t maxRows = 32;

namespace {

/// Matrices of one number of rows.
class Rows {
public:
  Rows(TensorBuilder &b, Value matrix)
      : b(b), rank(rankOf(matrix)), count(shapeOf(matrix)[rank - 2]), type(elementOf(matrix)) {}

  Value row(Value of, int64_t i) { return slice(b, of, rank - 2, i, 1); }
  Value column(Value of, int64_t i) { return slice(b, of, rank - 1, i, 1); }
  Value at(Value of, int64_t i, int64_t j) { return column(row(of, i), j); }
  Value transposed(Value of) {
    SmallVector<int64_t> order = llvm::to_vector(llvm::seq<int64_t>(0, rank));
    std::swap(order[rank - 1], order[rank - 2]);
    return transpose(b, of, order);
  }
  /// `yes` in the rows from `first` to before `last`, `no` in the others.
  Value inRows(int64_t first, int64_t last, Value yes, Value no) {
    SmallVector<float> mask(count, 0);
    std::fill(mask.begin() + first, mask.begin() + last, 1);
    return select(b, b.constant({count, 1}, mask, b.builder.getI1Type()), yes, no);
  }
  Value of(StringRef function, Value x, Value y) { return apply(b, function, {x, y}); }
  Value number(double value) { return b.splat({}, type, value); }

  TensorBuilder &b;
  int64_t rank, count;
  Type type;
};

/// What is left of an elimination: rows whose first part is the identity.
struct Eliminated {
  Value rows;
  SmallVector<Value> pivots;
  /// For each row what exchanging it does to the sign of the determinant.
  SmallVector<Value> signs;
};

} // namespace

/// False after reporting what is no square matrix of floats, or too large.
static bool check(TensorBuilder &b, Value matrix) {
  if (!matrix)
    return false;
  ArrayRef<int64_t> shape = shapeOf(matrix);
  int64_t rank = shape.size();
  if (rank >= 2 && shape[rank - 1] == shape[rank - 2] && shape[rank - 1] <= maxRows &&
      shape[rank - 1] > 0 && isa<FloatType>(elementOf(matrix)))
    return true;
  b.error() << "expected square matrices of floats with at most " << maxRows
            << " rows, found shape " << shown(shape);
  return false;
}

/// The right sides of equations with as many rows, in all the dimensions of the matrices.
static bool checkRight(TensorBuilder &b, Value matrix, Value right) {
  if (!right)
    return false;
  ArrayRef<int64_t> shape = shapeOf(matrix), other = shapeOf(right);
  if (shape.size() == other.size() && shape.drop_back() == other.drop_back())
    return true;
  b.error() << "expected right sides of as many equations as in shape " << shown(shape)
            << ", found shape " << shown(other);
  return false;
}

static Eliminated eliminate(TensorBuilder &b, Value rows) {
  Rows m(b, rows);
  Eliminated result;
  Type index = b.builder.getI32Type();
  SmallVector<float> places =
      llvm::map_to_vector(llvm::seq<int64_t>(0, m.count), [](int64_t i) { return float(i); });
  Value numbers = b.constant({m.count, 1}, places, index);
  SmallVector<int64_t> rowShape(shapeOf(rows));
  rowShape[m.rank - 2] = 1;
  for (int64_t k = 0; k < m.count; ++k) {
    Value size = apply(b, "absolute", m.column(rows, k));
    size = m.inRows(k, m.count, size, m.number(-1));
    Value place = extremumIndex(b, size, m.rank - 2, /*keepDims=*/true, /*isMax=*/true,
                                /*isLast=*/false, index);
    Value best = takeAlong(b, rows, broadcastTo(b, place, rowShape), m.rank - 2);
    Value swapped = select(b, m.of("equal", numbers, place), m.row(rows, k), rows);
    Value isKept = m.of("equal", place, b.splat({}, index, k));
    result.signs.push_back(select(b, isKept, m.number(1), m.number(-1)));
    result.pivots.push_back(m.column(best, k));
    Value scaled = m.of("divide", best, result.pivots.back());
    Value factor = m.column(swapped, k);
    Value reduced = m.of("subtract", swapped, m.of("multiply", factor, scaled));
    rows = m.inRows(k, k + 1, scaled, reduced);
  }
  result.rows = rows;
  return result;
}

Value ops::cholesky(TensorBuilder &b, Value matrix, bool isUpper) {
  if (!check(b, matrix))
    return {};
  Rows m(b, matrix);
  SmallVector<Value> columns;
  for (int64_t k = 0; k < m.count; ++k) {
    Value column = m.column(matrix, k);
    Value scaled = m.of("divide", column, apply(b, "sqrt", m.row(column, k)));
    columns.push_back(m.inRows(k, m.count, scaled, m.number(0)));
    Value product = m.of("multiply", columns.back(), m.transposed(columns.back()));
    matrix = m.of("subtract", matrix, product);
  }
  Value factor = concatenate(b, columns, m.rank - 1);
  return isUpper ? m.transposed(factor) : factor;
}

static Value identityLike(TensorBuilder &b, Value matrix) {
  ArrayRef<int64_t> shape = shapeOf(matrix);
  Value one = eye(b, shape.back(), shape.back(), 0);
  return broadcastTo(b, convertTo(b, one, elementOf(matrix)), shape);
}

Value ops::choleskyInverse(TensorBuilder &b, Value factor, bool isUpper) {
  if (!check(b, factor))
    return {};
  Rows m(b, factor);
  Value inverted = solveTriangular(b, factor, identityLike(b, factor), !isUpper);
  Value other = m.transposed(inverted);
  return isUpper ? matmul(b, inverted, other) : matmul(b, other, inverted);
}

Value ops::solve(TensorBuilder &b, Value matrix, Value right) {
  if (!check(b, matrix) || !checkRight(b, matrix, right))
    return {};
  int64_t last = rankOf(matrix) - 1, count = shapeOf(matrix)[last];
  Value both = concatenate(b, {matrix, convertTo(b, right, elementOf(matrix))}, last);
  Value rows = both ? eliminate(b, both).rows : Value();
  return rows ? slice(b, rows, last, count, shapeOf(right)[last]) : Value();
}

Value ops::inverse(TensorBuilder &b, Value matrix) {
  return check(b, matrix) ? solve(b, matrix, identityLike(b, matrix)) : Value();
}

Value ops::solveTriangular(TensorBuilder &b, Value matrix, Value right, bool isLower) {
  if (!check(b, matrix) || !checkRight(b, matrix, right))
    return {};
  Rows m(b, matrix);
  SmallVector<Value> results(m.count);
  for (int64_t i = 0; i < m.count; ++i) {
    int64_t k = isLower ? i : m.count - 1 - i;
    results[k] = m.of("divide", m.row(right, k), m.at(matrix, k, k));
    Value rest = m.of("subtract", right, m.of("multiply", m.column(matrix, k), results[k]));
    right = isLower ? m.inRows(k + 1, m.count, rest, right) : m.inRows(0, k, rest, right);
  }
  return concatenate(b, results, m.rank - 2);
}

/// A number for each matrix, [..., 1, 1], without the last two dimensions.
static Value perMatrix(TensorBuilder &b, Value value) {
  int64_t rank = value ? rankOf(value) : 0;
  return value ? squeeze(b, value, {rank - 2, rank - 1}) : value;
}

std::pair<Value, Value> ops::logDeterminant(TensorBuilder &b, Value matrix) {
  if (!check(b, matrix))
    return {};
  Eliminated rows = eliminate(b, matrix);
  Value sign, sum;
  for (auto [pivot, exchange] : llvm::zip_equal(rows.pivots, rows.signs)) {
    Value own = apply(b, "multiply", {apply(b, "sign", pivot), exchange});
    Value log = apply(b, "log", apply(b, "absolute", pivot));
    sign = sign ? apply(b, "multiply", {sign, own}) : own;
    sum = sum ? apply(b, "add", {sum, log}) : log;
  }
  return {perMatrix(b, sign), perMatrix(b, sum)};
}

Value ops::determinant(TensorBuilder &b, Value matrix) {
  if (!check(b, matrix))
    return {};
  Eliminated rows = eliminate(b, matrix);
  return perMatrix(b, apply(b, "multiply",
                            {foldAll(b, "multiply", rows.pivots, /*keepBatch=*/false),
                             foldAll(b, "multiply", rows.signs, /*keepBatch=*/false)}));
}

Value ops::homography(TensorBuilder &b, Value starts, Value ends) {
  if (!starts || !ends)
    return {};
  ArrayRef<int64_t> shape = shapeOf(starts);
  if (shape != shapeOf(ends) || shape.size() != 3 || shape[1] != 4 || shape[2] != 2) {
    b.error() << "expected 4 corners of each image, found shapes " << shown(shape) << " and "
              << shown(shapeOf(ends));
    return {};
  }
  int64_t images = shape[0];
  Value one = b.splat({images, 1, 1}, elementOf(ends), 1);
  Value none = b.splat({images, 1, 3}, elementOf(ends), 0);
  SmallVector<Value> rows, targets;
  for (int64_t corner = 0; corner < 4; ++corner)
    for (int64_t axis : {0, 1}) {
      Value end = slice(b, ends, 1, corner, 1), start = slice(b, starts, 1, corner, 1);
      Value target = slice(b, start, 2, axis, 1);
      Value line = concatenate(b, {end, one}, 2);
      Value product = apply(b, "negative", apply(b, "multiply", {target, end}));
      rows.push_back(concatenate(b, {axis ? none : line, axis ? line : none, product}, 2));
      targets.push_back(target);
    }
  Value result = solve(b, concatenate(b, rows, 1), concatenate(b, targets, 1));
  return result ? reshape(b, result, {images, 8}) : Value();
}
