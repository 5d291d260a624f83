// RUN: env SEPCONV_SCHEDULES=%S/Inputs/machines sepconv-opt %s --sepconv-form-kernels="remarks=true target=small" --verify-diagnostics | FileCheck %s
//
// A pointwise convolution and the depthwise one after it: one kernel where what is between them does not stay
// in the cache (4096 bytes), and a few of its rows do.

// CHECK-LABEL: func @inverted_residual
// CHECK-COUNT-1: sepconv.kernel
// CHECK-NOT: sepconv.kernel
func.func @inverted_residual(%x: tensor<1x16x16x2xf32>, %w: tensor<1x1x2x8xf32>, %d: tensor<3x3x8x1xf32>, %p: tensor<1x1x8x2xf32>)
    -> tensor<1x16x16x2xf32> {
  %0 = sepconv.conv2d(%x, %w)
    : (tensor<1x16x16x2xf32>, tensor<1x1x2x8xf32>) -> tensor<1x16x16x8xf32>
  // expected-remark@+1 {{fused pointwise with depthwise, saves 16384 bytes}}
  %1 = sepconv.depthwise_conv2d(%0, %d) {padding = array<i64: 1, 1, 1, 1>}
    : (tensor<1x16x16x8xf32>, tensor<3x3x8x1xf32>) -> tensor<1x16x16x8xf32>
  // expected-remark@+1 {{fused depthwise with pointwise, saves 16384 bytes}}
  %2 = sepconv.conv2d(%1, %p)
    : (tensor<1x16x16x8xf32>, tensor<1x1x8x2xf32>) -> tensor<1x16x16x2xf32>
  return %2 : tensor<1x16x16x2xf32>
}

// CHECK-LABEL: func @small
// CHECK-COUNT-2: sepconv.kernel
// CHECK-NOT: sepconv.kernel
func.func @small(%x: tensor<1x8x8x2xf32>, %w: tensor<1x1x2x8xf32>, %d: tensor<3x3x8x1xf32>)
    -> tensor<1x8x8x8xf32> {
  %0 = sepconv.conv2d(%x, %w)
    : (tensor<1x8x8x2xf32>, tensor<1x1x2x8xf32>) -> tensor<1x8x8x8xf32>
  // expected-remark@+1 {{not fused with the convolution before it, because the 2048 bytes between them stay in the 4096 bytes of L2}}
  %1 = sepconv.depthwise_conv2d(%0, %d) {padding = array<i64: 1, 1, 1, 1>}
    : (tensor<1x8x8x8xf32>, tensor<3x3x8x1xf32>) -> tensor<1x8x8x8xf32>
  return %1 : tensor<1x8x8x8xf32>
}

// Three rows of a window, and two for the next one.
// CHECK-LABEL: func @many_rows
// CHECK-COUNT-2: sepconv.kernel
// CHECK-NOT: sepconv.kernel
func.func @many_rows(%x: tensor<1x16x16x2xf32>, %w: tensor<1x1x2x8xf32>, %d: tensor<3x3x8x1xf32>)
    -> tensor<1x8x8x8xf32> {
  %0 = sepconv.conv2d(%x, %w)
    : (tensor<1x16x16x2xf32>, tensor<1x1x2x8xf32>) -> tensor<1x16x16x8xf32>
  // expected-remark@+1 {{not fused with the convolution before it, because 5 rows between them take 2560 bytes, more than half of the 4096 bytes of L2}}
  %1 = sepconv.depthwise_conv2d(%0, %d) {strides = array<i64: 2, 2>, padding = array<i64: 1, 1, 1, 1>}
    : (tensor<1x16x16x8xf32>, tensor<3x3x8x1xf32>) -> tensor<1x8x8x8xf32>
  return %1 : tensor<1x8x8x8xf32>
}

// CHECK-LABEL: func @large_filter
// CHECK-COUNT-2: sepconv.kernel
// CHECK-NOT: sepconv.kernel
func.func @large_filter(%x: tensor<1x16x16x70xf32>, %w: tensor<1x1x70x8xf32>, %d: tensor<3x3x8x1xf32>)
    -> tensor<1x16x16x8xf32> {
  %0 = sepconv.conv2d(%x, %w)
    : (tensor<1x16x16x70xf32>, tensor<1x1x70x8xf32>) -> tensor<1x16x16x8xf32>
  // expected-remark@+1 {{not fused with the convolution before it, because the pointwise filter takes 2240 bytes, more than half of the 4096 bytes of L2}}
  %1 = sepconv.depthwise_conv2d(%0, %d) {padding = array<i64: 1, 1, 1, 1>}
    : (tensor<1x16x16x8xf32>, tensor<3x3x8x1xf32>) -> tensor<1x16x16x8xf32>
  return %1 : tensor<1x16x16x8xf32>
}

