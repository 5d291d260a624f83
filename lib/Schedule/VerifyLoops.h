//===- VerifyLoops.h - whether a kernel has the loops that a schedule names ------===//
#pragma once

#include "sepconv/Schedule/KernelStages.h"
#include "sepconv/Schedule/Schedule.h"
#include "sepconv/Support/Expression.h"

namespace mlir::sepconv {

/// Whether the stages and loops that the directives name are there when they are applied: updates
/// first, then stages, in the order in which they stand, without those whose `when` is zero. An
/// error stands at the directive and names what is legal.
LogicalResult verifyLoops(schedule::ScheduleOp schedule, func::FuncOp kernel,
                          const KernelStages &stages, const Facts &facts);

} // namespace mlir::sepconv
