//===- Schedule.h - the schedule dialect -----------------------------------------===//
#pragma once

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/SymbolTable.h"

#include <optional>

namespace mlir::schedule {

/// What the names of stages are made of: the roles of reductions, and "elementwise".
ArrayRef<StringRef> getStageRoles();

/// The names of the stages of a pattern: a role that comes again has _1, _2, ... appended.
SmallVector<std::string> getStageNames(ArrayRef<StringRef> pattern);

/// Whether a stage of this name is a sum, that is the reduction itself.
inline bool isSumName(StringRef stage) { return stage.ends_with("_sum"); }

/// The operand of a reduction that has this name: "input" is the first one, "weight" the second.
std::optional<unsigned> operandNumber(StringRef name);

/// Whether a parameter, a fact or a loop may have this name: letters, digits and '_'.
bool isIdentifier(StringRef name);

/// Whether an operation's attribute of this name is an expression.
bool isExpression(StringRef attribute);

/// Visits a text in pieces: words of capital letters, which stand for arguments of a definition,
/// and what is between them.
void splitAtFormals(StringRef text, function_ref<void(StringRef, bool)> visit);

/// An error of what a schedule.use has put into a schedule, at the use; a note says where it is
/// defined.
InFlightDiagnostic emitAtUse(Operation *op);

} // namespace mlir::schedule

#include "ScheduleDialect.h.inc"
#include "ScheduleEnums.h.inc"
#include "ScheduleInterfaces.h.inc"
#define GET_OP_CLASSES
#include "ScheduleOps.h.inc"
