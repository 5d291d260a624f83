//===- SelfTestEntry.h - the function NAME_selftest -------------------------------===//
#pragma once

#include "CFunctions.h"

namespace mlir::sepconv {

/// Adds NAME_selftest, which calls NAME_run, whose buffers these are, and what
/// sepconv-create-self-test made.
void createSelfTest(CFunctionBuilder &functions, const ProductInterface &product,
                    ArrayRef<BufferParameter> runBuffers);

} // namespace mlir::sepconv
