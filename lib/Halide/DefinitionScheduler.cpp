//===- DefinitionScheduler.cpp - the directives of one definition ----------------===//

#include "DefinitionScheduler.h"
#include "ExprTranslator.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::sepconv;
using Halide::VarOrRVar;

static Halide::TailStrategy tailOf(schedule::TailStrategy tail) {
  using T = schedule::TailStrategy;
  switch (tail) {
  case T::Auto:
    return Halide::TailStrategy::Auto;
  case T::RoundUp:
    return Halide::TailStrategy::RoundUp;
  case T::GuardWithIf:
    return Halide::TailStrategy::GuardWithIf;
  case T::Predicate:
    return Halide::TailStrategy::Predicate;
  case T::PredicateLoads:
    return Halide::TailStrategy::PredicateLoads;
  case T::PredicateStores:
    return Halide::TailStrategy::PredicateStores;
  case T::ShiftInwards:
    return Halide::TailStrategy::ShiftInwards;
  case T::ShiftInwardsAndBlend:
    return Halide::TailStrategy::ShiftInwardsAndBlend;
  }
  llvm_unreachable("not a tail strategy");
}

static Halide::MemoryType memoryOf(schedule::MemoryType memory) {
  using M = schedule::MemoryType;
  switch (memory) {
  case M::Auto:
    return Halide::MemoryType::Auto;
  case M::Heap:
    return Halide::MemoryType::Heap;
  case M::Stack:
    return Halide::MemoryType::Stack;
  case M::Register:
    return Halide::MemoryType::Register;
  case M::GPUShared:
    return Halide::MemoryType::GPUShared;
  }
  llvm_unreachable("not a memory type");
}

VarOrRVar DefinitionScheduler::loop(StringRef name) const {
  return definition.loops.at(name.str());
}

std::vector<VarOrRVar> DefinitionScheduler::loops(ArrayAttr names) const {
  std::vector<VarOrRVar> found;
  for (auto name : names.getAsRange<StringAttr>())
    found.push_back(loop(name.getValue()));
  return found;
}

VarOrRVar DefinitionScheduler::newLoop(StringRef name, bool isReduction) {
  VarOrRVar made =
      isReduction ? VarOrRVar(Halide::RVar(name.str())) : VarOrRVar(Halide::Var(name.str()));
  definition.loops.insert_or_assign(name.str(), made);
  return made;
}

Halide::Expr DefinitionScheduler::value(StringRef expression) const {
  std::string problem;
  std::optional<int64_t> number = evaluate(expression, facts, problem);
  if (!number)
    throw KernelError(problem);
  if (*number != static_cast<int32_t>(*number))
    throw KernelError("'" + expression.str() + "' is " + std::to_string(*number) +
                      ", more than 32 bits");
  return Halide::Expr(static_cast<int32_t>(*number));
}

Halide::Var DefinitionScheduler::dimension(StringRef name) const { return loop(name).var; }

Halide::LoopLevel DefinitionScheduler::level(StringRef stageName, StringRef loopName) const {
  // A sum reads in its update, so that the update's loop is meant where both have one.
  auto update = funcs.updates.find(stageName.str());
  bool inUpdate = update != funcs.updates.end() && update->second.loops.count(loopName.str());
  const Definition &reader = inUpdate ? update->second : funcs.stages.at(stageName.str());
  return Halide::LoopLevel(reader.func, reader.loops.at(loopName.str()));
}

void DefinitionScheduler::split(schedule::SplitOp op) {
  VarOrRVar old = loop(op.getLoop());
  bool isReduction = old.is_rvar;
  definition.loops.erase(op.getLoop().str());
  SmallVector<StringRef> names = op.getNewLoops();
  VarOrRVar outer = newLoop(names[0], isReduction), inner = newLoop(names[1], isReduction);
  stage.split(old, outer, inner, value(op.getFactor()), tailOf(op.getTail()));
}

