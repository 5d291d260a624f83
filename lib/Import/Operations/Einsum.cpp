//===- Einsum.cpp - sums of products in other notations --------------------------===//

#include "../Problems.h"
#include "Elementwise.h"
#include "Reductions.h"
#include "Shaping.h"
#include "Windows.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::ops;

Value ops::affine(TensorBuilder &b, Value left, Value right, Value addend, double alpha,
                  double beta) {
  int64_t columns = shapeOf(right).back();
  auto scaled = [&](Value value, double factor) {
    if (!value || factor == 1)
      return value;
    return apply(b, "multiply", {value, b.splat({}, elementOf(value), factor)});
  };
  addend = scaled(addend, beta);
  bool isBias = addend && alpha == 1 && isa<FloatType>(elementOf(left)) &&
                ShapedType::getNumElements(shapeOf(addend)) == columns &&
                shapeOf(addend).back() == columns && rankOf(left) >= 2 &&
                shapeOf(left).back() == shapeOf(right).front();
  if (isBias && b.fits({shapeOf(left).front(), columns}))
    return dense(b, left, right, reshape(b, addend, columns), {});
  Value product = scaled(matmul(b, left, right), alpha);
  return addend ? apply(b, "add", {product, addend}) : product;
}

//===----------------------------------------------------------------------===//
// Einstein's notation
//===----------------------------------------------------------------------===//

/// An operand's letters, in which capital ones stand for the dimensions of an ellipsis, counted
/// from the last; false if there are others or not as many as dimensions.
static bool expand(StringRef part, int64_t rank, std::string &names) {
  auto [before, after] = part.split("...");
  bool hasEllipsis = part.contains("...");
  int64_t more = rank - int64_t(before.size() + after.size());
  auto isLower = [](char c) { return c >= 'a' && c <= 'z'; };
  if (!llvm::all_of(before, isLower) || !llvm::all_of(after, isLower) || more < 0 || more > 8 ||
      (more > 0 && !hasEllipsis))
    return false;
  names = before.str();
  for (int64_t i = more; i-- > 0;)
    names += 'A' + i;
  names += after;
  return true;
}

/// The letters of the result where the equation does not say them: those that there are once.
static std::string implied(StringRef all) {
  std::string once, every = all.str();
  llvm::sort(every);
  for (char c : every)
    if (c >= 'a' && all.count(c) == 1)
      once += c;
  return once;
}

Value ops::einsum(TensorBuilder &b, ArrayRef<Value> operands, StringRef equation,
                  StringRef argument) {
  if (llvm::is_contained(operands, Value()))
    return {};
  auto [inputs, output] = equation.split("->");
  SmallVector<StringRef, 2> parts;
  inputs.split(parts, ',');
  SmallVector<std::string, 2> names(parts.size());
  bool isLegal = parts.size() == operands.size() && parts.size() <= 2 && !parts.empty();
  for (size_t i = 0; i < parts.size() && isLegal; ++i)
    isLegal = expand(parts[i], rankOf(operands[i]), names[i]);
  std::string result, ellipsis;
  for (const std::string &name : names)
    for (char c : name)
      if (c < 'a' && !StringRef(ellipsis).contains(c))
        ellipsis += c;
  llvm::sort(ellipsis, std::greater<>());
  if (!equation.contains("->"))
    result =
        ellipsis + (isLegal ? implied(names.front() + (names.size() > 1 ? names[1] : "")) : "");
  else
    isLegal =
        isLegal &&
        expand(output, output.contains("...") ? output.size() - 3 + ellipsis.size() : output.size(),
               result);
  for (char c : result)
    isLegal = isLegal && StringRef(result).count(c) == 1 &&
              llvm::any_of(names, [&](StringRef name) { return name.contains(c); });
  if (!isLegal) {
    b.error(argument) << "expected a lower-case letter for each dimension of one or two operands "
                         "and of the result, found "
                      << quoted(equation);
    return {};
  }
  // The sum of one operand is that of its products with 1.
  bool isOne = operands.size() == 1;
  Value right = isOne ? b.splat({}, elementOf(operands[0]), 1) : operands[1];
  return contract(b, operands[0], names[0], right, isOne ? "" : StringRef(names[1]), result);
}
