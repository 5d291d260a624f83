// Every operation of the sepconv dialect, parsed and printed, in the custom and in the generic form.
// RUN: sepconv-opt %s | sepconv-opt | FileCheck %s
// RUN: sepconv-opt %s --mlir-print-op-generic | sepconv-opt | FileCheck %s

// CHECK-LABEL: func @conv2d
func.func @conv2d(%x: tensor<1x8x8x4xf32>, %f: tensor<3x3x4x16xf32>, %b: tensor<16xf32>)
    -> (tensor<1x8x8x16xf32>, tensor<1x6x6x16xf32>) {
  // CHECK: sepconv.conv2d(%arg0, %arg1, %arg2)
  // CHECK-SAME: {activation = #sepconv.activation<relu>, padding = array<i64: 1, 1, 1, 1>}
  // CHECK-SAME: : (tensor<1x8x8x4xf32>, tensor<3x3x4x16xf32>, tensor<16xf32>) -> tensor<1x8x8x16xf32>
  %0 = sepconv.conv2d(%x, %f, %b)
      {padding = array<i64: 1, 1, 1, 1>, activation = #sepconv.activation<relu>}
    : (tensor<1x8x8x4xf32>, tensor<3x3x4x16xf32>, tensor<16xf32>) -> tensor<1x8x8x16xf32>
  // Attributes that have their default values are not printed.
  // CHECK: sepconv.conv2d(%arg0, %arg1) : (
  %1 = sepconv.conv2d(%x, %f)
      {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>,
       data_format = #sepconv.data_format<NHWC>, groups = 1}
    : (tensor<1x8x8x4xf32>, tensor<3x3x4x16xf32>) -> tensor<1x6x6x16xf32>
  return %0, %1 : tensor<1x8x8x16xf32>, tensor<1x6x6x16xf32>
}

// CHECK-LABEL: func @grouped_nchw
func.func @grouped_nchw(%x: tensor<2x8x9x7xf32>, %f: tensor<3x1x2x12xf32>) -> tensor<2x12x3x4xf32> {
  // CHECK: sepconv.conv2d({{.*}}) {data_format = #sepconv.data_format<NCHW>,
  // CHECK-SAME: dilations = array<i64: 2, 1>, groups = 4 : i64, strides = array<i64: 2, 2>}
  %0 = sepconv.conv2d(%x, %f)
      {data_format = #sepconv.data_format<NCHW>, dilations = array<i64: 2, 1>, groups = 4,
       strides = array<i64: 2, 2>}
    : (tensor<2x8x9x7xf32>, tensor<3x1x2x12xf32>) -> tensor<2x12x3x4xf32>
  return %0 : tensor<2x12x3x4xf32>
}

// CHECK-LABEL: func @depthwise_conv2d
func.func @depthwise_conv2d(%x: tensor<1x9x9x8xf32>, %f: tensor<3x3x8x2xf32>, %b: tensor<16xf32>)
    -> tensor<1x4x4x16xf32> {
  // CHECK: sepconv.depthwise_conv2d(%arg0, %arg1, %arg2) {strides = array<i64: 2, 2>}
  %0 = sepconv.depthwise_conv2d(%x, %f, %b) {strides = array<i64: 2, 2>}
    : (tensor<1x9x9x8xf32>, tensor<3x3x8x2xf32>, tensor<16xf32>) -> tensor<1x4x4x16xf32>
  return %0 : tensor<1x4x4x16xf32>
}

// CHECK-LABEL: func @separable_conv2d
func.func @separable_conv2d(%x: tensor<1x8x8x4xf32>, %d: tensor<3x3x4x2xf32>,
                            %p: tensor<1x1x8x16xf32>, %b: tensor<16xf32>) -> tensor<1x8x8x16xf32> {
  // CHECK: sepconv.separable_conv2d(%arg0, %arg1, %arg2, %arg3)
  // CHECK-SAME: activation = #sepconv.activation<relu, max_value = {{6.*}}>
  %0 = sepconv.separable_conv2d(%x, %d, %p, %b)
      {padding = array<i64: 1, 1, 1, 1>, activation = #sepconv.activation<relu, max_value = 6.0>}
    : (tensor<1x8x8x4xf32>, tensor<3x3x4x2xf32>, tensor<1x1x8x16xf32>, tensor<16xf32>)
    -> tensor<1x8x8x16xf32>
  return %0 : tensor<1x8x8x16xf32>
}

// CHECK-LABEL: func @pool2d
func.func @pool2d(%x: tensor<1x8x8x4xf32>) -> (tensor<1x4x4x4xf32>, tensor<1x8x8x4xf32>) {
  // CHECK: sepconv.pool2d(%arg0) {kind = #sepconv.pool_kind<max>, strides = array<i64: 2, 2>, window = array<i64: 2, 2>}
  %0 = sepconv.pool2d(%x) {kind = #sepconv.pool_kind<max>, window = array<i64: 2, 2>,
                           strides = array<i64: 2, 2>}
    : (tensor<1x8x8x4xf32>) -> tensor<1x4x4x4xf32>
  // CHECK: sepconv.pool2d(%arg0) {kind = #sepconv.pool_kind<average>, padding = array<i64: 1, 1, 1, 1>, window = array<i64: 3, 3>}
  %1 = sepconv.pool2d(%x) {kind = #sepconv.pool_kind<average>, window = array<i64: 3, 3>,
                           padding = array<i64: 1, 1, 1, 1>}
    : (tensor<1x8x8x4xf32>) -> tensor<1x8x8x4xf32>
  return %0, %1 : tensor<1x4x4x4xf32>, tensor<1x8x8x4xf32>
}

// CHECK-LABEL: func @dense
func.func @dense(%x: tensor<2x5x64xf32>, %f: tensor<64x10xf32>, %b: tensor<10xf32>)
    -> (tensor<2x5x10xf32>, tensor<2x5x10xf32>) {
  // CHECK: sepconv.dense(%arg0, %arg1, %arg2) {activation = #sepconv.activation<tanh>}
  %0 = sepconv.dense(%x, %f, %b) {activation = #sepconv.activation<tanh>}
    : (tensor<2x5x64xf32>, tensor<64x10xf32>, tensor<10xf32>) -> tensor<2x5x10xf32>
  // CHECK: sepconv.dense(%arg0, %arg1) : (
  %1 = sepconv.dense(%x, %f) : (tensor<2x5x64xf32>, tensor<64x10xf32>) -> tensor<2x5x10xf32>
  return %0, %1 : tensor<2x5x10xf32>, tensor<2x5x10xf32>
}

// CHECK-LABEL: func @batch_norm
func.func @batch_norm(%x: tensor<1x8x8x4xf32>, %v: tensor<4xf32>) -> tensor<1x8x8x4xf32> {
  // CHECK: sepconv.batch_norm(%arg0, %arg1, %arg1, %arg1, %arg1)
  // CHECK-SAME: {axis = 3 : i64, epsilon = 1.000000e-03 : f64} : tensor<1x8x8x4xf32>, tensor<4xf32>
  %0 = sepconv.batch_norm(%x, %v, %v, %v, %v) {axis = 3, epsilon = 1.0e-3}
    : tensor<1x8x8x4xf32>, tensor<4xf32>
  return %0 : tensor<1x8x8x4xf32>
}

// CHECK-LABEL: func @activation
func.func @activation(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  // CHECK: sepconv.activation(%arg0) {function = #sepconv.activation<silu>} : tensor<3x5xf32>
  %0 = sepconv.activation(%x) {function = #sepconv.activation<silu>} : tensor<3x5xf32>
  // CHECK: #sepconv.activation<relu, alpha = {{2.*}}, max_value = {{6.*}}, threshold = {{5.*}}>
  %1 = sepconv.activation(%0)
      {function = #sepconv.activation<relu, threshold = 0.5, max_value = 6.0, alpha = 0.25>}
    : tensor<3x5xf32>
  return %1 : tensor<3x5xf32>
}

// CHECK-LABEL: func @kernel
func.func @kernel(%x: tensor<1x8x8x4xf32>) -> tensor<1x8x8x4xf32> {
  // CHECK: sepconv.kernel(%arg0) : (tensor<1x8x8x4xf32>) -> tensor<1x8x8x4xf32> {
  // CHECK-NEXT: ^bb0(%[[IN:.*]]: tensor<1x8x8x4xf32>):
  // CHECK-NEXT: %[[OUT:.*]] = sepconv.activation(%[[IN]])
  // CHECK-NEXT: sepconv.yield %[[OUT]] : tensor<1x8x8x4xf32>
  %0 = sepconv.kernel(%x) : (tensor<1x8x8x4xf32>) -> tensor<1x8x8x4xf32> {
  ^bb0(%in: tensor<1x8x8x4xf32>):
    %1 = sepconv.activation(%in) {function = #sepconv.activation<relu>} : tensor<1x8x8x4xf32>
    sepconv.yield %1 : tensor<1x8x8x4xf32>
  }
  return %0 : tensor<1x8x8x4xf32>
}

func.func private @callee(%x: tensor<4xf32>) -> tensor<4xf32>

// CHECK-LABEL: func @call
func.func @call(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: sepconv.call @callee(%arg0) : (tensor<4xf32>) -> tensor<4xf32>
  %0 = sepconv.call @callee(%x) : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
