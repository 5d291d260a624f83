//===- Buffer.cpp - how tensors lie in memory ------------------------------------===//

#include "sepconv/IR/Buffer.h"

#include "mlir/IR/BuiltinTypes.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

int64_t sepconv::elementBytes(Type type) {
  return llvm::divideCeil(type.getIntOrFloatBitWidth(), 8);
}

std::string sepconv::dtypeOf(Type type) {
  if (type.isInteger(1))
    return "bool";
  const char *kind = type.isBF16()              ? "bfloat"
                     : isa<FloatType>(type)     ? "float"
                     : type.isUnsignedInteger() ? "uint"
                                                : "int";
  return kind + std::to_string(type.getIntOrFloatBitWidth());
}

bool sepconv::canBe(Type type, llvm::StringRef dtype) {
  if (!type.isIntOrFloat())
    return false;
  if (dtype == dtypeOf(type))
    return true;
  return type.isSignlessInteger() && !type.isInteger(1) &&
         (dtype == "u" + dtypeOf(type) || (dtype == "bool" && type.isInteger(8)));
}
