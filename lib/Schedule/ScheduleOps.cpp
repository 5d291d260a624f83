//===- ScheduleOps.cpp - the verifiers of the schedule dialect -------------------===//
//
// The rules cited here (S1, S2, ...) are those of schedules/README.md.
//
//===----------------------------------------------------------------------===//

#include "sepconv/Schedule/Schedule.h"
#include "sepconv/Support/Expression.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OpImplementation.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace mlir::schedule;

#define GET_OP_CLASSES
#include "ScheduleOps.cpp.inc"

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

static SmallVector<StringRef> strings(ArrayAttr array) {
  return llvm::to_vector(array.getAsValueRange<StringAttr>());
}

/// The roles and the like, as an error lists them.
template <typename Range> static std::string listed(const Range &names) {
  return llvm::join(names, ", ");
}

/// S1: targets and schedules stand at the top level of a module.
static LogicalResult verifyTopLevel(Operation *op) {
  if (isa_and_nonnull<ModuleOp>(op->getParentOp()))
    return success();
  return op->emitOpError("S1: must stand at the top level of a module");
}

//===----------------------------------------------------------------------===//
// Targets, schedules, parameters
//===----------------------------------------------------------------------===//

LogicalResult TargetOp::verify() {
  if (failed(verifyTopLevel(*this)))
    return failure();
  for (NamedAttribute entry : getDescription()) {
    StringRef name = entry.getName();
    if (name == "triple" || name == "cpu" || name == "features") {
      if (!isa<StringAttr>(entry.getValue()))
        return emitOpError("S2: ") << name << " must be a string, got " << entry.getValue();
      continue;
    }
    if (name == "variants") {
      auto variants = dyn_cast<ArrayAttr>(entry.getValue());
      if (!variants || variants.empty() || !llvm::all_of(variants, llvm::IsaPred<StringAttr>))
        return emitOpError("S2: variants must be names of targets, got ") << entry.getValue();
      continue;
    }
    auto value = dyn_cast<IntegerAttr>(entry.getValue());
    if (!value || !value.getType().isSignlessInteger(64) || value.getInt() < 0 ||
        !isIdentifier(name))
      return emitOpError("S2: a target's description holds the strings triple, cpu and features, "
                         "the list variants and facts, which are integers of at least 0; got ")
             << name << " = " << entry.getValue();
  }
  if (getParent() == getSymName())
    return emitOpError("S3: a target must not be its own parent");
  return success();
}

SmallVector<std::string> ScheduleOp::getStageNames() {
  return schedule::getStageNames(strings(getPattern()));
}

/// The name of the stage that a directive makes, or "".
static StringRef madeStageOf(Operation *op) {
  if (auto wrap = dyn_cast<WrapOp>(op))
    return wrap.getWrapper();
  if (auto rfactor = dyn_cast<RfactorOp>(op))
    return rfactor.getPart();
  return "";
}

SmallVector<std::string> ScheduleOp::getMadeStages() {
  SmallVector<std::string> names;
  getOperation()->walk([&](Operation *op) {
    if (StringRef name = madeStageOf(op); !name.empty())
      names.push_back(name.str());
    if (isa<RfactorOp>(op))
      names.push_back(names.back() + "_sum");
  });
  return names;
}

LogicalResult ScheduleOp::verify() {
  if (failed(verifyTopLevel(*this)))
    return failure();
  if (getPattern().empty())
    return emitOpError("S4: a pattern must have at least one of ") << listed(getStageRoles());
  for (StringRef role : strings(getPattern()))
    if (!llvm::is_contained(getStageRoles(), role))
      return emitOpError("S4: a pattern holds ")
             << listed(getStageRoles()) << "; got \"" << role << "\"";
  return success();
}

/// S7: a stage's name is one of the pattern's, with _sum for the reduction itself, or pad; a
/// stage may hold more than one reduction or pad, so that a number may follow any role.
static LogicalResult verifyStageName(Operation *op, StringRef name, ScheduleOp schedule) {
  auto [base, number] = name.rsplit('_');
  if (number == "sum")
    std::tie(base, number) = base.rsplit('_');
  StringRef role = !number.empty() && llvm::all_of(number, llvm::isDigit) ? base : name;
  role.consume_back("_sum");
  SmallVector<StringRef> pattern = strings(schedule.getPattern());
  if (role == "pad" ? !isSumName(name) : llvm::is_contained(pattern, role))
    return success();
  SmallVector<std::string> made = schedule.getMadeStages();
  if (llvm::is_contained(made, name))
    return success();
  SmallVector<std::string> legal;
  for (const std::string &stage : schedule.getStageNames()) {
    legal.push_back(stage);
    if (!StringRef(stage).starts_with("elementwise"))
      legal.push_back(stage + "_sum");
  }
  legal.push_back("pad");
  llvm::append_range(legal, made);
  return op->emitOpError("S7: a schedule for this pattern has the stages ")
         << listed(legal) << "; got \"" << name << "\"";
}

/// S8: the attributes that are expressions have the form of one. What they name is known only with
/// a kernel.
static LogicalResult verifyExpressions(Operation *op) {
  static constexpr StringLiteral expressions[] = {
      "value", "cost",   "condition", "when",      "factor",    "offset",
      "min",   "extent", "modulus",   "remainder", "registers", "shared_bytes"};
  for (NamedAttribute attribute : op->getAttrs()) {
    auto text = dyn_cast<StringAttr>(attribute.getValue());
    if (!text)
      continue;
    std::string problem;
    if (llvm::is_contained(expressions, attribute.getName().getValue()))
      problem = sepconv::checkExpression(text);
    else if (isa<ParamOp>(op) && attribute.getName() == "candidates")
      problem = sepconv::checkCandidates(text);
    if (!problem.empty())
      return op->emitOpError("S8: ") << problem;
  }
  return success();
}

