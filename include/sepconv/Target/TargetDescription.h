//===- TargetDescription.h - the machines that code can be made for --------------===//
#pragma once

#include "mlir/Support/LLVM.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"

#include <string>

namespace mlir::sepconv {

struct TargetDescription {
  std::string name;
  std::string parent;
  std::string triple;
  std::string cpu;      // as LLVM spells it
  std::string features; // as LLVM spells them: +a,-b
  llvm::StringMap<int64_t> facts;
};

/// The target of that name (`host` is this machine), with another processor or more features if they
/// are asked for. An error lists what exists.
llvm::Expected<TargetDescription> resolveTarget(StringRef name, StringRef cpu = "",
                                                StringRef features = "");

} // namespace mlir::sepconv
