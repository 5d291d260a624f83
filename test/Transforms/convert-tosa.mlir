// TOSA becomes linalg, tensor and arith.
// RUN: sepconv-opt %s --split-input-file --sepconv-convert-tosa | FileCheck %s

// The example in the pass's description.
// CHECK: #map = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-NEXT: module {
// CHECK-NEXT: func.func @example(%arg0: tensor<1x4xf32>) -> tensor<1x4xf32> {
// CHECK-NEXT: %0 = tensor.empty() : tensor<1x4xf32>
// CHECK-NEXT: %1 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]} ins(%arg0 : tensor<1x4xf32>) outs(%0 : tensor<1x4xf32>) {
// CHECK-NEXT: ^bb0(%in: f32, %out: f32):
// CHECK-NEXT: %2 = math.exp %in : f32
// CHECK-NEXT: linalg.yield %2 : f32
// CHECK-NEXT: } -> tensor<1x4xf32>
// CHECK-NEXT: return %1 : tensor<1x4xf32>
// CHECK-NEXT: }
// CHECK-NEXT: }
func.func @example(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %0 = tosa.exp %x : (tensor<1x4xf32>) -> tensor<1x4xf32>
  return %0 : tensor<1x4xf32>
}

// -----

// A convolution's filter is in the layout of layers, and its bias is where its sum starts.
// CHECK-LABEL: func @convolution
// CHECK-NOT: tosa.
// CHECK: linalg.conv_2d_nhwc_hwcf
// CHECK-NOT: tosa.
func.func @convolution(%x: tensor<1x8x8x4xf32>, %b: tensor<6xf32>) -> tensor<1x8x8x6xf32> {
  %f = "tosa.const"() {values = dense<0.5> : tensor<6x1x1x4xf32>} : () -> tensor<6x1x1x4xf32>
  %zero = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %0 = tosa.conv2d %x, %f, %b, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>,
      pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>}
    : (tensor<1x8x8x4xf32>, tensor<6x1x1x4xf32>, tensor<6xf32>, tensor<1xf32>, tensor<1xf32>)
    -> tensor<1x8x8x6xf32>
  return %0 : tensor<1x8x8x6xf32>
}
