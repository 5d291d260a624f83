// RUN: sepconv-opt %s --sepconv-form-kernels="remarks=true target=nvptx-sm_80" --verify-diagnostics | FileCheck %s
//
// On a GPU, here an A100: what it costs to compute the depthwise result for each 128 output channels.

// CHECK-LABEL: func @few_channels
// CHECK-COUNT-1: sepconv.kernel
// CHECK-NOT: sepconv.kernel
func.func @few_channels(%x: tensor<32x58x58x128xf32>, %d: tensor<3x3x128x1xf32>, %p: tensor<1x1x128x128xf32>)
    -> tensor<32x56x56x128xf32> {
  %0 = sepconv.depthwise_conv2d(%x, %d)
    : (tensor<32x58x58x128xf32>, tensor<3x3x128x1xf32>) -> tensor<32x56x56x128xf32>
  // expected-remark@+1 {{fused depthwise with pointwise, saves 102760448 bytes}}
  %1 = sepconv.conv2d(%0, %p)
    : (tensor<32x56x56x128xf32>, tensor<1x1x128x128xf32>) -> tensor<32x56x56x128xf32>
  return %1 : tensor<32x56x56x128xf32>
}

// CHECK-LABEL: func @many_channels
// CHECK-COUNT-2: sepconv.kernel
func.func @many_channels(%x: tensor<32x18x18x128xf32>, %d: tensor<5x5x128x1xf32>, %p: tensor<1x1x128x1024xf32>)
    -> tensor<32x14x14x1024xf32> {
  %0 = sepconv.depthwise_conv2d(%x, %d)
    : (tensor<32x18x18x128xf32>, tensor<5x5x128x1xf32>) -> tensor<32x14x14x128xf32>
  // expected-remark@+1 {{because computing the depthwise result 8 times takes 14.4 us longer, moving it and another launch take 6.1 us}}
  %1 = sepconv.conv2d(%0, %p)
    : (tensor<32x14x14x128xf32>, tensor<1x1x128x1024xf32>) -> tensor<32x14x14x1024xf32>
  return %1 : tensor<32x14x14x1024xf32>
}

// One image: the launch decides.
// CHECK-LABEL: func @one_image
// CHECK-COUNT-1: sepconv.kernel
// CHECK-NOT: sepconv.kernel
func.func @one_image(%x: tensor<1x18x18x128xf32>, %d: tensor<5x5x128x1xf32>, %p: tensor<1x1x128x1024xf32>)
    -> tensor<1x14x14x1024xf32> {
  %0 = sepconv.depthwise_conv2d(%x, %d)
    : (tensor<1x18x18x128xf32>, tensor<5x5x128x1xf32>) -> tensor<1x14x14x128xf32>
  // expected-remark@+1 {{fused depthwise with pointwise, saves 200704 bytes}}
  %1 = sepconv.conv2d(%0, %p)
    : (tensor<1x14x14x128xf32>, tensor<1x1x128x1024xf32>) -> tensor<1x14x14x1024xf32>
  return %1 : tensor<1x14x14x1024xf32>
}

// CHECK-LABEL: func @wide_window
// CHECK-COUNT-2: sepconv.kernel
func.func @wide_window(%x: tensor<1x200x200x4xf32>, %d: tensor<2x2x4x1xf32>, %p: tensor<1x1x4x4xf32>)
    -> tensor<1x80x80x4xf32> {
  %0 = sepconv.depthwise_conv2d(%x, %d) {dilations = array<i64: 120, 120>}
    : (tensor<1x200x200x4xf32>, tensor<2x2x4x1xf32>) -> tensor<1x80x80x4xf32>
  // expected-remark@+1 {{because one position's window takes 58580 bytes of shared memory, more than the 49152 bytes of a block}}
  %1 = sepconv.conv2d(%0, %p)
    : (tensor<1x80x80x4xf32>, tensor<1x1x4x4xf32>) -> tensor<1x80x80x4xf32>
  return %1 : tensor<1x80x80x4xf32>
}
