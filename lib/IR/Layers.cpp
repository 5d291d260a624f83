//===- Layers.cpp - kinds of layers ----------------------------------------------===//

#include "sepconv/IR/Layers.h"
#include "sepconv/IR/SepConv.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::sepconv;

bool sepconv::isProductLayer(Operation *op) {
  return isa<Conv2DOp, DepthwiseConv2DOp, SeparableConv2DOp, DenseOp>(op);
}

bool sepconv::isIntegerLayer(Operation *op) {
  return isProductLayer(op) && getElementTypeOrSelf(op->getOperand(0)).isInteger();
}
