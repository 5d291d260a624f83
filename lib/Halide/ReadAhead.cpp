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
#include "ViewIndices.h"

using namespace mlir;
using namespace mlir::sepconv;
using Halide::Expr;
namespace HI = Halide::Internal;

namespace {

/// The greatest index at which a statement reads a buffer, given the loops around the statement.
class LastRead : public HI::IRVisitor {
public:
  explicit LastRead(const std::string &buffer) : buffer(buffer) {}
  Expr last; // not defined where nothing is read

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
  Expr elements = 1;
  for (int dim = 0; dim < image.dimensions(); ++dim)
    elements *= image.parameter().extent_constraint(dim);
  std::optional<int64_t> left = HI::as_const_int(HI::simplify(elements - index));
  return left && *left <= 1;
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

  Sweeper(const Halide::LoopLevel &at, const SizeExprs &sizes, int64_t lineBytes)
      : at(at), lineBytes(lineBytes) {
    sizes.addTo(bounds);
  }
  using HI::IRMutator::visit;
  HI::Stmt visit(const HI::For *op) override;
  HI::Stmt visit(const HI::LetStmt *op) override {
    HI::Interval values = HI::find_constant_bounds(op->value, bounds);
    HI::ScopedBinding<HI::Interval> bind(bounds, op->name, values);
    return IRMutator::visit(op);
  }
  HI::Stmt mutateSweeping(const HI::Stmt &stmt, std::vector<Sweep> wanted);

private:
  HI::Stmt prefetch(const Sweep &sweep) const;

  const Halide::LoopLevel &at;
  int64_t lineBytes;              // of the caches
  HI::Scope<HI::Interval> bounds; // of sizes
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

/// One iteration's share, as many prefetches as it has cache lines; of dynamic sizes, that of the
/// most iterations that there can be.
HI::Stmt Sweeper::prefetch(const Sweep &sweep) const {
  int64_t iterations = 1;
  Expr done = 0;
  for (const HI::For *loop : llvm::reverse(loops)) {
    Expr most = HI::find_constant_bound(loop->extent, HI::Direction::Upper, bounds);
    std::optional<int64_t> extent = most.defined() ? HI::as_const_int(most) : std::nullopt;
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
  ReadAheadInserter(const ReadAhead &wanted, const SizeExprs &sizes, int64_t lineBytes)
      : Sweeper(wanted.loop, sizes, lineBytes), wanted(wanted) {}

private:
  using Sweeper::visit;
  HI::Stmt visit(const HI::Block *op) override {
    const auto *stage = op->first.as<HI::ProducerConsumer>();
    if (!stage || !stage->is_producer || stage->name != wanted.stage)
      return IRMutator::visit(op);
    std::vector<Sweep> sweeps;
    for (const auto &[image, elements] : wanted.images) {
      LastRead reads(image.name());
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
  PrefetchNextInserter(const PrefetchNext &wanted, const SizeExprs &sizes, int64_t lineBytes)
      : Sweeper(wanted.at, sizes, lineBytes), wanted(wanted) {}

private:
  using Sweeper::visit;
  HI::Stmt visit(const HI::For *op) override {
    if (!wanted.of.match(op->name))
      return Sweeper::visit(op);
    int32_t elements = asInt(wanted.elements);
    Expr iteration = HI::Variable::make(Halide::Int(32), op->name) - op->min;
    Sweep next{wanted.image, elements, (iteration + 1) * elements - 1};
    HI::Stmt body = mutateSweeping(op->body, {next});
    return HI::For::make(op->name, op->min, op->extent, op->for_type, op->partition_policy,
                         op->device_api, body);
  }

  const PrefetchNext &wanted;
};

} // namespace

HI::Stmt sepconv::readAhead(const HI::Stmt &stmt, const KernelFuncs &funcs,
                            std::optional<int64_t> lineBytes) {
  if (funcs.readAheads.empty() && funcs.prefetchNexts.empty())
    return stmt;
  if (!lineBytes.value_or(0))
    throw KernelError("the target has no fact line_bytes, which loads ahead are counted in");
  HI::Stmt result = stmt;
  for (const ReadAhead &wanted : funcs.readAheads)
    result = ReadAheadInserter(wanted, funcs.sizes, *lineBytes).mutate(result);
  for (const PrefetchNext &wanted : funcs.prefetchNexts)
    result = PrefetchNextInserter(wanted, funcs.sizes, *lineBytes).mutate(result);
  return result;
}
