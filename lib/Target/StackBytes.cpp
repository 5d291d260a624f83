//===- StackBytes.cpp - how much stack a module's functions need -----------------===//

#include "StackBytes.h"

#include "llvm/IR/DiagnosticHandler.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"

using namespace mlir::sepconv;

// Of each frame, what LLVM does not count: the return address, the caller's frame pointer, and what
// is lost where a frame is aligned to 64 bytes.
static constexpr int64_t kFrameBytes = 96;
// What functions of libc and libm need. The first call of one goes through the dynamic loader,
// which saves all vector registers (2.7 KiB with AVX-512) before it looks for the function.
static constexpr int64_t kLibraryBytes = 5 * 1024;

/// LLVM warns about frames that are larger than a limit, which is 0 here.
class StackBytes::Collector : public llvm::DiagnosticHandler {
public:
  explicit Collector(StackBytes &stack) : stack(stack) {}
  bool handleDiagnostics(const llvm::DiagnosticInfo &info) override {
    const auto *size = llvm::dyn_cast<llvm::DiagnosticInfoStackSize>(&info);
    if (size)
      stack.frames[&size->getFunction()] = size->getStackSize();
    return size;
  }

private:
  StackBytes &stack;
};

/// A call through a pointer may be one of any function whose address is taken.
StackBytes::StackBytes(llvm::Module &module) : module(module) {
  llvm::SmallVector<const llvm::Function *> taken;
  for (const llvm::Function &function : module)
    if (function.hasAddressTaken() && !function.isDeclaration())
      taken.push_back(&function);
  for (llvm::Function &function : module) {
    if (function.isDeclaration())
      continue;
    function.addFnAttr("warn-stack-size", "0");
    for (const llvm::Instruction &instruction : llvm::instructions(function)) {
      const auto *call = llvm::dyn_cast<llvm::CallBase>(&instruction);
      if (call && call->getCalledFunction())
        callees[&function].insert(call->getCalledFunction());
      else if (call && !call->isInlineAsm())
        callees[&function].insert_range(taken);
    }
  }
  module.getContext().setDiagnosticHandler(std::make_unique<Collector>(*this));
}

StackBytes::~StackBytes() {
  module.getContext().setDiagnosticHandler(std::make_unique<llvm::DiagnosticHandler>());
}

/// Its own frame and those of what it calls. Functions do not call themselves.
int64_t StackBytes::below(const llvm::Function *function) {
  if (auto known = chains.find(function); known != chains.end())
    return known->second;
  int64_t most = 0;
  chains[function] = 0;
  for (const llvm::Function *callee : callees.lookup(function))
    most = std::max(most, below(callee));
  bool counts = !function->isDeclaration();
  return chains[function] = most + (counts ? frames.lookup(function) + kFrameBytes : 0);
}

int64_t StackBytes::most() {
  int64_t most = 0;
  for (const llvm::Function &function : module)
    most = std::max(most, below(&function));
  return llvm::alignTo(most + kLibraryBytes, 64);
}
