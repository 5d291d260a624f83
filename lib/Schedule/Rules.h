//===- Rules.h - what the verifiers of the schedule dialect share ----------------===//
#pragma once

#include "sepconv/Schedule/Schedule.h"

#include "mlir/IR/OpImplementation.h"

namespace mlir::schedule {

/// S1: targets, schedules and definitions stand at the top level of a module.
LogicalResult verifyTopLevel(Operation *op);

/// S8: the attributes that are expressions or candidates have the form of one. What they name is
/// known only with a kernel.
LogicalResult verifyExpressions(Operation *op);

/// (STAGE, LOOPS): the arguments' names of a definition.
ParseResult parseFormals(OpAsmParser &parser, ArrayAttr &formals);
void printFormals(OpAsmPrinter &printer, Operation *op, ArrayAttr formals);

/// ("conv", ["kc", "kx"]): the arguments of a use.
ParseResult parseArguments(OpAsmParser &parser, ArrayAttr &arguments);
void printArguments(OpAsmPrinter &printer, Operation *op, ArrayAttr arguments);

} // namespace mlir::schedule
