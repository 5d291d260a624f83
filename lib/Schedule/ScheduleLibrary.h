//===- ScheduleLibrary.h - the schedules that there are for a target -------------===//
#pragma once

#include "sepconv/Schedule/Schedule.h"
#include "sepconv/Schedule/TargetDescription.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace mlir::sepconv {

/// Schedule files in the order in which they are looked up: the user's folder, the target's, its
/// parents', the nearest first; in a folder by file name, in a file from top to bottom.
class ScheduleLibrary {
public:
  /// Parses and verifies all files; what is wrong is reported with its file and line.
  static FailureOr<ScheduleLibrary> load(const TargetDescription &target, StringRef userFolder,
                                         MLIRContext *context);

  ArrayRef<schedule::ScheduleOp> schedules() const { return all; }

private:
  LogicalResult addFolder(StringRef folder, MLIRContext *context);

  std::vector<OwningOpRef<ModuleOp>> files;
  std::vector<schedule::ScheduleOp> all;
};

} // namespace mlir::sepconv
