// RUN: sepconv-opt %s --sepconv-form-kernels="remarks=true" --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: func @residual
// CHECK-SAME: (%[[X:.+]]: tensor<1x8x8x4xf32>, %[[D:.+]]: tensor<3x3x4x1xf32>, %[[P:.+]]: tensor<1x1x4x4xf32>)
func.func @residual(%x: tensor<1x8x8x4xf32>, %d: tensor<3x3x4x1xf32>, %p: tensor<1x1x4x4xf32>)
    -> tensor<1x8x8x4xf32> {
  // CHECK: %[[K:.+]] = sepconv.kernel(%[[X]], %[[D]], %[[P]])
  // CHECK: ^bb0(%[[X0:.+]]: tensor<1x8x8x4xf32>, %[[D0:.+]]: tensor<3x3x4x1xf32>, %[[P0:.+]]: tensor<1x1x4x4xf32>):
  // CHECK: %[[ZERO:.+]] = arith.constant 0.0
  // CHECK: %[[PADDED:.+]] = tensor.pad %[[X0]]
  // CHECK: %[[DW:.+]] = sepconv.depthwise_conv2d(%[[PADDED]], %[[D0]])
  // CHECK: %[[SILU:.+]] = sepconv.activation(%[[DW]])
  // CHECK: %[[PW:.+]] = sepconv.conv2d(%[[SILU]], %[[P0]])
  // CHECK: %[[SUM:.+]] = linalg.add ins(%[[X0]], %[[PW]] :
  // CHECK: sepconv.yield %[[SUM]]
  // CHECK: return %[[K]]
  %zero = arith.constant 0.0 : f32
  %padded = tensor.pad %x low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%i: index, %j: index, %k: index, %l: index):
    tensor.yield %zero : f32
  } : tensor<1x8x8x4xf32> to tensor<1x10x10x4xf32>
  %0 = sepconv.depthwise_conv2d(%padded, %d)
    : (tensor<1x10x10x4xf32>, tensor<3x3x4x1xf32>) -> tensor<1x8x8x4xf32>
  %1 = sepconv.activation(%0) {function = #sepconv.activation<silu>} : tensor<1x8x8x4xf32>
  // expected-remark@+1 {{fused depthwise with pointwise, saves 2048 bytes}}
  %2 = sepconv.conv2d(%1, %p)
    : (tensor<1x8x8x4xf32>, tensor<1x1x4x4xf32>) -> tensor<1x8x8x4xf32>
  %empty = tensor.empty() : tensor<1x8x8x4xf32>
  %3 = linalg.add ins(%x, %2 : tensor<1x8x8x4xf32>, tensor<1x8x8x4xf32>)
                  outs(%empty : tensor<1x8x8x4xf32>) -> tensor<1x8x8x4xf32>
  return %3 : tensor<1x8x8x4xf32>
}

// -----

// CHECK-LABEL: func @parameters
func.func @parameters(%x: tensor<1x8xf32>) -> (tensor<8xf32>, tensor<1x4xf32>) {
  // The parameters of a layer are inputs even if they are splats; a view stays outside.
  // CHECK: %[[F:.+]] = arith.constant dense<5.000000e-01>
  // CHECK: %[[Y:.+]] = sepconv.kernel(%{{.+}}, %[[F]])
  // CHECK: sepconv.dense
  // CHECK-NOT: sepconv.activation
  // CHECK: tensor.collapse_shape %[[Y]]
  // CHECK: sepconv.kernel
  // CHECK: sepconv.activation
  // CHECK: sepconv.kernel(%[[Y]]) : (tensor<1x8xf32>) -> tensor<1x4xf32>
  // CHECK: tensor.extract_slice
  %f = arith.constant dense<0.5> : tensor<8x8xf32>
  %0 = sepconv.dense(%x, %f) : (tensor<1x8xf32>, tensor<8x8xf32>) -> tensor<1x8xf32>
  %1 = tensor.collapse_shape %0 [[0, 1]] : tensor<1x8xf32> into tensor<8xf32>
  %2 = sepconv.activation(%1) {function = #sepconv.activation<tanh>} : tensor<8xf32>
  %3 = tensor.extract_slice %0[0, 2] [1, 4] [1, 1] : tensor<1x8xf32> to tensor<1x4xf32>
  %dead = sepconv.activation(%0) {function = #sepconv.activation<tanh>} : tensor<1x8xf32>
  return %2, %3 : tensor<8xf32>, tensor<1x4xf32>
}

// -----

// The example in the pass's description.
// CHECK: func.func @example(%arg0: tensor<1x8x8x4xf32>, %arg1: tensor<3x3x4x1xf32>) -> tensor<1x6x6x4xf32> {
// CHECK-NEXT: %0 = sepconv.kernel(%arg0, %arg1) : (tensor<1x8x8x4xf32>, tensor<3x3x4x1xf32>) -> tensor<1x6x6x4xf32> {
// CHECK-NEXT: ^bb0(%arg2: tensor<1x8x8x4xf32>, %arg3: tensor<3x3x4x1xf32>):
// CHECK-NEXT: %1 = sepconv.depthwise_conv2d(%arg2, %arg3) : (tensor<1x8x8x4xf32>, tensor<3x3x4x1xf32>) -> tensor<1x6x6x4xf32>
// CHECK-NEXT: %2 = sepconv.activation(%1) {function = #sepconv.activation<silu>} : tensor<1x6x6x4xf32>
// CHECK-NEXT: sepconv.yield %2 : tensor<1x6x6x4xf32>
// CHECK-NEXT: }
// CHECK-NEXT: return %0 : tensor<1x6x6x4xf32>
// CHECK-NEXT: }
func.func @example(%x: tensor<1x8x8x4xf32>, %d: tensor<3x3x4x1xf32>) -> tensor<1x6x6x4xf32> {
  %0 = sepconv.depthwise_conv2d(%x, %d)
    : (tensor<1x8x8x4xf32>, tensor<3x3x4x1xf32>) -> tensor<1x6x6x4xf32>
  %1 = sepconv.activation(%0) {function = #sepconv.activation<silu>} : tensor<1x6x6x4xf32>
  return %1 : tensor<1x6x6x4xf32>
}
