// RUN: env SEPCONV_SCHEDULES=%S/Inputs/machines sepconv-opt %s --sepconv-form-kernels="remarks=true target=small" --verify-diagnostics | FileCheck %s
//
// The reasons for which a depthwise and a pointwise convolution stay two kernels.

// CHECK-LABEL: func @wide
// CHECK-COUNT-2: sepconv.kernel
func.func @wide(%x: tensor<1x8x66x16xf32>, %d: tensor<3x3x16x1xf32>, %p: tensor<1x1x16x4xf32>)
    -> tensor<1x6x64x4xf32> {
  %0 = sepconv.depthwise_conv2d(%x, %d)
    : (tensor<1x8x66x16xf32>, tensor<3x3x16x1xf32>) -> tensor<1x6x64x16xf32>
  // expected-remark@+1 {{because a row of the depthwise result takes 4096 bytes, more than half of the 4096 bytes of L2}}
  %1 = sepconv.conv2d(%0, %p)
    : (tensor<1x6x64x16xf32>, tensor<1x1x16x4xf32>) -> tensor<1x6x64x4xf32>
  return %1 : tensor<1x6x64x4xf32>
}

// CHECK-LABEL: func @many_filters
// CHECK-COUNT-2: sepconv.kernel
func.func @many_filters(%x: tensor<1x8x10x32xf32>, %d: tensor<3x3x32x1xf32>,
                        %p: tensor<1x1x32x64xf32>) -> tensor<1x6x8x64xf32> {
  %0 = sepconv.depthwise_conv2d(%x, %d)
    : (tensor<1x8x10x32xf32>, tensor<3x3x32x1xf32>) -> tensor<1x6x8x32xf32>
  // expected-remark@+1 {{because reading the pointwise filter for each of 3 tiles of rows costs 16384 bytes, more than the 12288 bytes that it saves}}
  %1 = sepconv.conv2d(%0, %p)
    : (tensor<1x6x8x32xf32>, tensor<1x1x32x64xf32>) -> tensor<1x6x8x64xf32>
  return %1 : tensor<1x6x8x64xf32>
}

// Two rows of 32 positions hide that the filter is read for each of 3 tiles.
// CHECK-LABEL: func @hidden_filters
// CHECK-COUNT-1: sepconv.kernel
// CHECK-NOT: sepconv.kernel
func.func @hidden_filters(%x: tensor<1x8x34x8xf32>, %d: tensor<3x3x8x1xf32>,
                          %p: tensor<1x1x8x256xf32>) -> tensor<1x6x32x256xf32> {
  %0 = sepconv.depthwise_conv2d(%x, %d)
    : (tensor<1x8x34x8xf32>, tensor<3x3x8x1xf32>) -> tensor<1x6x32x8xf32>
  // expected-remark@+1 {{fused depthwise with pointwise, saves 12288 bytes}}
  %1 = sepconv.conv2d(%0, %p)
    : (tensor<1x6x32x8xf32>, tensor<1x1x8x256xf32>) -> tensor<1x6x32x256xf32>
  return %1 : tensor<1x6x32x256xf32>
}

// CHECK-LABEL: func @strided
// CHECK-COUNT-2: sepconv.kernel
func.func @strided(%x: tensor<1x8x8x4xf32>, %d: tensor<3x3x4x1xf32>, %p: tensor<1x1x4x4xf32>)
    -> tensor<1x3x3x4xf32> {
  %0 = sepconv.depthwise_conv2d(%x, %d)
    : (tensor<1x8x8x4xf32>, tensor<3x3x4x1xf32>) -> tensor<1x6x6x4xf32>
  // expected-remark@+1 {{because the pointwise convolution is strided}}
  %1 = sepconv.conv2d(%0, %p) {strides = array<i64: 2, 2>}
    : (tensor<1x6x6x4xf32>, tensor<1x1x4x4xf32>) -> tensor<1x3x3x4xf32>
  return %1 : tensor<1x3x3x4xf32>
}

// CHECK-LABEL: func @read_twice
// CHECK-COUNT-2: sepconv.kernel
func.func @read_twice(%x: tensor<1x8x8x4xf32>, %d: tensor<3x3x4x1xf32>, %p: tensor<1x1x4x4xf32>)
    -> (tensor<1x6x6x4xf32>, tensor<1x6x6x4xf32>) {
  %0 = sepconv.depthwise_conv2d(%x, %d)
    : (tensor<1x8x8x4xf32>, tensor<3x3x4x1xf32>) -> tensor<1x6x6x4xf32>
  // expected-remark@+1 {{because the depthwise result has other users}}
  %1 = sepconv.conv2d(%0, %p)
    : (tensor<1x6x6x4xf32>, tensor<1x1x4x4xf32>) -> tensor<1x6x6x4xf32>
  return %0, %1 : tensor<1x6x6x4xf32>, tensor<1x6x6x4xf32>
}

// RUN: not sepconv-opt %s --sepconv-form-kernels=target=z80 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// UNKNOWN: error: unknown target 'z80', expected one of
