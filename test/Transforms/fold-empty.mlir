// What has no elements computes nothing: an empty batch, or a window that fits nowhere.
// RUN: sepconv-opt %s --sepconv-fold-empty | FileCheck %s

// The example in the pass's description.
// CHECK: func.func @batch(%arg0: tensor<0x8x8x4xf32>, %arg1: tensor<3x3x4x1xf32>) -> tensor<0x6x6x4xf32> {
// CHECK-NEXT: %cst = arith.constant dense<> : tensor<0x6x6x4xf32>
// CHECK-NEXT: return %cst : tensor<0x6x6x4xf32>
// CHECK-NEXT: }
func.func @batch(%x: tensor<0x8x8x4xf32>, %f: tensor<3x3x4x1xf32>) -> tensor<0x6x6x4xf32> {
  %0 = sepconv.depthwise_conv2d(%x, %f)
    : (tensor<0x8x8x4xf32>, tensor<3x3x4x1xf32>) -> tensor<0x6x6x4xf32>
  return %0 : tensor<0x6x6x4xf32>
}

// An input of 2 rows has no window of 3.
// CHECK-LABEL: func @window
// CHECK-NOT: sepconv.
// CHECK: return
func.func @window(%x: tensor<1x2x8x4xf32>, %f: tensor<3x3x4x1xf32>) -> tensor<1x0x6x4xf32> {
  %0 = sepconv.depthwise_conv2d(%x, %f)
    : (tensor<1x2x8x4xf32>, tensor<3x3x4x1xf32>) -> tensor<1x0x6x4xf32>
  %1 = sepconv.activation(%0) {function = #sepconv.activation<relu>} : tensor<1x0x6x4xf32>
  return %1 : tensor<1x0x6x4xf32>
}

// A sum over nothing has elements.
// CHECK-LABEL: func @sum
// CHECK: linalg.matmul
func.func @sum(%x: tensor<2x0xf32>, %f: tensor<0x2xf32>, %out: tensor<2x2xf32>) -> tensor<2x2xf32> {
  %0 = linalg.matmul ins(%x, %f : tensor<2x0xf32>, tensor<0x2xf32>)
                     outs(%out : tensor<2x2xf32>) -> tensor<2x2xf32>
  return %0 : tensor<2x2xf32>
}
