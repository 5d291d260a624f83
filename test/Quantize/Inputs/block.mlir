// A block with a residual, a gate, pools and a concatenation, of a network in float.
#all = affine_map<(n, h, w, c) -> (n, h, w, c)>
#gate = affine_map<(n, h, w, c) -> (n, 0, 0, c)>
module attributes {sepconv.model = "block"} {
  func.func @main(%x: tensor<1x8x8x4xf32> {sepconv.name = "x"}) -> (tensor<1x3xf32> {sepconv.name = "y"}) {
    %f = arith.constant dense<0.25> : tensor<1x1x4x8xf32> loc("first")
    %b = arith.constant dense<[0.5, -0.5, 0.25, 0.0, 1.0, -1.0, 0.125, 2.0]> : tensor<8xf32> loc("first")
    %d = arith.constant dense<0.125> : tensor<3x3x8x1xf32> loc("second")
    %p = arith.constant dense<-0.0625> : tensor<1x1x8x8xf32> loc("third")
    %g = arith.constant dense<0.03> : tensor<1x1x8x8xf32> loc("gate")
    %w = arith.constant dense<0.5> : tensor<16x3xf32> loc("last")
    %0 = sepconv.conv2d(%x, %f, %b) {activation = #sepconv.activation<relu, max_value = 6.0>}
      : (tensor<1x8x8x4xf32>, tensor<1x1x4x8xf32>, tensor<8xf32>) -> tensor<1x8x8x8xf32> loc("first")
    %1 = sepconv.depthwise_conv2d(%0, %d) {padding = array<i64: 1, 1, 1, 1>, activation = #sepconv.activation<hard_silu>}
      : (tensor<1x8x8x8xf32>, tensor<3x3x8x1xf32>) -> tensor<1x8x8x8xf32> loc("second")
    %2 = sepconv.conv2d(%1, %p) : (tensor<1x8x8x8xf32>, tensor<1x1x8x8xf32>) -> tensor<1x8x8x8xf32> loc("third")
    %e = tensor.empty() : tensor<1x8x8x8xf32>
    %3 = linalg.generic {indexing_maps = [#all, #all, #all], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
        ins(%0, %2 : tensor<1x8x8x8xf32>, tensor<1x8x8x8xf32>) outs(%e : tensor<1x8x8x8xf32>) {
    ^bb0(%l: f32, %r: f32, %o: f32):
      %s = arith.addf %l, %r : f32
      linalg.yield %s : f32
    } -> tensor<1x8x8x8xf32> loc("sum")
    %4 = sepconv.pool2d(%3) {kind = #sepconv.pool_kind<average>, window = array<i64: 8, 8>}
      : (tensor<1x8x8x8xf32>) -> tensor<1x1x1x8xf32> loc("mean")
    %5 = sepconv.conv2d(%4, %g) {activation = #sepconv.activation<hard_sigmoid>}
      : (tensor<1x1x1x8xf32>, tensor<1x1x8x8xf32>) -> tensor<1x1x1x8xf32> loc("gate")
    %6 = linalg.generic {indexing_maps = [#all, #gate, #all], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
        ins(%3, %5 : tensor<1x8x8x8xf32>, tensor<1x1x1x8xf32>) outs(%e : tensor<1x8x8x8xf32>) {
    ^bb0(%l: f32, %r: f32, %o: f32):
      %s = arith.mulf %l, %r : f32
      linalg.yield %s : f32
    } -> tensor<1x8x8x8xf32> loc("scaled")
    %7 = sepconv.pool2d(%6) {kind = #sepconv.pool_kind<max>, window = array<i64: 8, 8>}
      : (tensor<1x8x8x8xf32>) -> tensor<1x1x1x8xf32> loc("greatest")
    %8 = tensor.concat dim(3) %7, %4 : (tensor<1x1x1x8xf32>, tensor<1x1x1x8xf32>) -> tensor<1x1x1x16xf32> loc("both")
    %9 = tensor.collapse_shape %8 [[0], [1, 2, 3]] : tensor<1x1x1x16xf32> into tensor<1x16xf32> loc("flat")
    %y = sepconv.dense(%9, %w) : (tensor<1x16xf32>, tensor<16x3xf32>) -> tensor<1x3xf32> loc("last")
    return %y : tensor<1x3xf32>
  }
}
