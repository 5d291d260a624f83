//===- DirectiveBounds.cpp - how much code directives make -----------------------===//
//
// The rule cited here (S17) is that of schedules/README.md.
//
//===----------------------------------------------------------------------===//

#include "sepconv/Schedule/DotInstruction.h"
#include "sepconv/Schedule/ResolveDirectives.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::sepconv;

// Several times what any schedule of ours makes. Halide takes 26 s for 1000 splits, 1.3 s for 4096
// unrolled iterations, and ends by a fault for 50000; LLVM aborts at vectors of 65535 elements.
static constexpr uint64_t kMaxLoops = 64, kMaxLanes = 1024, kMaxUnrolled = 4096,
                          kMaxNested = 1 << 16;

static LogicalResult emitTooMany(Operation *op, uint64_t found, const Twine &what, uint64_t most,
                                 func::FuncOp kernel) {
  InFlightDiagnostic diag = op->emitOpError("S17: makes ")
                            << found << " " << what << ", more than " << most;
  diag.attachNote(kernel.getLoc()) << "for the kernel @" << kernel.getSymName();
  return diag;
}

namespace {

/// Follows the loops of one definition: of each the iterations that it has at least. Those of a
/// stage within another one depend on what is read there, and count as one.
class LoopBounds {
public:
  LoopBounds(func::FuncOp kernel, const Facts &facts) : kernel(kernel), facts(facts) {}

  void addLoop(StringRef name, uint64_t iterations) { loops[name] = iterations; }
  LogicalResult follow(Operation *directive);
  uint64_t getUnrolled() const { return unrolled; }

private:
  uint64_t valueOf(StringRef expression) const;
  uint64_t iterations(StringRef loop) const { return std::max<uint64_t>(loops.lookup(loop), 1); }
  uint64_t takeFactor(StringRef loop, std::optional<StringRef> factor);
  LogicalResult addNewLoops(schedule::LoopDirective directive);
  LogicalResult count(Operation *op, uint64_t &total, uint64_t more, uint64_t most, StringRef what);

  func::FuncOp kernel;
  const Facts &facts;
  llvm::StringMap<uint64_t> loops;
  uint64_t numMade = 0, lanes = 1, unrolled = 1;
};

} // namespace

/// 1 for one that has no value, which is an error where it is applied.
uint64_t LoopBounds::valueOf(StringRef expression) const {
  std::string problem;
  return std::max<int64_t>(evaluate(expression, facts, problem).value_or(1), 1);
}

/// What a directive takes of a loop: a part, which leaves the rest, or all of it.
uint64_t LoopBounds::takeFactor(StringRef loop, std::optional<StringRef> factor) {
  uint64_t whole = iterations(loop), part = factor ? valueOf(*factor) : whole;
  loops[loop] = llvm::divideCeil(whole, part);
  return part;
}

LogicalResult LoopBounds::count(Operation *op, uint64_t &total, uint64_t more, uint64_t most,
                                StringRef what) {
  total = llvm::SaturatingMultiply(total, more);
  if (total <= most)
    return success();
  return emitTooMany(op, total, what, most, kernel);
}

LogicalResult LoopBounds::addNewLoops(schedule::LoopDirective directive) {
  SmallVector<StringRef> made = directive.getNewLoops(), used = directive.getUsedLoops();
  numMade += made.size();
  uint64_t total = 1;
  if (!made.empty() && numMade > kMaxLoops)
    return count(directive, total, numMade, kMaxLoops, "loops of one stage");
  if (auto split = dyn_cast<schedule::SplitOp>(*directive)) {
    loops[made[1]] = takeFactor(used[0], split.getFactor());
    loops[made[0]] = loops.lookup(used[0]);
  } else if (made.size() == 1) {
    for (StringRef loop : used)
      total = llvm::SaturatingMultiply(total, iterations(loop));
    if (auto tensorize = dyn_cast<schedule::TensorizeOp>(*directive))
      total = llvm::divideCeil(total, findDotInstruction(tensorize.getInstruction())->terms);
    loops[made[0]] = total;
  }
  return success();
}

