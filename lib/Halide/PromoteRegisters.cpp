//===- PromoteRegisters.cpp - the registers of a block as those of its threads ---===//

#include "PromoteRegisters.h"
#include "ExprTranslator.h"
#include "LinearForm.h"
#include "ViewIndices.h"

#include <set>

using namespace mlir;
using namespace mlir::sepconv;
using Halide::Expr;
namespace HI = Halide::Internal;

namespace {

/// Finds how the elements of an allocation lie that a thread accesses: at constant distances from
/// one that depends on the thread.
class ElementFinder : public HI::IRVisitor {
public:
  ElementFinder(std::string name, const std::set<std::string> &numbers)
      : name(std::move(name)), numbers(numbers) {}

  /// The distance of an index that `visit` has come by.
  int64_t distanceOf(const Expr &index) const { return distances.at(index.get()); }
  int64_t least() const { return *stored.begin(); }
  int64_t extent() const { return *stored.rbegin() - least() + 1; }
  /// Whether one thread's elements lie elsewhere than another one's.
  bool dependsOnThread = false;
  /// Whether they lie at constant distances, and a thread loads what it has stored.
  bool areOwn() const {
    return isConstant && std::includes(stored.begin(), stored.end(), loaded.begin(), loaded.end());
  }

private:
  using IRVisitor::visit;
  void visit(const HI::LetStmt *op) override { define(op); }
  void visit(const HI::Let *op) override { define(op); }
  template <typename LetOp> void define(const LetOp *op) {
    op->value.accept(this);
    values[op->name] = HI::substitute(values, op->value);
    op->body.accept(this);
  }
  void visit(const HI::IfThenElse *op) override {
    op->condition.accept(this);
    size_t outer = zeros.size();
    learn(HI::substitute(values, op->condition));
    op->then_case.accept(this);
    zeros.resize(outer, LinearForm(0));
    if (op->else_case.defined())
      op->else_case.accept(this);
  }
  void learn(const Expr &condition);
  void visit(const HI::Load *op) override {
    if (op->name == name)
      note(op->index, loaded);
    IRVisitor::visit(op);
  }
  void visit(const HI::Store *op) override {
    if (op->name == name)
      note(op->index, stored);
    IRVisitor::visit(op);
  }
  void note(const Expr &index, std::set<int64_t> &elements);

  std::string name;
  const std::set<std::string> &numbers; // of blocks and threads
  std::optional<LinearForm> base;       // the first access
  bool isConstant = true;
  std::set<int64_t> stored, loaded;
  std::map<const HI::IRNode *, int64_t> distances;
  std::map<std::string, Expr> values; // of the definitions around an access
  std::vector<LinearForm> zeros;      // what is zero by the conditions around it
};

/// Halide leaves out of an index what a condition says to be zero.
void ElementFinder::learn(const Expr &condition) {
  if (const auto *both = condition.as<HI::And>()) {
    learn(both->a);
    learn(both->b);
  } else if (const auto *equal = condition.as<HI::EQ>()) {
    zeros.push_back(LinearForm(equal->a).add(LinearForm(equal->b), -1));
  } else if (const auto *atMost = condition.as<HI::LE>()) {
    LinearForm form = LinearForm(atMost->a).add(LinearForm(atMost->b), -1);
    // No number of a thread or block is below zero.
    if (form.constant == 0 && form.factors.size() == 1 && form.factors.begin()->second > 0 &&
        numbers.count(form.factors.begin()->first))
      zeros.push_back(form);
  }
}

void ElementFinder::note(const Expr &index, std::set<int64_t> &elements) {
  const auto *ramp = index.as<HI::Ramp>();
  Expr first = HI::simplify(HI::substitute(values, ramp ? ramp->base : index));
  for (const std::string &number : numbers)
    dependsOnThread |= HI::expr_uses_var(first, number);
  if (!base)
    base = LinearForm(first);
  LinearForm distance = LinearForm(first).add(*base, -1);
  for (const LinearForm &zero : zeros)
    distance.removeMultipleOf(zero);
  std::optional<int64_t> stride = ramp ? HI::as_const_int(ramp->stride) : std::optional<int64_t>(1);
  isConstant &= distance.factors.empty() && stride && (ramp || index.type().is_scalar());
  if (!isConstant)
    return;
  // One expression may stand for different elements, by different definitions around it.
  isConstant &=
      distances.emplace(index.get(), distance.constant).first->second == distance.constant;
  for (int lane = 0; lane < index.type().lanes(); ++lane)
    elements.insert(distance.constant + lane * *stride);
}

/// Numbers the elements of an allocation by their distances.
class ElementMutator : public HI::IRMutator {
public:
  ElementMutator(std::string name, const ElementFinder &elements)
      : name(std::move(name)), elements(elements) {}

private:
  using IRMutator::visit;
  Expr visit(const HI::Load *op) override {
    if (op->name != name)
      return IRMutator::visit(op);
    return HI::Load::make(op->type, name, numberOf(op->index), op->image, op->param,
                          mutate(op->predicate), HI::ModulusRemainder());
  }
  HI::Stmt visit(const HI::Store *op) override {
    if (op->name != name)
      return IRMutator::visit(op);
    return HI::Store::make(name, mutate(op->value), numberOf(op->index), op->param,
                           mutate(op->predicate), HI::ModulusRemainder());
  }
  Expr numberOf(const Expr &index) const {
    Expr first = asInt(elements.distanceOf(index) - elements.least());
    if (const auto *ramp = index.as<HI::Ramp>())
      return HI::Ramp::make(first, ramp->stride, ramp->lanes);
    return first;
  }

  std::string name;
  const ElementFinder &elements;
};

class RegisterPromoter : public HI::IRMutator {
  using IRMutator::visit;
  HI::Stmt visit(const HI::For *op) override {
    if (HI::is_gpu(op->for_type))
      numbers.insert(op->name);
    return IRMutator::visit(op);
  }
  HI::Stmt visit(const HI::Allocate *op) override {
    HI::Stmt body = mutate(op->body);
    if (op->memory_type != Halide::MemoryType::Register)
      return body.same_as(op->body) ? HI::Stmt(op) : remade(op, op->extents, body);
    // Those of threads stand around all of what runs in their loops too.
    ElementFinder elements(op->name, numbers);
    body.accept(&elements);
    if (!elements.dependsOnThread)
      return remade(op, op->extents, body);
    if (!elements.areOwn())
      throw KernelError("the stage " + op->name +
                        " in registers is computed for a block, but its elements are not those of "
                        "the threads that read them; split and unroll its loops as the reader's");
    return remade(op, {asInt(elements.extent())}, ElementMutator(op->name, elements).mutate(body));
  }
  static HI::Stmt remade(const HI::Allocate *op, const std::vector<Expr> &extents,
                         const HI::Stmt &body) {
    return HI::Allocate::make(op->name, op->type, op->memory_type, extents, op->condition, body,
                              op->new_expr, op->free_function, op->padding);
  }

  std::set<std::string> numbers;
};

} // namespace

HI::Stmt sepconv::promoteRegisters(const HI::Stmt &stmt) { return RegisterPromoter().mutate(stmt); }