void DefinitionScheduler::fuse(schedule::FuseOp op) {
  std::vector<VarOrRVar> old = loops(op.getLoops());
  for (auto name : op.getLoops().getAsRange<StringAttr>())
    definition.loops.erase(name.getValue().str());
  stage.fuse(old[0], old[1], newLoop(op.getNewLoop(), old[0].is_rvar));
}

void DefinitionScheduler::bound(schedule::BoundOp op) {
  definition.func.bound(dimension(op.getDim()), value(op.getMin()), value(op.getExtent()));
}

/// Halide's guards are left out: a prefetch does not fault, and what it reads in vain is a cache
/// line.
void DefinitionScheduler::prefetch(schedule::PrefetchOp op) {
  const Halide::ImageParam &image = definition.operands[*schedule::operandNumber(op.getOperand())];
  if (!image.defined())
    throw KernelError("the \"" + op.getOperand().str() + "\" of the sum is no argument");
  stage.prefetch(image, loop(op.getAt()), loop(op.getFrom()), value(op.getOffset()),
                 Halide::PrefetchBoundStrategy::NonFaulting);
}

void DefinitionScheduler::prefetchNext(schedule::PrefetchNextOp op) {
  auto sum = funcs.updates.find(op.getStage().str());
  Halide::ImageParam weight =
      sum == funcs.updates.end() ? Halide::ImageParam() : sum->second.operands[1];
  int64_t elements = funcs.tileElements(weight);
  if (!elements)
    throw KernelError("'" + op.getStage().str() + "' is not a sum with a packed weight");
  PrefetchNext next{weight, elements, Halide::LoopLevel(definition.func, loop(op.getOf())),
                    level(op.getStage(), op.getLoop())};
  next.of.lock();
  next.at.lock();
  funcs.prefetchNexts.push_back(next);
}

void DefinitionScheduler::readAhead(schedule::ReadAheadOp op) {
  ReadAhead ahead{definition.func.name(), level(op.getStage(), op.getLoop()), {}};
  ahead.loop.lock();
  std::vector<Halide::Var> args = definition.func.args();
  size_t dim = llvm::find_if(args,
                             [&](const Halide::Var &arg) {
                               return arg.name() == dimension(op.getDim()).name();
                             }) -
               args.begin();
  if (dim == args.size())
    throw KernelError("'" + op.getDim().str() + "' is a part of a dimension, not a whole one");
  int64_t slices = *Halide::Internal::as_const_int(value(op.getFactor()));
  for (const Halide::ImageParam &image : funcs.images) {
    if (image.dimensions() <= static_cast<int>(dim))
      continue;
    int64_t elements = slices;
    for (size_t inner = 0; inner < dim; ++inner)
      elements *= funcs.sizes.greatest(image.parameter().extent_constraint(inner));
    ahead.images.emplace_back(image, elements);
  }
  funcs.readAheads.push_back(ahead);
}

template <typename Op, typename Apply>
static void mark(Op op, const VarOrRVar &loop, Apply value, Halide::Stage &stage) {
  Halide::TailStrategy tail = tailOf(op.getTail());
  std::optional<StringRef> factor = op.getFactor();
  if constexpr (std::is_same_v<Op, schedule::VectorizeOp>)
    factor ? stage.vectorize(loop, value(*factor), tail) : stage.vectorize(loop);
  else if constexpr (std::is_same_v<Op, schedule::UnrollOp>)
    factor ? stage.unroll(loop, value(*factor), tail) : stage.unroll(loop);
  else
    factor ? stage.parallel(loop, value(*factor), tail) : stage.parallel(loop);
}

/// Halide takes one loop for each dimension of a GPU.
template <typename Mark> static void markGpu(std::vector<VarOrRVar> loops, Mark mark) {
  if (loops.size() == 1)
    mark(loops[0]);
  else if (loops.size() == 2)
    mark(loops[0], loops[1]);
  else
    mark(loops[0], loops[1], loops[2]);
}

