//===- ResolveDirectives.h - what a schedule does to one kernel ------------------===//
#pragma once

#include "sepconv/Schedule/KernelStages.h"
#include "sepconv/Schedule/Schedule.h"
#include "sepconv/Support/Expression.h"

namespace mlir::sepconv {

/// The directives of one definition, in the order in which they are applied.
struct DefinitionDirectives {
  StringRef stage;
  bool isUpdate;
  SmallVector<Operation *> directives;
};

/// The one place that decides what a schedule does to a kernel: the directives that apply (those
/// whose `when` is not zero), of the definitions that there are. Updates come first, then stages,
/// each in the order in which they stand: a stage is placed in loops of a reader that stands before
/// it. What is said of a pad that the kernel does not have, or of a stage whose directive does not
/// apply, is left out.
///
/// Every stage and loop that a directive names is there when it is applied. One that is not is an
/// error at the directive, which names those that are.
FailureOr<SmallVector<DefinitionDirectives>> resolveDirectives(schedule::ScheduleOp schedule,
                                                               func::FuncOp kernel,
                                                               const KernelStages &stages,
                                                               const Facts &facts);

/// Whether directives make as many loops, vector lanes and unrolled iterations as code generators
/// can take; an error names the directive and the bound. Sizes that depend on what another stage
/// reads count as 1.
LogicalResult checkBounds(ArrayRef<DefinitionDirectives> directives, func::FuncOp kernel,
                          const KernelStages &stages, const Facts &facts);

} // namespace mlir::sepconv
