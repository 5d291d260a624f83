//===- X86Features.h - what an x86-64 processor tells of itself ------------------===//
#pragma once

#include "mlir/Support/LLVM.h"
#include "llvm/Support/Error.h"

#include <array>
#include <cstdint>

namespace mlir::sepconv {

/// The processor whose code all of them can run, as LLVM names it.
inline constexpr llvm::StringLiteral kAnyX86 = "x86-64";

/// The words that say what a processor and its operating system can: registers that CPUID sets,
/// and XCR0, the registers that the system saves.
enum class X86Word {
  Leaf1ECX,
  Leaf7EBX,
  Leaf7ECX,
  Leaf7EDX,
  Leaf71EAX,
  Leaf71EDX,
  Extended1ECX,
  XCR0
};
inline constexpr size_t kX86Words = 8;

/// The bits of each word that must be set.
using X86Mask = std::array<uint32_t, kX86Words>;

/// What a processor must have beyond x86-64 to run code for this one; both as LLVM spells them. An
/// error says that it is none of x86-64. `untested` gets the features that no bit is known of.
llvm::Expected<X86Mask> requiredX86Bits(StringRef cpu, StringRef features,
                                        SmallVectorImpl<std::string> &untested);

/// Whether generated code may use a feature of LLVM's, so that products test for it.
bool isTestedX86Feature(StringRef feature);

} // namespace mlir::sepconv
