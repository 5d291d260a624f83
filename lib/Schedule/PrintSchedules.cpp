//===- PrintSchedules.cpp - print what is done to each kernel --------------------===//

#include "sepconv/Passes.h"
#include "sepconv/Schedule/ResolveDirectives.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace mlir::sepconv {
#define GEN_PASS_DEF_PRINTSCHEDULES
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;
using namespace mlir::sepconv;

namespace {

/// Puts numbers in the place of an operation's expressions.
LogicalResult evaluateAttributes(Operation *op, const Facts &facts) {
  op->removeAttr("when");
  for (NamedAttribute attribute : llvm::to_vector(op->getAttrs())) {
    auto text = dyn_cast<StringAttr>(attribute.getValue());
    if (!text || !schedule::isExpression(attribute.getName()))
      continue;
    std::string problem;
    std::optional<int64_t> number = evaluate(text, facts, problem);
    if (!number)
      return op->emitOpError() << problem;
    op->setAttr(attribute.getName(), StringAttr::get(op->getContext(), Twine(*number)));
  }
  return success();
}

/// Leaves of a schedule its budget and, in the order in which they are applied, the directives.
LogicalResult evaluateSchedule(schedule::ScheduleOp schedule,
                               ArrayRef<DefinitionDirectives> definitions, const Facts &facts) {
  Block &body = schedule.getBody().front();
  schedule.removeConditionAttr();
  for (Operation &op : llvm::make_early_inc_range(body))
    if (!isa<schedule::BudgetOp>(op))
      op.erase();
    else if (failed(evaluateAttributes(&op, facts)))
      return failure();
  OpBuilder builder = OpBuilder::atBlockEnd(&body);
  for (const DefinitionDirectives &definition : definitions) {
    if (definition.directives.empty())
      continue;
    Operation *copy = builder.clone(*definition.directives.front()->getParentOp());
    Block &directives = copy->getRegion(0).front();
    directives.clear();
    for (Operation *directive : definition.directives) {
      directives.push_back(directive->clone());
      if (failed(evaluateAttributes(&directives.back(), facts)))
        return failure();
    }
  }
  return success();
}

struct PrintSchedules : sepconv::impl::PrintSchedulesBase<PrintSchedules> {
  void runOnOperation() override {
    markAllAnalysesPreserved();
    WalkResult result = getOperation()->walk([](func::FuncOp kernel) -> WalkResult {
      if (!kernel->hasAttr("sepconv.pattern") || kernel.isExternal() || !kernel.getNumResults())
        return WalkResult::advance();
      return print(kernel);
    });
    if (result.wasInterrupted())
      signalPassFailure();
  }

  static LogicalResult print(func::FuncOp kernel) {
    llvm::outs() << "@" << kernel.getSymName() << ": ";
    auto symbol = kernel->getAttrOfType<FlatSymbolRefAttr>("sepconv.schedule");
    if (!symbol) {
      llvm::outs() << "default\n";
      return success();
    }
    FailureOr<KernelStages> stages = KernelStages::analyze(kernel);
    if (failed(stages))
      return failure();
    auto schedule = SymbolTable::lookupNearestSymbolFrom<schedule::ScheduleOp>(kernel, symbol);
    if (!schedule)
      return kernel.emitOpError() << "refers to schedule " << symbol << ", which is not there";
    Facts facts = kernelFacts(kernel, *stages);
    auto definitions = resolveDirectives(schedule, kernel, *stages, facts);
    if (failed(definitions))
      return failure();
    OwningOpRef<ModuleOp> scratch = ModuleOp::create(schedule.getLoc());
    schedule::ScheduleOp copy = schedule.clone();
    scratch->push_back(copy);
    if (failed(evaluateSchedule(copy, *definitions, facts)))
      return failure();
    copy.print(llvm::outs(), OpPrintingFlags().useLocalScope());
    llvm::outs() << "\n";
    return success();
  }
};

} // namespace
