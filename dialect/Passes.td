//===- Passes.td - every pass of sepconv ------------------------*- tablegen -*-===//
#ifndef SEPCONV_PASSES
#define SEPCONV_PASSES

include "mlir/Pass/PassBase.td"

//===----------------------------------------------------------------------===//
// graph
//===----------------------------------------------------------------------===//

#endif // SEPCONV_PASSES
