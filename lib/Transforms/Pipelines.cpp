//===- Pipelines.cpp - the stages from a network to its kernels ------------------===//

#include "sepconv/Transforms/Pipelines.h"
#include "sepconv/Passes.h"

using namespace mlir;
using namespace mlir::sepconv;

void sepconv::registerTransformsPasses() { registerConvertToLinalg(); }
