// RUN: sepconv-opt %s --sepconv-fold-padding | FileCheck %s

// The example in the pass's description.
// CHECK: func.func @asymmetric(%arg0: tensor<1x8x8x4xf32>, %arg1: tensor<3x3x4x1xf32>) -> tensor<1x4x4x4xf32> {
// CHECK-NEXT: %cst = arith.constant 0.000000e+00 : f32
// CHECK-NEXT: %0 = sepconv.depthwise_conv2d(%arg0, %arg1) {padding = array<i64: 0, 1, 0, 1>, strides = array<i64: 2, 2>} : (tensor<1x8x8x4xf32>, tensor<3x3x4x1xf32>) -> tensor<1x4x4x4xf32>
// CHECK-NEXT: return %0 : tensor<1x4x4x4xf32>
// CHECK-NEXT: }
func.func @asymmetric(%x: tensor<1x8x8x4xf32>, %f: tensor<3x3x4x1xf32>) -> tensor<1x4x4x4xf32> {
  %zero = arith.constant 0.0 : f32
  %0 = tensor.pad %x low[0, 0, 0, 0] high[0, 1, 1, 0] {
  ^bb0(%b: index, %h: index, %w: index, %c: index):
    tensor.yield %zero : f32
  } : tensor<1x8x8x4xf32> to tensor<1x9x9x4xf32>
  %1 = sepconv.depthwise_conv2d(%0, %f) {strides = array<i64: 2, 2>}
    : (tensor<1x9x9x4xf32>, tensor<3x3x4x1xf32>) -> tensor<1x4x4x4xf32>
  return %1 : tensor<1x4x4x4xf32>
}

// Two paddings, the convolution's own on top, height and width apart, in NCHW.
// CHECK-LABEL: func @nchw(
func.func @nchw(%x: tensor<1x4x8x8xf32>, %f: tensor<3x3x4x2xf32>) -> tensor<1x2x13x17xf32> {
  // CHECK-NOT: tensor.pad
  // CHECK: sepconv.conv2d(%{{.+}}, %{{.+}}) {data_format = #sepconv.data_format<NCHW>, padding = array<i64: 3, 4, 5, 6>}
  %zero = arith.constant 0.0 : f32
  %0 = tensor.pad %x low[0, 0, 1, 3] high[0, 0, 2, 4] {
  ^bb0(%b: index, %c: index, %h: index, %w: index):
    tensor.yield %zero : f32
  } : tensor<1x4x8x8xf32> to tensor<1x4x11x15xf32>
  %1 = tensor.pad %0 low[0, 0, 1, 1] high[0, 0, 1, 1] {
  ^bb0(%b: index, %c: index, %h: index, %w: index):
    tensor.yield %zero : f32
  } : tensor<1x4x11x15xf32> to tensor<1x4x13x17xf32>
  %2 = sepconv.conv2d(%1, %f)
      {padding = array<i64: 1, 1, 1, 1>, data_format = #sepconv.data_format<NCHW>}
    : (tensor<1x4x13x17xf32>, tensor<3x3x4x2xf32>) -> tensor<1x2x13x17xf32>
  return %2 : tensor<1x2x13x17xf32>
}

// Integers are padded with any number, which the convolution's own padding has too.
// CHECK-LABEL: func @integers(
func.func @integers(%x: tensor<1x8x8x4xi8>, %f: tensor<3x3x4x1xi8>) -> tensor<1x10x10x4xi32> {
  // CHECK: %[[PADDED:.*]] = tensor.pad %arg0 low[0, 1, 1, 0] high[0, 1, 1, 0]
  // CHECK: sepconv.depthwise_conv2d(%[[PADDED]], %{{.+}}) {padding = array<i64: 1, 1, 1, 1>, padding_value = 200 : i64, unsigned_input}
  %outer = arith.constant -56 : i8
  %inner = arith.constant 7 : i8
  %0 = tensor.pad %x low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%b: index, %h: index, %w: index, %c: index):
    tensor.yield %inner : i8
  } : tensor<1x8x8x4xi8> to tensor<1x10x10x4xi8>
  %1 = tensor.pad %0 low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%b: index, %h: index, %w: index, %c: index):
    tensor.yield %outer : i8
  } : tensor<1x10x10x4xi8> to tensor<1x12x12x4xi8>
  %2 = sepconv.depthwise_conv2d(%1, %f) {unsigned_input}
    : (tensor<1x12x12x4xi8>, tensor<3x3x4x1xi8>) -> tensor<1x10x10x4xi32>
  return %2 : tensor<1x10x10x4xi32>
}

