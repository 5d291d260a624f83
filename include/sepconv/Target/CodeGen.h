//===- CodeGen.h - from the LLVM dialect to machine code -------------------------===//
#pragma once

#include "sepconv/Schedule/TargetDescription.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/SmallVector.h"

#include <memory>

namespace llvm {
class LLVMContext;
class Module;
class TargetMachine;
} // namespace llvm

namespace mlir::sepconv {

/// Makes LLVM's code generators available. May be called more than once.
void initializeLLVMTargets();

/// Makes machine code for one target.
class CodeGenerator {
public:
  static llvm::Expected<CodeGenerator> create(const TargetDescription &target,
                                              bool unwindTables = false);
  CodeGenerator(CodeGenerator &&);
  ~CodeGenerator();

  /// Optimized LLVM IR for a module, or a `gpu.module`, in the LLVM dialect.
  std::unique_ptr<llvm::Module> translate(Operation *module, llvm::LLVMContext &context);
  /// Makes a module of other origin one of this target, and optimizes it.
  void adopt(llvm::Module &module);
  /// Machine code for a module of translate(); the module is used up.
  llvm::Error emit(llvm::Module &module, bool assembly, SmallVectorImpl<char> &output);
  /// What a thread needs that calls a function of the module that emit() was last given.
  int64_t neededStackBytes() const { return stackBytes; }

private:
  CodeGenerator(const TargetDescription &target, std::unique_ptr<llvm::TargetMachine> machine,
                bool unwindTables);
  void optimize(llvm::Module &module);

  TargetDescription target;
  std::unique_ptr<llvm::TargetMachine> machine;
  bool unwindTables;
  int64_t stackBytes = 0;
};

/// An object's name and bytes.
using NamedObject = std::pair<std::string, ArrayRef<char>>;

/// An archive; its bytes depend on nothing but the objects.
llvm::Error writeStaticLibrary(ArrayRef<NamedObject> objects, SmallVectorImpl<char> &output);

} // namespace mlir::sepconv
