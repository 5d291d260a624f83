// Named convolutions of linalg become layers.
// RUN: sepconv-opt %s --split-input-file --sepconv-raise-convolutions | FileCheck %s

// The example in the pass's description.
// CHECK: func.func @example(%arg0: tensor<1x8x8x4xf32>, %arg1: tensor<3x3x4xf32>) -> tensor<1x6x6x4xf32> {
// CHECK-NEXT: %cst = arith.constant dense<0.000000e+00> : tensor<1x6x6x4xf32>
// CHECK-NEXT: %expanded = tensor.expand_shape %arg1 {{\[\[}}0], [1], [2, 3]] output_shape [3, 3, 4, 1] : tensor<3x3x4xf32> into tensor<3x3x4x1xf32>
// CHECK-NEXT: %0 = sepconv.depthwise_conv2d(%arg0, %expanded) : (tensor<1x8x8x4xf32>, tensor<3x3x4x1xf32>) -> tensor<1x6x6x4xf32>
// CHECK-NEXT: return %0 : tensor<1x6x6x4xf32>
// CHECK-NEXT: }
func.func @example(%x: tensor<1x8x8x4xf32>, %f: tensor<3x3x4xf32>)
    -> tensor<1x6x6x4xf32> {
  %zero = arith.constant dense<0.0> : tensor<1x6x6x4xf32>
  %0 = linalg.depthwise_conv_2d_nhwc_hwc
      {strides = dense<1> : tensor<2xi64>, dilations = dense<1> : tensor<2xi64>}
      ins(%x, %f : tensor<1x8x8x4xf32>, tensor<3x3x4xf32>)
      outs(%zero : tensor<1x6x6x4xf32>) -> tensor<1x6x6x4xf32>
  return %0 : tensor<1x6x6x4xf32>
}

// -----

// A bias that the initial value repeats, and another initial value, which is added.
// CHECK-LABEL: func @dense
// CHECK-SAME: %[[X:.+]]: tensor<1x4x8x8xf32>, %[[F:.+]]: tensor<6x4x3x3xf32>, %[[BIAS:.+]]: tensor<6xf32>, %[[INIT:[a-z0-9]+]]: tensor
// CHECK: %[[HWCF:.+]] = linalg.transpose ins(%[[F]] :{{.*}} permutation = [2, 3, 1, 0]
// CHECK: %[[Y:.+]] = sepconv.conv2d(%[[X]], %[[HWCF]], %[[BIAS]]) {data_format = #sepconv.data_format<NCHW>, strides = array<i64: 2, 2>}
// CHECK: sepconv.conv2d(%[[Y]],
// CHECK: linalg.generic {{.*}} ins(%{{.+}}, %[[INIT]] :
func.func @dense(%x: tensor<1x4x8x8xf32>, %f: tensor<6x4x3x3xf32>, %bias: tensor<6xf32>,
                 %init: tensor<1x6x1x1xf32>, %g: tensor<6x6x3x3xf32>) -> tensor<1x6x1x1xf32> {
  %empty = tensor.empty() : tensor<1x6x3x3xf32>
  %start = linalg.broadcast ins(%bias : tensor<6xf32>) outs(%empty : tensor<1x6x3x3xf32>) dimensions = [0, 2, 3]
  %0 = linalg.conv_2d_nchw_fchw {strides = dense<2> : tensor<2xi64>, dilations = dense<1> : tensor<2xi64>}
      ins(%x, %f : tensor<1x4x8x8xf32>, tensor<6x4x3x3xf32>) outs(%start : tensor<1x6x3x3xf32>) -> tensor<1x6x3x3xf32>
  %1 = linalg.conv_2d_nchw_fchw {strides = dense<1> : tensor<2xi64>, dilations = dense<1> : tensor<2xi64>}
      ins(%0, %g : tensor<1x6x3x3xf32>, tensor<6x6x3x3xf32>) outs(%init : tensor<1x6x1x1xf32>) -> tensor<1x6x1x1xf32>
  return %1 : tensor<1x6x1x1xf32>
}

// Integers stay, and the channels of a multiplier are two dimensions.
// CHECK-LABEL: func @others
// CHECK: linalg.conv_2d_nhwc_hwcf
// CHECK: sepconv.depthwise_conv2d
// CHECK: tensor.expand_shape %{{.+}} {{\[\[}}0], [1], [2], [3, 4]] output_shape [1, 6, 6, 4, 2]
func.func @others(%i: tensor<1x8x8x4xi32>, %k: tensor<3x3x4x8xi32>, %zeros: tensor<1x6x6x8xi32>,
                  %x: tensor<1x8x8x4xf32>, %f: tensor<3x3x4x2xf32>)
    -> (tensor<1x6x6x8xi32>, tensor<1x6x6x4x2xf32>) {
  %0 = linalg.conv_2d_nhwc_hwcf {strides = dense<1> : tensor<2xi64>, dilations = dense<1> : tensor<2xi64>}
      ins(%i, %k : tensor<1x8x8x4xi32>, tensor<3x3x4x8xi32>) outs(%zeros : tensor<1x6x6x8xi32>) -> tensor<1x6x6x8xi32>
  %start = arith.constant dense<0.0> : tensor<1x6x6x4x2xf32>
  %1 = linalg.depthwise_conv_2d_nhwc_hwcm {strides = dense<1> : tensor<2xi64>, dilations = dense<1> : tensor<2xi64>}
      ins(%x, %f : tensor<1x8x8x4xf32>, tensor<3x3x4x2xf32>) outs(%start : tensor<1x6x6x4x2xf32>) -> tensor<1x6x6x4x2xf32>
  return %0, %1 : tensor<1x6x6x8xi32>, tensor<1x6x6x4x2xf32>
}