// CHECK-LABEL: func @kept(
func.func @kept(%x: tensor<1x8x8x4xf32>, %f: tensor<3x3x4x1xf32>, %p: tensor<1x1x4x2xf32>,
                %p6: tensor<1x1x6x2xf32>)
    -> (tensor<1x5x5x4xf32>, tensor<1x8x8x2xf32>, tensor<1x8x8x2xf32>, tensor<1x8x8x2xf32>) {
  // A pool leaves padding out of its count, a convolution beside it still folds it.
  // CHECK: %[[PAD:.+]] = tensor.pad
  // CHECK: sepconv.pool2d(%[[PAD]])
  // CHECK: sepconv.separable_conv2d(%{{.+}}) {padding = array<i64: 1, 1, 1, 1>}
  %zero = arith.constant 0.0 : f32
  %0 = tensor.pad %x low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%b: index, %h: index, %w: index, %c: index):
    tensor.yield %zero : f32
  } : tensor<1x8x8x4xf32> to tensor<1x10x10x4xf32>
  %1 = sepconv.pool2d(%0) {kind = #sepconv.pool_kind<average>, window = array<i64: 2, 2>,
                           strides = array<i64: 2, 2>}
    : (tensor<1x10x10x4xf32>) -> tensor<1x5x5x4xf32>
  %2 = sepconv.separable_conv2d(%0, %f, %p)
    : (tensor<1x10x10x4xf32>, tensor<3x3x4x1xf32>, tensor<1x1x4x2xf32>) -> tensor<1x8x8x2xf32>
  // Neither another value than zero nor channels.
  // CHECK: %[[ONES:.+]] = tensor.pad
  // CHECK: sepconv.separable_conv2d(%[[ONES]],
  // CHECK: %[[CHANNELS:.+]] = tensor.pad
  // CHECK: sepconv.conv2d(%[[CHANNELS]],
  %one = arith.constant 1.0 : f32
  %3 = tensor.pad %x low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%b: index, %h: index, %w: index, %c: index):
    tensor.yield %one : f32
  } : tensor<1x8x8x4xf32> to tensor<1x10x10x4xf32>
  %4 = sepconv.separable_conv2d(%3, %f, %p)
    : (tensor<1x10x10x4xf32>, tensor<3x3x4x1xf32>, tensor<1x1x4x2xf32>) -> tensor<1x8x8x2xf32>
  %5 = tensor.pad %x low[0, 0, 0, 1] high[0, 0, 0, 1] {
  ^bb0(%b: index, %h: index, %w: index, %c: index):
    tensor.yield %zero : f32
  } : tensor<1x8x8x4xf32> to tensor<1x8x8x6xf32>
  %6 = sepconv.conv2d(%5, %p6)
    : (tensor<1x8x8x6xf32>, tensor<1x1x6x2xf32>) -> tensor<1x8x8x2xf32>
  return %1, %2, %4, %6
    : tensor<1x5x5x4xf32>, tensor<1x8x8x2xf32>, tensor<1x8x8x2xf32>, tensor<1x8x8x2xf32>
}

// A negative size crops, which no convolution does.
// CHECK-LABEL: func @cropped(
func.func @cropped(%x: tensor<1x8x8x4xf32>, %f: tensor<3x3x4x1xf32>) -> tensor<1x6x6x4xf32> {
  // CHECK: %[[PAD:.+]] = tensor.pad
  // CHECK: sepconv.depthwise_conv2d(%[[PAD]],
  %zero = arith.constant 0.0 : f32
  %0 = tensor.pad %x low[0, -1, 1, 0] high[0, 1, -1, 0] {
  ^bb0(%b: index, %h: index, %w: index, %c: index):
    tensor.yield %zero : f32
  } : tensor<1x8x8x4xf32> to tensor<1x8x8x4xf32>
  %1 = sepconv.depthwise_conv2d(%0, %f)
    : (tensor<1x8x8x4xf32>, tensor<3x3x4x1xf32>) -> tensor<1x6x6x4xf32>
  return %1 : tensor<1x6x6x4xf32>
}