LogicalResult ScheduleOp::verifyRegions() {
  WalkResult wellFormed =
      getOperation()->walk([](Operation *op) { return WalkResult(verifyExpressions(op)); });
  if (wellFormed.wasInterrupted())
    return failure();
  llvm::StringSet<> made;
  wellFormed = getOperation()->walk([&](Operation *op) -> WalkResult {
    StringRef name = madeStageOf(op);
    if (name.empty())
      return WalkResult::advance();
    if (llvm::is_contained(getStageNames(), name) || name == "pad" || !made.insert(name).second)
      return op->emitOpError("S7: there is a stage \"") << name << "\" already";
    return WalkResult::advance();
  });
  if (wellFormed.wasInterrupted())
    return failure();
  llvm::StringMap<Operation *> params, stages, updates;
  Operation *budget = nullptr;
  for (Operation &op : *getBody().begin()) {
    if (isa<BudgetOp>(op)) {
      if (std::exchange(budget, &op))
        return op.emitOpError("S5: a schedule has at most one budget");
      continue;
    }
    if (!isa<ParamOp, StageOp, UpdateOp>(op))
      return op.emitOpError("S6: a schedule holds schedule.param, schedule.budget, schedule.stage "
                            "and schedule.update only");
    StringRef name = op.getAttrOfType<StringAttr>("name");
    bool isParam = isa<ParamOp>(op);
    auto &names = isParam ? params : isa<StageOp>(op) ? stages : updates;
    auto [earlier, isNew] = names.try_emplace(name, &op);
    if (!isNew) {
      InFlightDiagnostic diag = op.emitOpError(isParam ? "S5: " : "S7: ")
                                << (isParam ? "parameter" : "stage") << " \"" << name
                                << "\" comes twice";
      diag.attachNote(earlier->second->getLoc()) << "first here";
      return diag;
    }
    if (!isParam && failed(verifyStageName(&op, name, *this)))
      return failure();
  }
  for (auto &[name, update] : updates) {
    auto stage = dyn_cast_or_null<StageOp>(stages.lookup(name));
    if (stage && !stage.getBody().getOps<ExpandOp>().empty())
      return update->emitOpError("S10: \"")
             << name << "\" is expanded, so it has no update definition";
  }
  return success();
}

LogicalResult ParamOp::verify() {
  if (!isIdentifier(getName()))
    return emitOpError("S5: a parameter's name must be letters, digits and '_', got \"")
           << getName() << "\"";
  if (getValue().has_value() == getCandidates().has_value())
    return emitOpError("S5: expected a value (= \"...\") or candidates (in \"...\")");
  if (getValue() && (getCost() || getCondition()))
    return emitOpError("S5: minimize and when are for candidates (in \"...\")");
  return success();
}

//===----------------------------------------------------------------------===//
// Stages and updates
//===----------------------------------------------------------------------===//

/// The group of directives of which a stage has one at most, or "".
static StringRef placementOf(Operation &op) {
  if (isa<ComputeAtOp, ComputeRootOp, ComputeInlineOp>(op))
    return "compute_at, compute_root and compute_inline";
  if (isa<StoreAtOp, StoreRootOp>(op))
    return "store_at and store_root";
  if (isa<HoistStorageOp, StoreInOp, PackOp>(op))
    return op.getName().stripDialect();
  return "";
}

LogicalResult StageOp::verifyRegions() {
  llvm::StringSet<> placements;
  Block &body = *getBody().begin();
  for (Operation &op : body) {
    if (!isa<ScheduleDirective>(op))
      return op.emitOpError("S6: a schedule.stage holds directives only");
    StringRef placement = placementOf(op);
    if (!placement.empty() && !placements.insert(placement).second)
      return op.emitOpError("S9: a stage has at most one of ") << placement;
    if (auto at = op.getAttrOfType<StringAttr>("stage"); at && at == getName())
      return op.emitOpError("S12: a stage must not be placed in a loop of its own");
    if (isa<PackOp, ExpandOp, WrapOp>(op) && !isSumName(getName()))
      return op.emitOpError("S10: only sums are packed, expanded or read through wrappers (\"")
             << getName() << "_sum\"), got \"" << getName() << "\"";
    if (isa<ExpandOp>(op) && !llvm::hasSingleElement(body))
      return op.emitOpError("S10: an expanded sum is computed where it is read, so it has no "
                            "other directives");
    if (isa<ComputeInlineOp>(op) && isSumName(getName()))
      return op.emitOpError("S10: a sum has an update definition, so it is not inlined; "
                            "schedule.expand writes it as one expression");
  }
  return success();
}

LogicalResult UpdateOp::verify() {
  if (!isSumName(getName()))
    return emitOpError("S7: only sums have an update definition, got \"") << getName() << "\"";
  return success();
}

LogicalResult UpdateOp::verifyRegions() {
  for (Operation &op : *getBody().begin())
    if (!isa<LoopDirective>(op))
      return op.emitOpError("S6: a schedule.update holds directives for loops only (split, fuse, "
                            "rename, reorder, vectorize, unroll, parallel, prefetch, "
                            "prefetch_next, rfactor, gpu_blocks, gpu_threads, gpu_lanes)");
  return success();
}
