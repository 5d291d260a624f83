//===- Absent.cpp - what LLVM's archives name and this program does not have ------===//
//
// lld initializes all of LLVM's targets, and the plugin that Debian builds into LLVM. Functions
// that do nothing stand for those that no schedule is for, so that they are not linked: 60 MB.
//
//===----------------------------------------------------------------------===//

#include "llvm/Plugins/PassPlugin.h"

#define ABSENT(TARGET)                                                                             \
  extern "C" {                                                                                     \
  void LLVMInitialize##TARGET##Target() {}                                                         \
  void LLVMInitialize##TARGET##TargetInfo() {}                                                     \
  void LLVMInitialize##TARGET##TargetMC() {}                                                       \
  void LLVMInitialize##TARGET##AsmPrinter() {}                                                     \
  void LLVMInitialize##TARGET##AsmParser() {}                                                      \
  void LLVMInitialize##TARGET##Disassembler() {}                                                   \
  }
#include "AbsentTargets.inc"

llvm::PassPluginLibraryInfo getPollyPluginInfo() {
  return {LLVM_PLUGIN_API_VERSION, "Polly", "", [](llvm::PassBuilder &) {}};
}
