//===- ScheduleDialect.cpp - the schedule dialect and the names of stages --------===//

#include "sepconv/Schedule/Schedule.h"

#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace mlir::schedule;

#include "ScheduleDialect.cpp.inc"
#include "ScheduleEnums.cpp.inc"
#include "ScheduleInterfaces.cpp.inc"

void ScheduleDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "ScheduleOps.cpp.inc"
      >();
}

ArrayRef<StringRef> schedule::getStageRoles() {
  static const StringRef roles[] = {"depthwise", "pointwise", "conv",       "dense",
                                    "pool",      "reduce",    "elementwise"};
  return roles;
}

SmallVector<std::string> schedule::getStageNames(ArrayRef<StringRef> pattern) {
  SmallVector<std::string> names;
  llvm::StringMap<unsigned> count;
  for (StringRef role : pattern) {
    unsigned n = count[role]++;
    names.push_back(n == 0 ? role.str() : (role + "_" + Twine(n)).str());
  }
  return names;
}

std::optional<unsigned> schedule::operandNumber(StringRef name) {
  return llvm::StringSwitch<std::optional<unsigned>>(name)
      .Case("input", 0)
      .Case("weight", 1)
      .Default(std::nullopt);
}

bool schedule::isIdentifier(StringRef name) {
  return !name.empty() && (llvm::isAlpha(name[0]) || name[0] == '_') &&
         llvm::all_of(name, [](char c) { return llvm::isAlnum(c) || c == '_'; });
}

bool schedule::isExpression(StringRef attribute) {
  static constexpr StringLiteral expressions[] = {
      "value", "expression", "condition", "when",      "factor",    "offset",
      "min",   "extent",     "modulus",   "remainder", "registers", "shared_bytes"};
  return llvm::is_contained(expressions, attribute);
}

InFlightDiagnostic schedule::emitAtUse(Operation *op) {
  Location loc = op->getLoc();
  while (auto call = dyn_cast<CallSiteLoc>(loc))
    loc = call.getCaller();
  if (loc == op->getLoc())
    return op->emitOpError();
  InFlightDiagnostic diag = emitError(loc) << "'" << op->getName() << "' op ";
  diag.attachNote(op->getLoc()) << "from this definition";
  return diag;
}
