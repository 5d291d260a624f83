//===- ProveCondition.cpp - whether a condition holds for all dynamic sizes ---===//

#include "ProveCondition.h"
#include "ExprTranslator.h"

using namespace mlir;
using namespace mlir::sepconv;
using Halide::Expr;
namespace HI = Halide::Internal;

/// A kernel has about a hundred conditions, of a few dozen nodes each; most are of one dynamic
/// size.
static constexpr int64_t kMostSizes = 1 << 18;

namespace {

/// Computes with integers what an expression is, or fails for what is none of sizes.
class Evaluator {
public:
  using Values = std::map<std::string, int64_t>;

  explicit Evaluator(const Values &values) : values(values) {}

  std::optional<int64_t> operator()(const Expr &expr);

private:
  template <typename Op> std::optional<int64_t> binary(const Expr &expr);

  Values values;
};

template <typename Op> int64_t apply(int64_t a, int64_t b) {
  if constexpr (std::is_same_v<Op, HI::Add>)
    return a + b;
  else if constexpr (std::is_same_v<Op, HI::Sub>)
    return a - b;
  else if constexpr (std::is_same_v<Op, HI::Mul>)
    return a * b;
  else if constexpr (std::is_same_v<Op, HI::Div>)
    return b ? HI::div_imp(a, b) : 0; // as Halide defines it
  else if constexpr (std::is_same_v<Op, HI::Mod>)
    return b ? HI::mod_imp(a, b) : 0;
  else if constexpr (std::is_same_v<Op, HI::Min>)
    return std::min(a, b);
  else if constexpr (std::is_same_v<Op, HI::Max>)
    return std::max(a, b);
  else if constexpr (std::is_same_v<Op, HI::EQ>)
    return a == b;
  else if constexpr (std::is_same_v<Op, HI::NE>)
    return a != b;
  else if constexpr (std::is_same_v<Op, HI::LT>)
    return a < b;
  else if constexpr (std::is_same_v<Op, HI::LE>)
    return a <= b;
  else if constexpr (std::is_same_v<Op, HI::GT>)
    return a > b;
  else if constexpr (std::is_same_v<Op, HI::GE>)
    return a >= b;
  else if constexpr (std::is_same_v<Op, HI::And>)
    return a && b;
  else
    return a || b;
}

template <typename Op> std::optional<int64_t> Evaluator::binary(const Expr &expr) {
  const auto *op = expr.as<Op>();
  std::optional<int64_t> a = (*this)(op->a), b = (*this)(op->b);
  return a && b ? std::optional(apply<Op>(*a, *b)) : std::nullopt;
}

std::optional<int64_t> Evaluator::operator()(const Expr &expr) {
  if (std::optional<int64_t> constant = HI::as_const_int(expr))
    return constant;
  if (std::optional<uint64_t> constant = HI::as_const_uint(expr))
    return *constant;
  switch (expr->node_type) {
  case HI::IRNodeType::Variable: {
    auto it = values.find(expr.as<HI::Variable>()->name);
    return it == values.end() ? std::nullopt : std::optional(it->second);
  }
  case HI::IRNodeType::Cast: // no size leaves 32 bits, and no product of sizes 64
    return (*this)(expr.as<HI::Cast>()->value);
  case HI::IRNodeType::Not: {
    std::optional<int64_t> value = (*this)(expr.as<HI::Not>()->a);
    return value ? std::optional<int64_t>(!*value) : std::nullopt;
  }
  case HI::IRNodeType::Select: {
    const auto *op = expr.as<HI::Select>();
    std::optional<int64_t> condition = (*this)(op->condition);
    return condition ? (*this)(*condition ? op->true_value : op->false_value) : std::nullopt;
  }
  case HI::IRNodeType::Let: {
    const auto *op = expr.as<HI::Let>();
    std::optional<int64_t> value = (*this)(op->value);
    if (!value)
      return std::nullopt;
    values[op->name] = *value;
    return (*this)(op->body);
  }
  case HI::IRNodeType::Call: {
    const auto *op = expr.as<HI::Call>();
    if (op->is_intrinsic({HI::Call::likely, HI::Call::likely_if_innermost}))
      return (*this)(op->args[0]);
    std::optional<int64_t> value;
    if (op->is_intrinsic(HI::Call::abs))
      value = (*this)(op->args[0]);
    return value ? std::optional(std::abs(*value)) : std::nullopt;
  }
  case HI::IRNodeType::Add:
    return binary<HI::Add>(expr);
  case HI::IRNodeType::Sub:
    return binary<HI::Sub>(expr);
  case HI::IRNodeType::Mul:
    return binary<HI::Mul>(expr);
  case HI::IRNodeType::Div:
    return binary<HI::Div>(expr);
  case HI::IRNodeType::Mod:
    return binary<HI::Mod>(expr);
  case HI::IRNodeType::Min:
    return binary<HI::Min>(expr);
  case HI::IRNodeType::Max:
    return binary<HI::Max>(expr);
  case HI::IRNodeType::EQ:
    return binary<HI::EQ>(expr);
  case HI::IRNodeType::NE:
    return binary<HI::NE>(expr);
  case HI::IRNodeType::LT:
    return binary<HI::LT>(expr);
  case HI::IRNodeType::LE:
    return binary<HI::LE>(expr);
  case HI::IRNodeType::GT:
    return binary<HI::GT>(expr);
  case HI::IRNodeType::GE:
    return binary<HI::GE>(expr);
  case HI::IRNodeType::And:
    return binary<HI::And>(expr);
  case HI::IRNodeType::Or:
    return binary<HI::Or>(expr);
  default:
    return std::nullopt;
  }
}

/// The dynamic sizes on which an expression depends.
SmallVector<unsigned> dependencies(const Expr &expr, const SizeExprs &sizes) {
  SmallVector<unsigned> result;
  for (auto [index, parameter] : llvm::enumerate(sizes.parameters()))
    if (HI::expr_uses_var(expr, parameter.name()))
      result.push_back(index);
  return result;
}

} // namespace

bool sepconv::holdsForAll(const Expr &condition, const SizeExprs &sizes,
                          SmallVectorImpl<int64_t> &counterexample) {
  HI::Scope<HI::Interval> scope;
  sizes.addTo(scope);
  if (HI::is_const_one(condition) || HI::can_prove(condition, scope))
    return true;
  SmallVector<unsigned> dynamic = dependencies(condition, sizes);
  auto least = [&](unsigned size) { return *HI::as_const_int(sizes.interval(size).min); };
  auto greatest = [&](unsigned size) { return *HI::as_const_int(sizes.interval(size).max); };
  Evaluator::Values values;
  int64_t count = 1;
  for (unsigned size : dynamic) {
    values[sizes.parameters()[size].name()] = least(size);
    count *= std::min(greatest(size) - least(size) + 1, kMostSizes + 1);
    if (count > kMostSizes)
      return false;
  }
  for (int64_t i = 0; i < count; ++i) {
    std::optional<int64_t> holds = Evaluator(values)(condition);
    if (!holds || !*holds) {
      for (unsigned size : dynamic)
        if (holds)
          counterexample.push_back(values[sizes.parameters()[size].name()] *
                                   sizes.sizes().dynamicSizes()[size].getFactor());
      return false;
    }
    for (unsigned size : dynamic) { // the next one, the first fastest
      int64_t &value = values[sizes.parameters()[size].name()];
      if (value++ < greatest(size))
        break;
      value = least(size);
    }
  }
  return true;
}