void DefinitionScheduler::applyOrThrow(Operation *directive) {
  Halide::Func &func = definition.func;
  bool isGpuOnly =
      isa<schedule::GpuBlocksOp, schedule::GpuThreadsOp, schedule::GpuLanesOp>(directive);
  if (isGpuOnly && !facts.lookup("gpu"))
    throw KernelError("is only valid on a GPU");
  auto number = [&](StringRef expression) { return value(expression); };
  llvm::TypeSwitch<Operation *>(directive)
      .Case<schedule::SplitOp>([&](auto op) { split(op); })
      .Case<schedule::FuseOp>([&](auto op) { fuse(op); })
      .Case<schedule::RfactorOp>([&](auto op) { rfactor(op); })
      .Case<schedule::ReorderOp>([&](auto op) { stage.reorder(loops(op.getLoops())); })
      .Case<schedule::RenameOp>([&](auto op) {
        VarOrRVar old = loop(op.getLoop());
        definition.loops.erase(op.getLoop().str());
        stage.rename(old, newLoop(op.getNewLoop(), old.is_rvar));
      })
      .Case<schedule::VectorizeOp, schedule::UnrollOp, schedule::ParallelOp>(
          [&](auto op) { mark(op, loop(op.getLoop()), number, stage); })
      .Case<schedule::GpuBlocksOp>([&](auto op) {
        markGpu(loops(op.getLoops()), [&](auto... loops) { stage.gpu_blocks(loops...); });
      })
      .Case<schedule::GpuThreadsOp>([&](auto op) {
        markGpu(loops(op.getLoops()), [&](auto... loops) { stage.gpu_threads(loops...); });
      })
      .Case<schedule::GpuLanesOp>([&](auto op) { stage.gpu_lanes(loop(op.getLoop())); })
      .Case<schedule::BoundOp>([&](auto op) { bound(op); })
      .Case<schedule::BoundExtentOp>(
          [&](auto op) { func.bound_extent(dimension(op.getDim()), value(op.getExtent())); })
      .Case<schedule::AlignBoundsOp>([&](auto op) {
        func.align_bounds(dimension(op.getDim()), value(op.getModulus()),
                          value(op.getRemainder().value_or("0")));
      })
      .Case<schedule::AlignStorageOp>(
          [&](auto op) { func.align_storage(dimension(op.getDim()), value(op.getFactor())); })
      .Case<schedule::PrefetchOp>([&](auto op) { prefetch(op); })
      .Case<schedule::PrefetchNextOp>([&](auto op) { prefetchNext(op); })
      .Case<schedule::ReadAheadOp>([&](auto op) { readAhead(op); })
      .Case<schedule::ComputeAtOp>(
          [&](auto op) { func.compute_at(level(op.getStage(), op.getLoop())); })
      .Case<schedule::StoreAtOp>(
          [&](auto op) { func.store_at(level(op.getStage(), op.getLoop())); })
      .Case<schedule::HoistStorageOp>(
          [&](auto op) { func.hoist_storage(level(op.getStage(), op.getLoop())); })
      .Case<schedule::ComputeRootOp>([&](auto) { func.compute_root(); })
      .Case<schedule::ComputeInlineOp>([&](auto) { func.compute_inline(); })
      .Case<schedule::StoreRootOp>([&](auto) { func.store_root(); })
      .Case<schedule::StoreInOp>([&](auto op) { func.store_in(memoryOf(op.getMemory())); })
      .Case<schedule::PackOp, schedule::ExpandOp, schedule::WrapOp, schedule::TensorizeOp>(
          [](auto) {}) // in the kernel's form already
      .Default([](Operation *) { llvm_unreachable("not a directive"); });
}

LogicalResult DefinitionScheduler::apply(Operation *directive) {
  try {
    applyOrThrow(directive);
    return success();
  } catch (const std::exception &problem) {
    return directive->emitOpError() << StringRef(problem.what()).rtrim();
  }
}
