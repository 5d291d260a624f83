// RUN: sepconv-opt %s --sepconv-fuse-activation --mlir-print-debuginfo --mlir-print-local-scope | FileCheck %s
// RUN: sepconv-opt %s --sepconv-fuse-activation | FileCheck %s --check-prefix=EXAMPLE

// CHECK-LABEL: func @layers(
func.func @layers(%x: tensor<1x4x4x2xf32>, %d: tensor<3x3x2x1xf32>, %p: tensor<1x1x2x2xf32>,
                  %f: tensor<2x2xf32>) -> tensor<1x2x2x2xf32> {
  // CHECK: sepconv.conv2d({{.+}}) {activation = #sepconv.activation<tanh>}
  // CHECK: sepconv.depthwise_conv2d({{.+}}) {activation = #sepconv.activation<relu, max_value = 6.000000e+00>, padding
  // CHECK-SAME: loc(fused["conv_dw_1", "conv_dw_1_relu"])
  // CHECK: sepconv.separable_conv2d({{.+}}) {activation = #sepconv.activation<elu, alpha = 1.000000e+00>}
  // CHECK: %[[DENSE:.+]] = sepconv.dense({{.+}}) {activation = #sepconv.activation<silu>}
  // CHECK-NEXT: return %[[DENSE]]
  %0 = sepconv.conv2d(%x, %p)
    : (tensor<1x4x4x2xf32>, tensor<1x1x2x2xf32>) -> tensor<1x4x4x2xf32>
  %1 = sepconv.activation(%0) {function = #sepconv.activation<tanh>} : tensor<1x4x4x2xf32>
  %2 = sepconv.depthwise_conv2d(%1, %d) {padding = array<i64: 1, 1, 1, 1>}
    : (tensor<1x4x4x2xf32>, tensor<3x3x2x1xf32>) -> tensor<1x4x4x2xf32> loc("conv_dw_1")
  %3 = sepconv.activation(%2) {function = #sepconv.activation<relu, max_value = 6.0>}
    : tensor<1x4x4x2xf32> loc("conv_dw_1_relu")
  %4 = sepconv.separable_conv2d(%3, %d, %p)
    : (tensor<1x4x4x2xf32>, tensor<3x3x2x1xf32>, tensor<1x1x2x2xf32>) -> tensor<1x2x2x2xf32>
  %5 = sepconv.activation(%4) {function = #sepconv.activation<elu, alpha = 1.0>}
    : tensor<1x2x2x2xf32>
  %6 = sepconv.dense(%5, %f) : (tensor<1x2x2x2xf32>, tensor<2x2xf32>) -> tensor<1x2x2x2xf32>
  %7 = sepconv.activation(%6) {function = #sepconv.activation<silu>} : tensor<1x2x2x2xf32>
  return %7 : tensor<1x2x2x2xf32>
}

// A layer has one activation; what another reads stays what it is.
// CHECK-LABEL: func @kept(
func.func @kept(%x: tensor<1x4xf32>, %f: tensor<4x4xf32>)
    -> (tensor<1x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>) {
  // CHECK: sepconv.dense({{.+}}) {activation = #sepconv.activation<tanh>}
  // CHECK: sepconv.activation
  // CHECK: sepconv.dense({{.+}}) :
  // CHECK: sepconv.activation
  %0 = sepconv.dense(%x, %f) : (tensor<1x4xf32>, tensor<4x4xf32>) -> tensor<1x4xf32>
  %1 = sepconv.activation(%0) {function = #sepconv.activation<tanh>} : tensor<1x4xf32>
  %2 = sepconv.activation(%1) {function = #sepconv.activation<relu>} : tensor<1x4xf32>
  %3 = sepconv.dense(%2, %f) : (tensor<1x4xf32>, tensor<4x4xf32>) -> tensor<1x4xf32>
  %4 = sepconv.activation(%3) {function = #sepconv.activation<relu>} : tensor<1x4xf32>
  return %2, %3, %4 : tensor<1x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>
}

// The example in the pass's description.
// EXAMPLE: func.func @example(%arg0: tensor<1x8xf32>, %arg1: tensor<8x4xf32>) -> tensor<1x4xf32> {
// EXAMPLE-NEXT: %0 = sepconv.dense(%arg0, %arg1) {activation = #sepconv.activation<silu>} : (tensor<1x8xf32>, tensor<8x4xf32>) -> tensor<1x4xf32>
// EXAMPLE-NEXT: return %0 : tensor<1x4xf32>
// EXAMPLE-NEXT: }
func.func @example(%x: tensor<1x8xf32>, %f: tensor<8x4xf32>) -> tensor<1x4xf32> {
  %0 = sepconv.dense(%x, %f) : (tensor<1x8xf32>, tensor<8x4xf32>) -> tensor<1x4xf32>
  %1 = sepconv.activation(%0) {function = #sepconv.activation<silu>} : tensor<1x4xf32>
  return %1 : tensor<1x4xf32>
}
