//===- TargetDescription.h - the machines that code can be made for --------------===//
#pragma once

#include "sepconv/Support/Expression.h"

#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace mlir::sepconv {

/// What schedules/<name>/target.mlir says, with what it leaves to its parents.
struct TargetDescription {
  std::string name;
  std::vector<std::string> parents; // the nearest first
  std::string triple;
  std::string cpu;                   // as LLVM spells it
  std::string features;              // as LLVM spells them: +a,-b
  std::vector<std::string> variants; // targets that one product holds the code of, the best first
  std::vector<std::string> integerVariants; // before these, if it has layers of integers
  Facts facts;
};

/// The folder of all schedules: $SEPCONV_SCHEDULES, else share/sepconv/schedules beside the folder
/// of this program.
std::string schedulesRoot();

/// The targets that code can be made for, sorted: those that have a triple.
std::vector<std::string> knownTargets();

/// Reads a target and its parents. An error names the file, or lists the targets that there are.
llvm::Expected<TargetDescription> loadTarget(StringRef name, bool orHost = false);

} // namespace mlir::sepconv
