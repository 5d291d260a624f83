//===- Ptxas.h - PTX assembled for one chip --------------------------------------===//
#pragma once

#include "mlir/Support/LLVM.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Error.h"

namespace mlir::sepconv {

/// Assembles PTX for the chip that it is for, by the program `ptxas`; if that is empty, by $PTXAS
/// or what is on the path. An error says what was looked for, or what the assembler said.
llvm::Error assemblePTX(StringRef ptxas, StringRef chip, StringRef ptx,
                        SmallVectorImpl<char> &output);

} // namespace mlir::sepconv
