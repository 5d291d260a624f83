//===- ReadAhead.cpp - loads of what a stage reads next into the cache ----------===//
//
// Halide prefetches what a loop's own body reads later. A stage that is computed for some rows at a
// time reads memory in bursts, between which the loops that use it never touch its input. So the
// input is swept in even steps while those loops run: from the last element that the stage has read
// onwards, as many as it will read next.
//
//===----------------------------------------------------------------------===//

#include "ReadAhead.h"
#include "ExprTranslator.h"

using namespace mlir;
using namespace mlir::sepconv;
using Halide::Expr;
namespace HI = Halide::Internal;

namespace {

constexpr int64_t lineBytes = 64; // of every x86-64, and of all but a few aarch64 processors

/// The greatest index at which a statement reads a buffer, given the loops around the statement.
class LastRead : public HI::IRVisitor {
public:
  explicit LastRead(const std::string &buffer) : buffer(buffer) {}
  Expr last;

private:
  using HI::IRVisitor::visit;

  void visit(const HI::Load *op) override {
    if (op->name == buffer) {
      HI::Interval bounds = HI::bounds_of_expr_in_scope(op->index, scope);
      if (!bounds.has_upper_bound())
        throw KernelError("cannot tell which elements of " + buffer + " are read");
      last = last.defined() ? HI::simplify(HI::Max::make(last, bounds.max)) : bounds.max;
    }
    IRVisitor::visit(op);
  }
  void visit(const HI::For *op) override {
    HI::Interval first = HI::bounds_of_expr_in_scope(op->min, scope);
    HI::Interval end = HI::bounds_of_expr_in_scope(op->min + op->extent - 1, scope);
    HI::ScopedBinding<HI::Interval> bind(scope, op->name, HI::Interval(first.min, end.max));
    IRVisitor::visit(op);
  }
  void visit(const HI::LetStmt *op) override { bind(op); }
  void visit(const HI::Let *op) override { bind(op); }
  template <typename LetOp> void bind(const LetOp *op) {
    op->value.accept(this);
    HI::Interval bounds = HI::bounds_of_expr_in_scope(op->value, scope);
    HI::ScopedBinding<HI::Interval> bound(scope, op->name, bounds);
    op->body.accept(this);
  }

  const std::string &buffer;
  HI::Scope<HI::Interval> scope;
};

bool isLastOf(const Halide::ImageParam &image, const Expr &index) {
  int64_t elements = 1;
  for (int dim = 0; dim < image.dimensions(); ++dim)
    elements *= *HI::as_const_int(image.parameter().extent_constraint(dim));
  std::optional<int64_t> constant = HI::as_const_int(index);
  return constant && *constant + 1 >= elements;
}

/// Sweeps in one loop nest for one directive.
class ReadAheadInserter : public HI::IRMutator {
public:
  explicit ReadAheadInserter(const ReadAhead &wanted) : wanted(wanted) {}

private:
  using HI::IRMutator::visit;

  HI::Stmt visit(const HI::Block *op) override;
  HI::Stmt visit(const HI::For *op) override;
  HI::Stmt prefetch(const Halide::ImageParam &image, int64_t elements, const Expr &last) const;

  const ReadAhead &wanted;
  std::vector<const HI::For *> loops;    // since the stage was computed, outermost first
  std::map<std::string, Expr> lastReads; // by image, while in what uses the stage
};

HI::Stmt ReadAheadInserter::visit(const HI::Block *op) {
  const auto *stage = op->first.as<HI::ProducerConsumer>();
  if (!stage || !stage->is_producer || stage->name != wanted.stage)
    return IRMutator::visit(op);
  for (const auto &[image, elements] : wanted.images) {
    LastRead reads(image.name());
    stage->accept(&reads);
    if (reads.last.defined() && !isLastOf(image, reads.last))
      lastReads[image.name()] = reads.last;
  }
  std::vector<const HI::For *> around;
  std::swap(loops, around);
  HI::Stmt rest = mutate(op->rest);
  std::swap(loops, around);
  lastReads.clear();
  return HI::Block::make(op->first, rest);
}

HI::Stmt ReadAheadInserter::visit(const HI::For *op) {
  loops.push_back(op);
  HI::Stmt body = mutate(op->body);
  if (wanted.loop.match(op->name))
    for (const auto &[image, elements] : wanted.images)
      if (auto last = lastReads.find(image.name()); last != lastReads.end())
        body = HI::Block::make(prefetch(image, elements, last->second), body);
  loops.pop_back();
  return HI::For::make(op->name, op->min, op->extent, op->for_type, op->partition_policy,
                       op->device_api, body);
}

/// One iteration's share, as many prefetches as it has cache lines.
HI::Stmt ReadAheadInserter::prefetch(const Halide::ImageParam &image, int64_t elements,
                                     const Expr &last) const {
  int64_t iterations = 1;
  Expr done = 0;
  for (const HI::For *loop : llvm::reverse(loops)) {
    std::optional<int64_t> extent = HI::as_const_int(HI::simplify(loop->extent));
    if (!extent)
      throw KernelError("cannot tell how often loop " + loop->name + " runs");
    done += (HI::Variable::make(Halide::Int(32), loop->name) - loop->min) *
            static_cast<int32_t>(iterations);
    iterations *= *extent;
  }
  int64_t step = llvm::divideCeil(elements, iterations);
  HI::Stmt all;
  for (int64_t part = 0; part < step; part += lineBytes / image.type().bytes()) {
    Expr at =
        HI::simplify(last + static_cast<int32_t>(1 + part) + done * static_cast<int32_t>(step));
    Expr buffer = HI::Variable::make(Halide::Handle(), image.name());
    HI::Stmt one = HI::Evaluate::make(
        HI::Call::make(Halide::Int(32), HI::Call::prefetch, {buffer, at}, HI::Call::Intrinsic));
    all = all.defined() ? HI::Block::make(one, all) : one;
  }
  return all;
}

} // namespace

HI::Stmt sepconv::readAhead(const HI::Stmt &stmt, const KernelFuncs &funcs) {
  HI::Stmt result = stmt;
  for (const ReadAhead &wanted : funcs.readAheads)
    result = ReadAheadInserter(wanted).mutate(result);
  return result;
}
