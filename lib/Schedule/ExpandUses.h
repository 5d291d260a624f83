//===- ExpandUses.h - what is defined in the place of its uses -------------------===//
#pragma once

#include "sepconv/Schedule/Schedule.h"

#include "llvm/ADT/StringMap.h"

namespace mlir::sepconv {

/// Puts the bodies of definitions in the place of every schedule.use in a schedule, with the
/// arguments in the place of their names, and verifies what it has become. What is put there has
/// the location of the definition's line, called from the use.
LogicalResult expandUses(schedule::ScheduleOp schedule,
                         const llvm::StringMap<schedule::DefineOp> &definitions);

} // namespace mlir::sepconv
