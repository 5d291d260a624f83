//===- ScheduleOps.cpp - the verifiers of the schedule dialect -------------------===//
//
// The rules cited here (S1, S2, ...) are those of schedules/README.md.
//
//===----------------------------------------------------------------------===//

#include "Rules.h"
#include "sepconv/Support/Expression.h"

#include "mlir/IR/BuiltinOps.h"
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

LogicalResult schedule::verifyTopLevel(Operation *op) {
  if (isa_and_nonnull<ModuleOp>(op->getParentOp()))
    return success();
  return op->emitOpError("S1: must be at the top level of a module");
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
    if (name == "variants" || name == "integer_variants") {
      auto variants = dyn_cast<ArrayAttr>(entry.getValue());
      if (!variants || variants.empty() || !llvm::all_of(variants, llvm::IsaPred<StringAttr>))
        return emitOpError("S2: ") << name << " must be names of targets, got " << entry.getValue();
      continue;
    }
    auto value = dyn_cast<IntegerAttr>(entry.getValue());
    if (!value || !value.getType().isSignlessInteger(64) || value.getInt() < 0 ||
        !isIdentifier(name))
      return emitOpError("S2: a target can have the strings triple, cpu and features, the lists "
                         "variants and integer_variants, and facts, which are non-negative "
                         "integers; got ")
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

bool ScheduleOp::hasUses() {
  return getOperation()->walk([](UseOp) { return WalkResult::interrupt(); }).wasInterrupted();
}

LogicalResult ScheduleOp::verify() {
  if (failed(verifyTopLevel(*this)))
    return failure();
  if (getPattern().empty())
    return emitOpError("S4: a pattern must have at least one of ") << listed(getStageRoles());
  for (StringRef role : strings(getPattern()))
    if (!llvm::is_contained(getStageRoles(), role))
      return emitOpError("S4: a pattern consists of ")
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

LogicalResult schedule::verifyExpressions(Operation *op) {
  auto error = [&](StringRef problem) {
    return problem.empty() ? success() : LogicalResult(op->emitOpError("S8: ") << problem);
  };
  for (NamedAttribute attribute : op->getAttrs())
    if (auto text = dyn_cast<StringAttr>(attribute.getValue()))
      if (isExpression(attribute.getName()) && failed(error(sepconv::checkExpression(text))))
        return failure();
  if (auto search = dyn_cast<SearchOp>(op))
    for (StringRef list : search.getCandidates().getAsValueRange<StringAttr>())
      if (failed(error(sepconv::checkCandidates(list))))
        return failure();
  return success();
}

/// Of two parameters or two stages of a name, the second is an error.
static LogicalResult addName(llvm::StringMap<Operation *> &names, StringRef what, StringRef name,
                             Operation *op) {
  auto [earlier, isNew] = names.try_emplace(name, op);
  if (isNew)
    return success();
  InFlightDiagnostic diag = emitAtUse(op) << what << " \"" << name << "\" is defined twice";
  diag.attachNote(earlier->second->getLoc()) << "first here";
  return diag;
}

/// S5: parameters have names of their own, and the values of a search those of no parameter.
static LogicalResult addParameters(llvm::StringMap<Operation *> &params, Operation *op) {
  if (auto param = dyn_cast<ParamOp>(op))
    return addName(params, "S5: parameter", param.getName(), op);
  auto search = cast<SearchOp>(op);
  for (StringRef name : search.getNames().getAsValueRange<StringAttr>())
    if (failed(addName(params, "S5: parameter", name, op)))
      return failure();
  for (auto let : search.getBody().getOps<LetOp>())
    if (params.contains(let.getName()))
      return emitAtUse(let) << "S14: \"" << let.getName() << "\" is a parameter already";
  return success();
}

/// S7: what directives make is a stage of its own.
static LogicalResult verifyMadeStages(ScheduleOp schedule) {
  llvm::StringSet<> made;
  WalkResult result = schedule->walk([&](Operation *op) -> WalkResult {
    StringRef name = madeStageOf(op);
    if (name.empty())
      return WalkResult::advance();
    if (llvm::is_contained(schedule.getStageNames(), name) || name == "pad" ||
        !made.insert(name).second)
      return op->emitOpError("S7: stage \"") << name << "\" already exists";
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

LogicalResult ScheduleOp::verifyRegions() {
  WalkResult wellFormed =
      getOperation()->walk([](Operation *op) { return WalkResult(verifyExpressions(op)); });
  if (wellFormed.wasInterrupted() || failed(verifyMadeStages(*this)))
    return failure();
  llvm::StringMap<Operation *> params, stages, updates;
  Operation *budget = nullptr;
  bool isWhole = !hasUses(); // what is used may make stages
  for (Operation &op : *getBody().begin()) {
    if (isa<ParamOp, SearchOp>(op)) {
      if (failed(addParameters(params, &op)))
        return failure();
    } else if (isa<StageOp, UpdateOp>(op)) {
      StringRef name = op.getAttrOfType<StringAttr>("name");
      if (failed(addName(isa<StageOp>(op) ? stages : updates, "S7: stage", name, &op)) ||
          (isWhole && failed(verifyStageName(&op, name, *this))))
        return failure();
    } else if (isa<BudgetOp>(op)) {
      if (std::exchange(budget, &op))
        return emitAtUse(&op) << "S5: a schedule has at most one budget";
    } else if (!isa<RequireOp, UseOp>(op)) {
      return op.emitOpError("S6: a schedule holds schedule.param, schedule.search, "
                            "schedule.require, schedule.budget, schedule.use, schedule.stage and "
                            "schedule.update only");
    }
  }
  for (auto &[name, update] : updates) {
    auto stage = dyn_cast_or_null<StageOp>(stages.lookup(name));
    if (stage && !stage.getBody().getOps<ExpandOp>().empty())
      return update->emitOpError("S10: \"")
             << name << "\" is expanded, so it cannot have an update definition";
  }
  return success();
}
