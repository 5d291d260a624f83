//===- ScheduleChoice.h - the schedules that a kernel can run by -----------------===//
//
// They stand on the kernel: `sepconv.schedule` and `sepconv.parameters` are the schedule chosen,
// `sepconv.alternatives` what takes its place, one after the other, if it turns out not to be legal
// when it is applied.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mlir::sepconv {

/// A schedule of the module and its parameters; the default schedule has neither.
struct ScheduleChoice {
  FlatSymbolRefAttr schedule;
  DictionaryAttr parameters;
};

/// The choice of a kernel, and its alternatives.
SmallVector<ScheduleChoice> getChoices(func::FuncOp kernel);
void setChoices(func::FuncOp kernel, ArrayRef<ScheduleChoice> choices);

/// "file.mlir:12", where a schedule or a directive stands.
std::string placeOf(Location location);

} // namespace mlir::sepconv
