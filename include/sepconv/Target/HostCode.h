//===- HostCode.h - functions of a module, called in this process ----------------===//
#pragma once

#include "sepconv/Schedule/TargetDescription.h"

#include "mlir/IR/BuiltinOps.h"

#include <memory>

namespace llvm::orc {
class LLJIT;
} // namespace llvm::orc

namespace mlir::sepconv {

/// The target that every machine like this one can run, which computes the same on all of them.
StringRef anyHostTarget();

/// Machine code in this process for a module in the LLVM dialect.
class HostCode {
public:
  static llvm::Expected<HostCode> create(ModuleOp module, const TargetDescription &target);
  HostCode(HostCode &&);
  ~HostCode();
  template <typename Function> llvm::Expected<Function> lookup(StringRef name) const {
    llvm::Expected<void *> address = find(name);
    if (!address)
      return address.takeError();
    return reinterpret_cast<Function>(*address);
  }

private:
  explicit HostCode(std::unique_ptr<llvm::orc::LLJIT> jit);
  llvm::Expected<void *> find(StringRef name) const;
  std::unique_ptr<llvm::orc::LLJIT> jit;
};

} // namespace mlir::sepconv