LogicalResult LoopBounds::follow(Operation *directive) {
  return llvm::TypeSwitch<Operation *, LogicalResult>(directive)
      .Case([&](schedule::VectorizeOp op) {
        return count(op, lanes, takeFactor(op.getLoop(), op.getFactor()), kMaxLanes,
                     "vector lanes");
      })
      .Case([&](schedule::UnrollOp op) {
        return count(op, unrolled, takeFactor(op.getLoop(), op.getFactor()), kMaxUnrolled,
                     "unrolled iterations");
      })
      .Case([&](schedule::PackOp op) {
        uint64_t tile = 1;
        return count(op, tile, valueOf(op.getFactor()), kMaxUnrolled, "channels in a tile");
      })
      .Case([&](schedule::LoopDirective op) { return addNewLoops(op); })
      .Default([](Operation *) { return success(); });
}

namespace {
/// Adds up what the stages within each other make.
class ScheduleBounds {
public:
  ScheduleBounds(ArrayRef<DefinitionDirectives> schedule, func::FuncOp kernel,
                 const KernelStages &stages, const Facts &facts);
  LogicalResult check();

private:
  LogicalResult checkDefinition(const DefinitionDirectives &definition);
  LogicalResult checkPlace(schedule::ComputeAtOp place, StringRef stage);

  ArrayRef<DefinitionDirectives> schedule;
  func::FuncOp kernel;
  const KernelStages &stages;
  const Facts &facts;
  llvm::StringMap<schedule::ComputeAtOp> places; // stages in loops of others
  llvm::StringSet<> inlined;
  llvm::StringMap<uint64_t> unrolled; // iterations of a stage's definitions
};
} // namespace

ScheduleBounds::ScheduleBounds(ArrayRef<DefinitionDirectives> schedule, func::FuncOp kernel,
                               const KernelStages &stages, const Facts &facts)
    : schedule(schedule), kernel(kernel), stages(stages), facts(facts) {
  for (const DefinitionDirectives &definition : schedule)
    for (Operation *directive : definition.directives) {
      if (auto place = dyn_cast<schedule::ComputeAtOp>(directive))
        places[definition.stage] = place;
      if (isa<schedule::ComputeInlineOp, schedule::ExpandOp>(directive))
        inlined.insert(definition.stage);
    }
}

LogicalResult ScheduleBounds::checkDefinition(const DefinitionDirectives &definition) {
  LoopBounds bounds(kernel, facts);
  const Stage *stage = stages.lookup(definition.stage);
  if (stage && !places.contains(definition.stage) && !inlined.contains(definition.stage))
    for (auto [dim, extent] : llvm::zip_equal(stage->dims, stage->extents))
      bounds.addLoop(dim, extent.greatest);
  if (stage && definition.isUpdate)
    for (auto &[dim, extent] : stages.reduction(stage->reduction)->reductionDims)
      bounds.addLoop(dim, extent.greatest);
  for (Operation *directive : definition.directives)
    if (failed(bounds.follow(directive)))
      return failure();
  uint64_t &most = unrolled[definition.stage];
  most = std::max(most, bounds.getUnrolled());
  return success();
}

/// What is computed in an unrolled loop is there as often.
LogicalResult ScheduleBounds::checkPlace(schedule::ComputeAtOp place, StringRef stage) {
  uint64_t total = std::max<uint64_t>(unrolled.lookup(stage), 1);
  size_t numReaders = 0; // stages that are within each other are an error elsewhere
  for (auto reader = place; reader && numReaders <= places.size(); ++numReaders) {
    total =
        llvm::SaturatingMultiply(total, std::max<uint64_t>(unrolled.lookup(reader.getStage()), 1));
    reader = places.lookup(reader.getStage());
  }
  if (total <= kMaxNested)
    return success();
  return emitTooMany(place, total, "unrolled iterations in those of '" + place.getStage() + "'",
                     kMaxNested, kernel);
}

LogicalResult ScheduleBounds::check() {
  for (const DefinitionDirectives &definition : schedule)
    if (failed(checkDefinition(definition)))
      return failure();
  for (const auto &place : places)
    if (failed(checkPlace(place.second, place.first())))
      return failure();
  return success();
}

LogicalResult sepconv::checkBounds(ArrayRef<DefinitionDirectives> schedule, func::FuncOp kernel,
                                   const KernelStages &stages, const Facts &facts) {
  return ScheduleBounds(schedule, kernel, stages, facts).check();
}
