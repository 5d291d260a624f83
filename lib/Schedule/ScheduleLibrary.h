//===- ScheduleLibrary.h - the schedules that there are for a target -------------===//
#pragma once

#include "sepconv/Schedule/Schedule.h"
#include "sepconv/Schedule/TargetDescription.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/ADT/StringMap.h"

namespace mlir::sepconv {

/// Schedule files in the order in which they are looked up: the user's folder, the target's, its
/// parents', the nearest first; in a folder by file name, in a file from top to bottom. So are
/// definitions, the first of a name; they stand in the place of their uses already.
class ScheduleLibrary {
public:
  /// Parses and verifies all files of a target; what is wrong is reported with its file and line,
  /// what is wrong with the target at the module.
  static FailureOr<ScheduleLibrary> load(ModuleOp module, StringRef target, StringRef userFolder,
                                         StringRef threads);

  /// Those for the kernels of a pattern.
  SmallVector<schedule::ScheduleOp> schedules(ArrayRef<StringRef> pattern) const;
  /// What the searches of a schedule are to take for a kernel of these facts, or null; an error if
  /// a condition has no value.
  FailureOr<schedule::ChooseOp> chosen(schedule::ScheduleOp schedule, const Facts &facts) const;
  /// What the target's description says, and whether the product has threads.
  const Facts &facts() const { return machine; }
  /// Whether a schedule is from the user's folder.
  bool isUsers(schedule::ScheduleOp schedule) const {
    return llvm::is_contained(ArrayRef(all).take_front(users), schedule);
  }

private:
  LogicalResult addFolder(StringRef folder, MLIRContext *context);
  LogicalResult checkChoices();

  std::vector<OwningOpRef<ModuleOp>> files;
  std::vector<schedule::ScheduleOp> all;
  std::vector<schedule::ChooseOp> choices;
  llvm::StringMap<schedule::DefineOp> definitions;
  Facts machine;
  size_t users = 0; // how many of them come from the user's folder
};

} // namespace mlir::sepconv
