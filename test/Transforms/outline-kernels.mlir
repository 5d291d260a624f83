// RUN: sepconv-opt %s --sepconv-form-kernels --sepconv-convert-to-linalg --sepconv-outline-kernels --cse --split-input-file | FileCheck %s
// RUN: sepconv-opt %s --sepconv-outline-kernels --split-input-file | FileCheck %s --check-prefix=EXAMPLE

// CHECK-LABEL: func @two_layers
// CHECK-SAME: (%[[X:.+]]: tensor<1x4xf32>, %[[M:.+]]: tensor<4x4xf32>)
// CHECK-DAG: %[[F:.+]] = arith.constant dense<2.0
// CHECK-DAG: %[[G:.+]] = arith.constant dense<3.0
// CHECK: %[[A:.+]] = sepconv.call @dense_0(%[[X]], %[[F]])
// CHECK: %[[B:.+]] = sepconv.call @dense_0(%[[A]], %[[G]])
// CHECK: %[[C:.+]] = sepconv.call @dense_1(%[[B]], %[[M]])
// CHECK: return %[[C]]
func.func @two_layers(%x: tensor<1x4xf32>, %m: tensor<4x4xf32>) -> tensor<1x4xf32> {
  %f = arith.constant dense<2.0> : tensor<4x4xf32>
  %g = arith.constant dense<3.0> : tensor<4x4xf32>
  %0 = sepconv.dense(%x, %f) : (tensor<1x4xf32>, tensor<4x4xf32>) -> tensor<1x4xf32> loc("fc1")
  %1 = sepconv.dense(%0, %g) : (tensor<1x4xf32>, tensor<4x4xf32>) -> tensor<1x4xf32> loc("fc2")
  // The same body, but its filter cannot be packed at compile time.
  %2 = sepconv.dense(%1, %m) : (tensor<1x4xf32>, tensor<4x4xf32>) -> tensor<1x4xf32> loc("fc3")
  return %2 : tensor<1x4xf32>
}

// The filters get their shapes outside of the kernel; the factors of the average are an input.
// CHECK-LABEL: func @views
// CHECK-SAME: (%[[X:.+]]: tensor<1x4x4x2xf32>, %[[D:.+]]: tensor<3x3x2x1xf32>)
// CHECK-DAG: %[[P:.+]] = arith.constant dense<{{.*}}> : tensor<2x2xf32>
// CHECK-DAG: %[[T:.+]] = tensor.collapse_shape %[[D]]
// CHECK: %[[Y:.+]] = sepconv.call @depthwise_pointwise_0(%[[X]], %[[T]], %[[P]])
// CHECK: %[[FACTORS:.+]] = arith.constant dense<{{.*}}> : tensor<2xf32>
// CHECK: sepconv.call @pool_0(%[[Y]], %[[FACTORS]], %{{.+}})
func.func @views(%x: tensor<1x4x4x2xf32>, %d: tensor<3x3x2x1xf32>) -> tensor<1x2x2x2xf32> {
  %p = arith.constant dense<[[[[1.0, 2.0], [3.0, 4.0]]]]> : tensor<1x1x2x2xf32>
  %0 = sepconv.separable_conv2d(%x, %d, %p) {padding = array<i64: 1, 1, 1, 1>}
    : (tensor<1x4x4x2xf32>, tensor<3x3x2x1xf32>, tensor<1x1x2x2xf32>) -> tensor<1x4x4x2xf32>
  %1 = sepconv.pool2d(%0) {kind = #sepconv.pool_kind<average>, window = array<i64: 3, 3>,
                           strides = array<i64: 2, 2>, padding = array<i64: 0, 1, 0, 1>}
    : (tensor<1x4x4x2xf32>) -> tensor<1x2x2x2xf32>
  return %1 : tensor<1x2x2x2xf32>
}

// CHECK: func private @dense_0(%{{.+}}: tensor<1x4xf32>, %{{.+}}: tensor<4x4xf32> {sepconv.weight}) -> tensor<1x4xf32>
// CHECK-SAME: attributes {sepconv.multiply_adds = 16 : i64, sepconv.pattern = ["dense"]}
// CHECK: func private @dense_1(%{{.+}}: tensor<1x4xf32>, %{{.+}}: tensor<4x4xf32>) ->
// CHECK: func private @depthwise_pointwise_0(%{{.+}}: tensor<1x4x4x2xf32>, %{{.+}}: tensor<3x3x2xf32>, %{{.+}}: tensor<2x2xf32> {sepconv.weight})
// CHECK-SAME: attributes {sepconv.multiply_adds = 352 : i64, sepconv.pattern = ["depthwise", "pointwise"]}
// CHECK: func private @pool_0
// CHECK-NOT: func
// CHECK: // -----

// -----

// The example in the pass's description.
// EXAMPLE: #map = affine_map<(d0) -> (d0)>
// EXAMPLE-NEXT: module {
// EXAMPLE-NEXT: func.func @example(%arg0: tensor<4xf32>) -> tensor<4xf32> {
// EXAMPLE-NEXT: %0 = sepconv.call @elementwise_0(%arg0) : (tensor<4xf32>) -> tensor<4xf32>
// EXAMPLE-NEXT: return %0 : tensor<4xf32>
// EXAMPLE-NEXT: }
// EXAMPLE-NEXT: func.func private @elementwise_0(%arg0: tensor<4xf32>) -> tensor<4xf32> attributes {sepconv.pattern = ["elementwise"]} {
// EXAMPLE-NEXT: %0 = linalg.generic {indexing_maps = [#map], iterator_types = ["parallel"]} outs(%arg0 : tensor<4xf32>) {
// EXAMPLE-NEXT: ^bb0(%out: f32):
// EXAMPLE-NEXT: %1 = arith.addf %out, %out : f32
// EXAMPLE-NEXT: linalg.yield %1 : f32
// EXAMPLE-NEXT: } -> tensor<4xf32>
// EXAMPLE-NEXT: return %0 : tensor<4xf32>
// EXAMPLE-NEXT: }
// EXAMPLE-NEXT: }
func.func @example(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = sepconv.kernel(%x) : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%in: tensor<4xf32>):
    %1 = linalg.generic {indexing_maps = [affine_map<(c) -> (c)>], iterator_types = ["parallel"]}
        outs(%in : tensor<4xf32>) {
    ^bb0(%element: f32):
      %2 = arith.addf %element, %element : f32
      linalg.yield %2 : f32
    } -> tensor<4xf32>
    sepconv.yield %1 : tensor<4xf32>
  }
  return %0 : tensor<4xf32>
}
