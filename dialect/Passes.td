//===- Passes.td - every pass of sepconv ------------------------*- tablegen -*-===//
#ifndef SEPCONV_PASSES
#define SEPCONV_PASSES

include "mlir/Pass/PassBase.td"

//===----------------------------------------------------------------------===//
// graph
//===----------------------------------------------------------------------===//

//===----------------------------------------------------------------------===//
// scheduled
//===----------------------------------------------------------------------===//

def PrintKernelStages : Pass<"sepconv-print-kernel-stages", "ModuleOp"> {
  let summary = "print the stages of kernels that schedules name";
  let description = [{
    Prints to standard output, for each function that calls no kernel: its pattern, and of each
    stage its name, dimensions with their extents, outermost first, and reduction dimensions.

    ```
    @k: ["depthwise", "pointwise"]
      pad: b=1 y=10 x=10 c=8
      depthwise_sum: b=1 y=8 x=8 c=8, ky=3 kx=3, strides 1 1 1 1, dilations 1 1 1 1, weight %arg1
      depthwise: b=1 y=8 x=8 c=8
    ```
  }];
}

#endif // SEPCONV_PASSES
