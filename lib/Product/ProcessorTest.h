//===- ProcessorTest.h - ask a processor what it can -----------------------------===//
#pragma once

#include "sepconv/Schedule/TargetDescription.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

#include <memory>

namespace mlir::sepconv {

/// Writes code that asks the processor whether it can run the code of some targets.
class ProcessorTest {
public:
  virtual ~ProcessorTest() = default;
  /// The processor that code is for which runs before the processor is known, as LLVM names it.
  virtual StringRef anyProcessor() const = 0;
  /// Whether one of the targets needs more than that.
  virtual bool isNeeded() const = 0;
  /// Reads what the processor tells of itself.
  virtual void read(ImplicitLocOpBuilder &b) = 0;
  /// Whether it can run the code of a target, an i1.
  virtual Value supports(ImplicitLocOpBuilder &b, size_t target) = 0;
};

/// An error if a target is none of the architecture's, or, of several, if they cannot be told
/// apart.
FailureOr<std::unique_ptr<ProcessorTest>> createX86Test(ModuleOp module,
                                                        ArrayRef<TargetDescription> targets);
FailureOr<std::unique_ptr<ProcessorTest>> createArmTest(ModuleOp module,
                                                        ArrayRef<TargetDescription> targets);

} // namespace mlir::sepconv
