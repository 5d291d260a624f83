//===- CheckAccess.cpp - whether a loop nest stays in its buffers ----------------===//

#include "CheckAccess.h"
#include "ExprTranslator.h"
#include "ProveCondition.h"

using namespace mlir;
using namespace mlir::sepconv;
using Halide::Expr;
namespace HI = Halide::Internal;

namespace {

/// The shape of a buffer as Halide has it: innermost first, dense, starting at zero.
struct BufferShape {
  std::vector<Expr> extents, strides;
};

/// Evaluates the definitions and assertions at the head of a loop nest, with the fields of
/// buffers replaced by what they will be.
class BoundsChecker : public HI::IRMutator {
public:
  /// `wanted` is whether there is something to compute.
  BoundsChecker(const SizeExprs &sizes, const Expr &wanted) : sizes(sizes), wanted(wanted) {}

  void addBuffer(const std::string &name, const std::vector<Expr> &extents) {
    BufferShape shape{extents, {}};
    Expr stride = 1;
    for (const Expr &extent : extents) {
      shape.strides.push_back(stride);
      stride = HI::simplify(stride * extent);
    }
    buffers[name + ".buffer"] = shape;
  }

  HI::Stmt check(const HI::Stmt &stmt);

private:
  using HI::IRMutator::mutate;
  using HI::IRMutator::visit;

  Expr visit(const HI::Call *op) override;
  Expr visit(const HI::Variable *op) override {
    auto it = values.find(op->name);
    return it == values.end() ? Expr(op) : it->second;
  }
  Expr evaluate(const Expr &expr) { return HI::simplify(mutate(expr)); }
  void check(const HI::AssertStmt *op);
  [[noreturn]] void reject(const HI::AssertStmt *op, ArrayRef<int64_t> dynamicSizes);

  const SizeExprs &sizes;
  Expr wanted;
  std::map<std::string, BufferShape> buffers;
  std::map<std::string, Expr> values;      // what takes the place of a name
  std::map<std::string, Expr> definitions; // what other names stand for
};

/// Whether an expression is about Halide's own buffer structures (that a pointer is not null, say).
bool mentionsBuffer(const Expr &expr) {
  struct Finder : HI::IRVisitor {
    using IRVisitor::visit;
    void visit(const HI::Variable *op) override { found |= op->type.is_handle(); }
    bool found = false;
  } finder;
  expr.accept(&finder);
  return finder.found;
}

Expr BoundsChecker::visit(const HI::Call *op) {
  const auto *buffer = op->args.empty() ? nullptr : op->args[0].as<HI::Variable>();
  auto it = buffer ? buffers.find(buffer->name) : buffers.end();
  if (it == buffers.end() || op->args.size() < 2)
    return IRMutator::visit(op);
  std::optional<int64_t> dim = HI::as_const_int(op->args[1]);
  if (!dim || *dim >= static_cast<int64_t>(it->second.extents.size()))
    return IRMutator::visit(op);
  if (op->name == HI::Call::buffer_get_min)
    return HI::make_zero(op->type);
  if (op->name == HI::Call::buffer_get_extent)
    return Halide::cast(op->type, it->second.extents[*dim]);
  if (op->name == HI::Call::buffer_get_max)
    return Halide::cast(op->type, it->second.extents[*dim] - 1);
  if (op->name == HI::Call::buffer_get_stride)
    return Halide::cast(op->type, it->second.strides[*dim]);
  return IRMutator::visit(op);
}

/// A condition that is known to be false is a schedule's mistake, of static sizes. One on dynamic
/// sizes has to hold for all of them.
void BoundsChecker::check(const HI::AssertStmt *op) {
  Expr condition = HI::simplify(!wanted || evaluate(op->condition));
  SmallVector<int64_t> counterexample;
  if (HI::is_const_zero(condition) ||
      (sizes.anyOpen() && !mentionsBuffer(condition) &&
       !holdsForAll(HI::simplify(HI::substitute(definitions, condition)), sizes, counterexample)))
    reject(op, counterexample);
}

void BoundsChecker::reject(const HI::AssertStmt *op, ArrayRef<int64_t> dynamicSizes) {
  std::string where;
  for (int64_t size : dynamicSizes)
    where += (where.empty() ? " for sizes of " : " and ") + std::to_string(size);
  const auto *call = op->message.as<HI::Call>();
  if (!call || call->name != "halide_error_access_out_of_bounds")
    throw KernelError("the schedule accesses a buffer out of bounds" + where + ": " +
                      printed(evaluate(op->message)));
  // The arguments: what, dimension (innermost first), least and greatest index, bounds.
  auto at = [&](int i) { return printed(evaluate(call->args[i])); };
  const auto *what = call->args[0].as<HI::StringImm>();
  throw KernelError("the schedule accesses a buffer out of bounds" + where + ": " +
                    (what ? what->value : at(0)) + ", dimension " + at(1) +
                    " counted from the innermost, is accessed at " + at(2) + " to " + at(3) +
                    ", its bounds are " + at(4) + " to " + at(5) +
                    "; use a smaller tile or another tail strategy");
}

HI::Stmt BoundsChecker::check(const HI::Stmt &stmt) {
  if (const auto *op = stmt.as<HI::LetStmt>()) {
    if (op->value.type().is_handle())
      return check(op->body);
    Expr value = evaluate(op->value);
    if (HI::is_const(value) || mentionsBuffer(value)) {
      values[op->name] = value;
      return check(op->body);
    }
    definitions[op->name] = HI::substitute(definitions, value);
    return HI::LetStmt::make(op->name, value, check(op->body));
  }
  if (const auto *op = stmt.as<HI::Block>()) {
    HI::Stmt first = check(op->first), rest = check(op->rest);
    return first.defined() ? HI::Block::make(first, rest) : rest;
  }
  if (const auto *op = stmt.as<HI::AssertStmt>()) {
    check(op);
    return {};
  }
  return mutate(stmt);
}

std::vector<Expr> extentsOf(const Halide::OutputImageParam &buffer) {
  std::vector<Expr> extents;
  Halide::Parameter parameter = buffer.parameter();
  for (int i = 0; i < buffer.dimensions(); ++i)
    extents.push_back(parameter.extent_constraint(i));
  return extents;
}

/// Whether an output has elements; of dynamic sizes there may be some for which no window fits.
Expr hasElements(const KernelFuncs &funcs) {
  HI::Scope<HI::Interval> scope;
  funcs.sizes.addTo(scope);
  Expr any = HI::const_false();
  for (const Halide::Func &output : funcs.outputs) {
    Expr all = HI::const_true();
    for (const Expr &extent : extentsOf(output.output_buffer()))
      if (!HI::can_prove(extent > 0, scope))
        all = all && extent > 0;
    any = any || all;
  }
  return HI::simplify(any);
}

} // namespace

HI::Stmt sepconv::checkAccess(const HI::Stmt &stmt, const KernelFuncs &funcs) {
  Expr wanted = hasElements(funcs);
  BoundsChecker checker(funcs.sizes, wanted);
  for (const Halide::ImageParam &input : funcs.inputs)
    if (input.defined())
      checker.addBuffer(input.name(), extentsOf(input));
  for (const Halide::Func &output : funcs.outputs)
    checker.addBuffer(output.name(), extentsOf(output.output_buffer()));
  HI::Stmt checked = checker.check(stmt);
  return HI::is_const_one(wanted) ? checked : HI::IfThenElse::make(wanted, checked);
}
