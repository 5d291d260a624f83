//===- Products.cpp - products of matrices and tensors ---------------------------===//

#include "../Problems.h"
#include "Elementwise.h"
#include "Reductions.h"
#include "Shaping.h"
#include "Windows.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::ops;

Value ops::contract(TensorBuilder &b, Value left, StringRef leftNames, Value right,
                    StringRef rightNames, StringRef resultNames) {
  if (!left || !right || !b.fits(shapeOf(left)) || !b.fits(shapeOf(right)))
    return {};
  const Function &multiply = *findFunction("multiply"), &add = *findFunction("add");
  if (elementOf(left) != elementOf(right) || elementOf(left).isInteger(1)) {
    Type common = commonType(b, {left, right});
    left = convertTo(b, left, common);
    right = convertTo(b, right, common);
  }
  // The loops: first those of the result, then those of the sum.
  std::string loops = resultNames.str();
  for (char name : (leftNames + rightNames).str())
    if (!StringRef(loops).contains(name))
      loops += name;
  SmallVector<int64_t> sizes(loops.size(), 0);
  auto mapOf = [&](StringRef names) {
    return AffineMap::get(
        loops.size(), 0,
        llvm::map_to_vector(
            names, [&](char name) { return b.builder.getAffineDimExpr(loops.find(name)); }),
        b.builder.getContext());
  };
  for (auto [value, names] : {std::pair(left, leftNames), std::pair(right, rightNames)})
    for (auto [name, size] : llvm::zip_equal(names, shapeOf(value))) {
      int64_t &known = sizes[loops.find(name)];
      if (known && known != size) {
        b.error() << "the shapes " << shown(shapeOf(left)) << " and " << shown(shapeOf(right))
                  << " differ in a dimension that is multiplied";
        return {};
      }
      known = size;
    }
  ArrayRef<int64_t> shape = ArrayRef(sizes).take_front(resultNames.size());
  if (!b.fits(shape))
    return {};
  SmallVector<utils::IteratorType> iterators(loops.size(), utils::IteratorType::parallel);
  std::fill(iterators.begin() + resultNames.size(), iterators.end(),
            utils::IteratorType::reduction);
  Type element = elementOf(left);
  Type sums = computedIn(element);
  Value init = filled(b, shape, sums, 0);
  AffineMap maps[] = {mapOf(leftNames), mapOf(rightNames), mapOf(resultNames)};
  auto body = [&](OpBuilder &builder, Location loc, ValueRange x) {
    Value product = multiply.body(
        builder, loc, {convert(builder, loc, x[0], sums), convert(builder, loc, x[1], sums)});
    linalg::YieldOp::create(builder, loc, add.body(builder, loc, {x[2], product}));
  };
  Value result = linalg::GenericOp::create(b.builder, b.loc, init.getType(),
                                           ValueRange{left, right}, init, maps, iterators, body)
                     ->getResult(0);
  return convertTo(b, result, element);
}

Value ops::matmul(TensorBuilder &b, Value left, Value right) {
  if (!left || !right || !b.fits(shapeOf(left)) || !b.fits(shapeOf(right)))
    return {};
  int64_t leftRank = rankOf(left), rightRank = rankOf(right);
  static constexpr int64_t maxRank = 8;
  if (leftRank < 1 || rightRank < 1 || leftRank > maxRank || rightRank > maxRank) {
    b.error() << "expected tensors of rank 1 to " << maxRank << ", found shapes "
              << shown(shapeOf(left)) << " and " << shown(shapeOf(right));
    return {};
  }
  bool isDense = rightRank == 2 && leftRank >= 2 && isa<FloatType>(elementOf(left)) &&
                 elementOf(left) == elementOf(right) &&
                 shapeOf(left).back() == shapeOf(right).front();
  if (isDense) {
    SmallVector<int64_t> output(shapeOf(left));
    output.back() = shapeOf(right).back();
    return b.fits(output) ? dense(b, left, right, {}, {}) : Value();
  }
  if (leftRank == 1)
    left = expandDims(b, left, 0);
  if (rightRank == 1)
    right = expandDims(b, right, 1);
  int64_t batches = std::max(rankOf(left), rankOf(right)) - 2;
  // Both get the batch dimensions that one of them has.
  SmallVector<int64_t> batch(batches, 1);
  for (Value value : {left, right})
    for (int64_t i = 0, n = rankOf(value) - 2; i < n; ++i) {
      int64_t &size = batch[batches - n + i];
      size = std::max(size, shapeOf(value)[i]);
    }
  std::string names = StringRef("abcdefgh").take_front(batches).str();
  auto whole = [&](Value value) {
    SmallVector<int64_t> shape(batch);
    llvm::append_range(shape, shapeOf(value).take_back(2));
    return broadcastTo(b, value, shape);
  };
  left = whole(left);
  right = whole(right);
  Value result =
      left && right ? contract(b, left, names + "mk", right, names + "kn", names + "mn") : Value();
  if (result && leftRank == 1)
    result = squeeze(b, result, rankOf(result) - 2);
  return result && rightRank == 1 ? squeeze(b, result, rankOf(result) - 1) : result;
}
