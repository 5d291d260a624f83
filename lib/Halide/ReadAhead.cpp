//===- ReadAhead.cpp - loads of what a stage reads next into the cache ----------===//
//
// Halide prefetches what a loop's own body reads later. A stage that is computed for some rows at a
// time reads memory in bursts, between which the loops that use it never touch its input. So does a
// loop over tiles of weights: the first row of an image reads a new one, the others have it in the
// cache. So the input is swept in even steps while those loops run: from the last element that has
// been read onwards, as many as will be read next.
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

/// The indices at which a statement reads a buffer, given the loops around the statement.
class Reads : public HI::IRVisitor {
public:
  explicit Reads(const std::string &buffer) : buffer(buffer) {}
  Expr first, last; // not defined where nothing is read

private:
  using HI::IRVisitor::visit;

  void visit(const HI::Load *op) override {
    if (op->name == buffer) {
      HI::Interval bounds = HI::bounds_of_expr_in_scope(op->index, scope);
      if (!bounds.is_bounded())
        throw KernelError("cannot tell which elements of " + buffer + " are read");
      first = first.defined() ? HI::simplify(HI::Min::make(first, bounds.min)) : bounds.min;
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

/// Sweeps in one loop nest for one directive: `elements` of a buffer behind `last`, while what
/// is within `sweeping` runs, in the iterations of one loop.
class Sweeper : public HI::IRMutator {
protected:
  struct Sweep {
    Halide::ImageParam image;
    int64_t elements;
    Expr last;
  };

  explicit Sweeper(const Halide::LoopLevel &at) : at(at) {}
  using HI::IRMutator::visit;
  HI::Stmt visit(const HI::For *op) override;
  HI::Stmt mutateSweeping(const HI::Stmt &stmt, std::vector<Sweep> wanted);

private:
  HI::Stmt prefetch(const Sweep &sweep) const;

  const Halide::LoopLevel &at;
  std::vector<Sweep> sweeps;
  std::vector<const HI::For *> loops; // since the sweeps began, outermost first
};

HI::Stmt Sweeper::mutateSweeping(const HI::Stmt &stmt, std::vector<Sweep> wanted) {
  std::vector<const HI::For *> around;
  std::swap(loops, around);
  std::swap(sweeps, wanted);
  HI::Stmt result = mutate(stmt);
  std::swap(sweeps, wanted);
  std::swap(loops, around);
  return result;
}

HI::Stmt Sweeper::visit(const HI::For *op) {
  loops.push_back(op);
  HI::Stmt body = mutate(op->body);
  if (at.match(op->name))
    for (const Sweep &sweep : sweeps)
      body = HI::Block::make(prefetch(sweep), body);
  loops.pop_back();
  return HI::For::make(op->name, op->min, op->extent, op->for_type, op->partition_policy,
                       op->device_api, body);
}

/// One iteration's share, as many prefetches as it has cache lines.
HI::Stmt Sweeper::prefetch(const Sweep &sweep) const {
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
  int64_t step = llvm::divideCeil(sweep.elements, iterations);
  HI::Stmt all;
  for (int64_t part = 0; part < step; part += lineBytes / sweep.image.type().bytes()) {
    Expr at = HI::simplify(sweep.last + static_cast<int32_t>(1 + part) +
                           done * static_cast<int32_t>(step));
    Expr buffer = HI::Variable::make(Halide::Handle(), sweep.image.name());
    HI::Stmt one = HI::Evaluate::make(
        HI::Call::make(Halide::Int(32), HI::Call::prefetch, {buffer, at}, HI::Call::Intrinsic));
    all = all.defined() ? HI::Block::make(one, all) : one;
  }
  return all;
}

/// What a stage reads next, in what comes between two of its parts.
class ReadAheadInserter : public Sweeper {
public:
  explicit ReadAheadInserter(const ReadAhead &wanted) : Sweeper(wanted.loop), wanted(wanted) {}

private:
  using Sweeper::visit;
  HI::Stmt visit(const HI::Block *op) override {
    const auto *stage = op->first.as<HI::ProducerConsumer>();
    if (!stage || !stage->is_producer || stage->name != wanted.stage)
      return IRMutator::visit(op);
    std::vector<Sweep> sweeps;
    for (const auto &[image, elements] : wanted.images) {
      Reads reads(image.name());
      stage->accept(&reads);
      if (reads.last.defined() && !isLastOf(image, reads.last))
        sweeps.push_back({image, elements, reads.last});
    }
    return HI::Block::make(op->first, mutateSweeping(op->rest, std::move(sweeps)));
  }

  const ReadAhead &wanted;
};

/// What the next iteration of a loop reads, in the iteration before it.
class PrefetchNextInserter : public Sweeper {
public:
  explicit PrefetchNextInserter(const PrefetchNext &wanted) : Sweeper(wanted.at), wanted(wanted) {}

private:
  using Sweeper::visit;
  HI::Stmt visit(const HI::For *op) override {
    if (!wanted.of.match(op->name))
      return Sweeper::visit(op);
    Reads reads(wanted.image.name());
    op->body.accept(&reads);
    std::vector<Sweep> sweeps;
    if (reads.last.defined()) {
      auto elements = HI::as_const_int(HI::simplify(reads.last - reads.first + 1));
      if (!elements)
        throw KernelError("cannot tell how much of " + wanted.image.name() + " loop " + op->name +
                          " reads");
      sweeps.push_back({wanted.image, *elements, reads.last});
    }
    HI::Stmt body = mutateSweeping(op->body, std::move(sweeps));
    return HI::For::make(op->name, op->min, op->extent, op->for_type, op->partition_policy,
                         op->device_api, body);
  }

  const PrefetchNext &wanted;
};

} // namespace

HI::Stmt sepconv::readAhead(const HI::Stmt &stmt, const KernelFuncs &funcs) {
  HI::Stmt result = stmt;
  for (const ReadAhead &wanted : funcs.readAheads)
    result = ReadAheadInserter(wanted).mutate(result);
  for (const PrefetchNext &wanted : funcs.prefetchNexts)
    result = PrefetchNextInserter(wanted).mutate(result);
  return result;
}
