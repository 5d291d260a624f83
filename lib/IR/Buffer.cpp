//===- Buffer.cpp - how tensors lie in memory ------------------------------------===//

#include "sepconv/IR/Buffer.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;

int64_t sepconv::elementBytes(Type type) {
  return llvm::divideCeil(type.getIntOrFloatBitWidth(), 8);
}
