//===- EmulatorRuntime.h - the emulator as code calls it -------------------------===//
#pragma once

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "llvm/ADT/StringMap.h"

namespace mlir::sepconv {

/// What an operation accesses; nothing if it has no elements.
struct EmulatedAccess {
  unsigned buffer = 0;
  int64_t elements = 0, alignment = 0;
  bool stores = false;
};

/// Makes calls of the functions, and constants of the types, of sepconv/Runtime/Emulator.h.
class EmulatorRuntime {
public:
  explicit EmulatorRuntime(ModuleOp module)
      : module(module), pointer(LLVM::LLVMPointerType::get(module.getContext())) {}

  /// Calls sepconv_emulated_<name>.
  ValueRange call(ImplicitLocOpBuilder &b, StringRef name, TypeRange results, ValueRange operands);
  /// The address of sepconv_emulated_launch.
  Value launch(ImplicitLocOpBuilder &b);
  Value text(ImplicitLocOpBuilder &b, StringRef text);
  /// A sepconv_emulated_site; each operation has its own.
  Value site(ImplicitLocOpBuilder &b, const EmulatedAccess &access);

private:
  LLVM::GlobalOp createText(StringRef text, Location loc);
  LLVM::GlobalOp createGlobal(StringRef kind, Type type, Attribute value, Location loc);

  ModuleOp module;
  Type pointer;
  llvm::StringMap<LLVM::GlobalOp> texts;
  unsigned globals = 0;
};

} // namespace mlir::sepconv
