//===- Passes.td - every pass of sepconv ------------------------*- tablegen -*-===//
#ifndef SEPCONV_PASSES
#define SEPCONV_PASSES

include "mlir/Pass/PassBase.td"

//===----------------------------------------------------------------------===//
// graph
//===----------------------------------------------------------------------===//

def ConvertToLinalg : Pass<"sepconv-convert-to-linalg", "ModuleOp"> {
  let summary = "rewrite every layer as linalg.generic and tensor.pad";
  let description = [{
    Each operation of the `sepconv` dialect says itself in `linalg`, wherever it stands: in a
    function or in a `sepconv.kernel`. Padding becomes a `tensor.pad`, the sum of a convolution a
    `linalg.generic` over (b, y, x, c) and the reduction's (ky, kx, kc) that starts from zero, bias
    and activation one elementwise `linalg.generic` after it. Named operations of linalg become
    `linalg.generic` too, a softmax the four it consists of; `linalg.fill` and the `tensor` dialect
    stay. A channel of the input is `c floordiv M` with a depth multiplier of M. Images must be
    NHWC: `sepconv-choose-layout` comes first.

    ```mlir
    func.func @f(%x: tensor<1x8xf32>, %f: tensor<8x4xf32>) -> tensor<1x4xf32> {
      %0 = sepconv.dense(%x, %f) {activation = #sepconv.activation<relu>}
        : (tensor<1x8xf32>, tensor<8x4xf32>) -> tensor<1x4xf32>
      return %0 : tensor<1x4xf32>
    }
    ```

    becomes

    ```mlir
    %empty = tensor.empty() : tensor<1x4xf32>
    %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x4xf32>) -> tensor<1x4xf32>
    %sum = linalg.generic {
        indexing_maps = [affine_map<(b, c, kc) -> (b, kc)>, affine_map<(b, c, kc) -> (kc, c)>,
                         affine_map<(b, c, kc) -> (b, c)>],
        iterator_types = ["parallel", "parallel", "reduction"]}
        ins(%x, %f : tensor<1x8xf32>, tensor<8x4xf32>) outs(%init : tensor<1x4xf32>) {
    ^bb0(%in: f32, %weight: f32, %sum: f32):
      %product = arith.mulf %in, %weight : f32
      %next = arith.addf %sum, %product : f32
      linalg.yield %next : f32
    } -> tensor<1x4xf32>
    %result = linalg.generic ...   // select(x < 0, 0, x)
    ```
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect", "::mlir::math::MathDialect",
    "::mlir::tensor::TensorDialect"
  ];
}

#endif // SEPCONV_PASSES