// CHECK-LABEL: func @window
// CHECK-COUNT-2: sepconv.kernel
// CHECK-NOT: sepconv.kernel
func.func @window(%x: tensor<1x18x18x2xf32>, %w: tensor<3x3x2x8xf32>, %d: tensor<3x3x8x1xf32>)
    -> tensor<1x16x16x8xf32> {
  %0 = sepconv.conv2d(%x, %w)
    : (tensor<1x18x18x2xf32>, tensor<3x3x2x8xf32>) -> tensor<1x16x16x8xf32>
  // expected-remark@+1 {{not fused with the convolution before it, because the first convolution is not 1x1}}
  %1 = sepconv.depthwise_conv2d(%0, %d) {padding = array<i64: 1, 1, 1, 1>}
    : (tensor<1x16x16x8xf32>, tensor<3x3x8x1xf32>) -> tensor<1x16x16x8xf32>
  return %1 : tensor<1x16x16x8xf32>
}

// CHECK-LABEL: func @strided
// CHECK-COUNT-2: sepconv.kernel
// CHECK-NOT: sepconv.kernel
func.func @strided(%x: tensor<1x31x31x2xf32>, %w: tensor<1x1x2x8xf32>, %d: tensor<3x3x8x1xf32>)
    -> tensor<1x16x16x8xf32> {
  %0 = sepconv.conv2d(%x, %w) {strides = array<i64: 2, 2>}
    : (tensor<1x31x31x2xf32>, tensor<1x1x2x8xf32>) -> tensor<1x16x16x8xf32>
  // expected-remark@+1 {{not fused with the convolution before it, because the pointwise convolution is strided}}
  %1 = sepconv.depthwise_conv2d(%0, %d) {padding = array<i64: 1, 1, 1, 1>}
    : (tensor<1x16x16x8xf32>, tensor<3x3x8x1xf32>) -> tensor<1x16x16x8xf32>
  return %1 : tensor<1x16x16x8xf32>
}

// CHECK-LABEL: func @read_twice
// CHECK-COUNT-2: sepconv.kernel
// CHECK-NOT: sepconv.kernel
func.func @read_twice(%x: tensor<1x16x16x2xf32>, %w: tensor<1x1x2x8xf32>, %d: tensor<3x3x8x1xf32>)
    -> (tensor<1x16x16x8xf32>, tensor<1x16x16x8xf32>) {
  %0 = sepconv.conv2d(%x, %w)
    : (tensor<1x16x16x2xf32>, tensor<1x1x2x8xf32>) -> tensor<1x16x16x8xf32>
  // expected-remark@+1 {{not fused with the convolution before it, because the pointwise result has other users}}
  %1 = sepconv.depthwise_conv2d(%0, %d) {padding = array<i64: 1, 1, 1, 1>}
    : (tensor<1x16x16x8xf32>, tensor<3x3x8x1xf32>) -> tensor<1x16x16x8xf32>
  return %0, %1 : tensor<1x16x16x8xf32>, tensor<1x16x16x8xf32>
}

// The pad between the two is read by them alone.
// CHECK-LABEL: func @padded
// CHECK-COUNT-1: sepconv.kernel
// CHECK: sepconv.conv2d
// CHECK: tensor.pad
// CHECK: sepconv.depthwise_conv2d
// CHECK-NOT: sepconv.kernel
func.func @padded(%x: tensor<1x16x16x2xf32>, %w: tensor<1x1x2x8xf32>, %d: tensor<3x3x8x1xf32>)
    -> tensor<1x16x16x8xf32> {
  %zero = arith.constant 0.0 : f32
  %0 = sepconv.conv2d(%x, %w)
    : (tensor<1x16x16x2xf32>, tensor<1x1x2x8xf32>) -> tensor<1x16x16x8xf32>
  %padded = tensor.pad %0 low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%i: index, %j: index, %k: index, %l: index):
    tensor.yield %zero : f32
  } : tensor<1x16x16x8xf32> to tensor<1x18x18x8xf32>
  // expected-remark@+1 {{fused pointwise with depthwise, saves 16384 bytes}}
  %1 = sepconv.depthwise_conv2d(%padded, %d)
    : (tensor<1x18x18x8xf32>, tensor<3x3x8x1xf32>) -> tensor<1x16x16x8xf32>
  return %1 : tensor<1x16x16x8xf32>
}
