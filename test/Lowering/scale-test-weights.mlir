// Weights of sums by the number of their terms: of a depthwise filter all but channels and multiplier, of others all but
// the last dimension, behind a cast too. Vectors, and what nothing uses, have no scale or their own.
// RUN: sepconv-opt %s --sepconv-scale-test-weights | FileCheck %s

// CHECK: func.func @main(%arg0: tensor<1x8x8x6xf32>, %arg1: tensor<3x3x6x1xf32> {sepconv.test_scale = 0.81649658092772603 : f64, sepconv.weight})
func.func @main(%x: tensor<1x8x8x6xf32>, %w: tensor<3x3x6x1xf32> {sepconv.weight})
    -> tensor<1x6x6x6xf32> {
  %0 = sepconv.depthwise_conv2d(%x, %w)
    : (tensor<1x8x8x6xf32>, tensor<3x3x6x1xf32>) -> tensor<1x6x6x6xf32>
  return %0 : tensor<1x6x6x6xf32>
}

// CHECK: func.func @dense(%arg0: tensor<2x24xf32>, %arg1: tensor<24x5xf16> {sepconv.test_scale = 5.000000e-01 : f64, sepconv.weight}, %arg2: tensor<5xf32> {sepconv.weight}, %arg3: tensor<6x4xf32> {sepconv.test_scale = 1.000000e+00 : f64, sepconv.weight})
func.func @dense(%x: tensor<2x24xf32>, %w: tensor<24x5xf16> {sepconv.weight}, %b: tensor<5xf32> {sepconv.weight},
                 %unused: tensor<6x4xf32> {sepconv.weight}) -> tensor<2x5xf32> {
  %wide = arith.extf %w : tensor<24x5xf16> to tensor<24x5xf32>
  %zero = arith.constant dense<0.0> : tensor<2x5xf32>
  %0 = linalg.matmul ins(%x, %wide : tensor<2x24xf32>, tensor<24x5xf32>) outs(%zero : tensor<2x5xf32>) -> tensor<2x5xf32>
  %sum = linalg.add ins(%0, %0 : tensor<2x5xf32>, tensor<2x5xf32>) outs(%zero : tensor<2x5xf32>) -> tensor<2x5xf32>
  return %sum : tensor<2x5xf32>
}
