//===- HostCode.cpp - functions of a module, called in this process --------------===//

#include "sepconv/Target/HostCode.h"
#include "sepconv/Target/CodeGen.h"

#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/IR/Module.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/Triple.h"

using namespace mlir;
using namespace mlir::sepconv;
using llvm::orc::LLJIT;

StringRef sepconv::anyHostTarget() {
  return llvm::Triple(llvm::sys::getProcessTriple()).isAArch64() ? "aarch64" : "x86-64-v2";
}

HostCode::HostCode(std::unique_ptr<LLJIT> jit) : jit(std::move(jit)) {}
HostCode::HostCode(HostCode &&) = default;
HostCode::~HostCode() = default;

llvm::Expected<HostCode> HostCode::create(ModuleOp module, const TargetDescription &target) {
  llvm::Expected<CodeGenerator> generator = CodeGenerator::create(target);
  if (!generator)
    return generator.takeError();
  auto context = std::make_unique<llvm::LLVMContext>();
  std::unique_ptr<llvm::Module> code = generator->translate(module, *context);
  if (!code)
    return llvm::createStringError("cannot translate the functions to LLVM IR");
  llvm::orc::JITTargetMachineBuilder machine{llvm::Triple(target.triple)};
  machine.setCPU(target.cpu);
  SmallVector<StringRef> features;
  StringRef(target.features).split(features, ',', -1, /*KeepEmpty=*/false);
  machine.addFeatures({features.begin(), features.end()});
  auto jit = llvm::orc::LLJITBuilder().setJITTargetMachineBuilder(std::move(machine)).create();
  if (!jit)
    return jit.takeError();
  if (llvm::Error error = (*jit)->addIRModule({std::move(code), std::move(context)}))
    return std::move(error);
  return HostCode(std::move(*jit));
}

llvm::Expected<void *> HostCode::find(StringRef name) const {
  llvm::Expected<llvm::orc::ExecutorAddr> address = jit->lookup(name);
  if (!address)
    return address.takeError();
  return address->toPtr<void *>();
}
