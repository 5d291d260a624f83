// Every size by those that are dynamic, so that nothing but layers reads what a layer makes.
// RUN: sepconv-opt %s --sepconv-resolve-sizes --canonicalize --cse --split-input-file | FileCheck %s
// RUN: sepconv-opt %s --sepconv-to-kernels --split-input-file | FileCheck %s --check-prefix=KERNELS

// CHECK-DAG: #[[$HALF:.+]] = affine_map<()[s0] -> (s0 ceildiv 2)>
// CHECK-LABEL: func.func @main(
// CHECK-SAME: %[[X:.+]]: tensor<1x?x?x4xf32>
// CHECK: %[[WIDTH:.+]] = tensor.dim %[[X]], %c2
// CHECK: %[[HALF_WIDTH:.+]] = affine.apply #[[$HALF]]()[%[[WIDTH]]]
// CHECK-NOT: tensor.dim %{{[0-9]}}
// CHECK: linalg.softmax

// A kernel takes the dynamic sizes last and says its tensors' shapes by them; one that is called with other shapes of the same
// type is another function. What makes the two sizes of a sum equal is that they are the same expression.
// KERNELS-DAG: #[[$RESULT:.+]] = affine_map<(d0, d1) -> (1, (d0 ceildiv 2) ceildiv 2, (d1 ceildiv 2) ceildiv 2, 4)>
// KERNELS-DAG: #[[$QUARTER:.+]] = affine_map<(d0) -> ((d0 ceildiv 2) ceildiv 2)>
// KERNELS-LABEL: func.func @main(
// KERNELS-SAME: sepconv.shape = #[[$RESULT]]
// KERNELS: %[[H:.+]] = tensor.dim %arg0, %c1
// KERNELS: %[[W:.+]] = tensor.dim %arg0, %c2
// KERNELS: %[[A:.+]] = sepconv.call @depthwise_0(%arg0, %{{.+}}, %[[H]], %[[W]])
// KERNELS: %[[B:.+]] = sepconv.call @reduce_reduce_0(%[[A]], %[[H]], %[[W]])
// KERNELS: sepconv.call @depthwise_1(%[[B]], %{{.+}}, %[[H]], %[[W]])
// KERNELS: func.func private @depthwise_0(%{{.+}}: tensor<1x?x?x4xf32> {sepconv.shape = affine_map<(d0, d1) -> (1, d0, d1, 4)>}
// KERNELS-SAME: index {sepconv.size = #sepconv.size<"height", least = 1, greatest = 64>}
// KERNELS-SAME: index {sepconv.size = #sepconv.size<"width", least = 8, greatest = 64, factor = 8>}
// KERNELS: func.func private @depthwise_1(%{{.+}}: tensor<1x?x?x4xf32> {sepconv.shape = affine_map<(d0, d1) -> (1, d0 ceildiv 2, d1 ceildiv 2, 4)>}
// KERNELS-SAME: %[[HEIGHT:[a-z0-9]+]]: index {sepconv.size = #sepconv.size<"height"
// KERNELS: %[[ROWS:.+]] = affine.apply #[[$QUARTER]](%[[HEIGHT]])
// KERNELS: tensor.empty(%[[ROWS]], %{{.+}}) : tensor<1x?x?x4xf32>
func.func @main(%x: tensor<1x?x?x4xf32> {sepconv.sizes = [
    #sepconv.size<"height", least = 1, greatest = 64>, #sepconv.size<"width", least = 8, greatest = 64, factor = 8>]})
    -> tensor<1x?x?x4xf32> {
  %f = arith.constant dense<0.5> : tensor<3x3x4x1xf32>
  %0 = sepconv.depthwise_conv2d(%x, %f) {same, strides = array<i64: 2, 2>}
    : (tensor<1x?x?x4xf32>, tensor<3x3x4x1xf32>) -> tensor<1x?x?x4xf32>
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %h = tensor.dim %0, %c1 : tensor<1x?x?x4xf32>
  %w = tensor.dim %0, %c2 : tensor<1x?x?x4xf32>
  %empty = tensor.empty(%h, %w) : tensor<1x?x?x4xf32>
  %1 = linalg.softmax dimension(3) ins(%0 : tensor<1x?x?x4xf32>) outs(%empty : tensor<1x?x?x4xf32>) -> tensor<1x?x?x4xf32>
  %2 = sepconv.depthwise_conv2d(%1, %f) {same, strides = array<i64: 2, 2>}
    : (tensor<1x?x?x4xf32>, tensor<3x3x4x1xf32>) -> tensor<1x?x?x4xf32>
  return %2 : tensor<1x?x?x4xf32>
}

// -----

// The example in the pass's description.
// CHECK: #map = affine_map<()[s0] -> (s0 - 1)>
// CHECK-NEXT: module {
// CHECK-NEXT: func.func @main(%arg0: tensor<1x?x8x4xf32> {sepconv.sizes = [#sepconv.size<"height", least = 3, greatest = 64>]}) -> index {
// CHECK-NEXT: %c1 = arith.constant 1 : index
// CHECK-NEXT: %dim = tensor.dim %arg0, %c1 : tensor<1x?x8x4xf32>
// CHECK-NEXT: %0 = affine.apply #map()[%dim]
// CHECK-NEXT: return %0 : index
func.func @main(%x: tensor<1x?x8x4xf32>
    {sepconv.sizes = [#sepconv.size<"height", least = 3, greatest = 64>]}) -> index {
  %0 = sepconv.pool2d(%x) {kind = #sepconv.pool_kind<max>, window = array<i64: 2, 2>}
    : (tensor<1x?x8x4xf32>) -> tensor<1x?x7x4xf32>
  %c1 = arith.constant 1 : index
  %1 = tensor.dim %0, %c1 : tensor<1x?x7x4xf32>
  return %1 : index
}
