// RUN: sepconv-opt %s --sepconv-convert-to-linalg | FileCheck %s

// CHECK-DAG: #[[$WINDOW:.+]] = affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1 * 2 + d4, d2 * 2 + d5, d3)>
// CHECK-DAG: #[[$SIZE:.+]] = affine_map<(d0, d1, d2, d3, d4, d5) -> (d4, d5)>
// CHECK-DAG: #[[$ROWS:.+]] = affine_map<(d0, d1, d2, d3) -> (d1)>
// CHECK-DAG: #[[$COLUMNS:.+]] = affine_map<(d0, d1, d2, d3) -> (d2)>
// CHECK-DAG: #[[$VECTOR:.+]] = affine_map<(d0, d1, d2, d3) -> (d0, d1, d3)>
// CHECK-DAG: #[[$MATRIX:.+]] = affine_map<(d0, d1, d2, d3) -> (d3, d2)>
// CHECK-DAG: #[[$ROW:.+]] = affine_map<(d0, d1) -> (d0)>
// CHECK-DAG: #[[$TRANSPOSED:.+]] = affine_map<(d0, d1) -> (d1, d0)>

// CHECK-LABEL: func @pool
func.func @pool(%x: tensor<1x4x4x2xf32>) -> (tensor<1x2x2x2xf32>, tensor<1x2x2x2xf32>) {
  // CHECK: %[[LEAST:.+]] = arith.constant 0xFF800000 : f32
  // CHECK: tensor.yield %[[LEAST]]
  // CHECK: %[[SHAPE:.+]] = tensor.empty() : tensor<3x3xf32>
  // CHECK: linalg.generic {indexing_maps = [#[[$WINDOW]], #[[$SIZE]],{{.*}} ins(%{{.+}}, %[[SHAPE]] :
  // CHECK: arith.maximumf
  %0 = sepconv.pool2d(%x) {kind = #sepconv.pool_kind<max>, window = array<i64: 3, 3>,
                           strides = array<i64: 2, 2>, padding = array<i64: 0, 1, 0, 1>}
    : (tensor<1x4x4x2xf32>) -> tensor<1x2x2x2xf32>
  // CHECK: arith.addf
  // CHECK: %[[PER_ROW:.+]] = arith.constant dense<[0.333333343, 5.000000e-01]>
  // CHECK: %[[PER_COLUMN:.+]] = arith.constant dense<[0.333333343, 5.000000e-01]>
  // CHECK: linalg.generic {{.*}}#[[$ROWS]], #[[$COLUMNS]]{{.*}} ins(%{{.+}}, %[[PER_ROW]], %[[PER_COLUMN]] :
  %1 = sepconv.pool2d(%x) {kind = #sepconv.pool_kind<average>, window = array<i64: 3, 3>,
                           strides = array<i64: 2, 2>, padding = array<i64: 0, 1, 0, 1>}
    : (tensor<1x4x4x2xf32>) -> tensor<1x2x2x2xf32>
  return %0, %1 : tensor<1x2x2x2xf32>, tensor<1x2x2x2xf32>
}

// CHECK-LABEL: func @dense
func.func @dense(%x: tensor<2x5x3xf32>, %f: tensor<3x4xf32>) -> tensor<2x5x4xf32> {
  // CHECK: linalg.generic {indexing_maps = [#[[$VECTOR]], #[[$MATRIX]],
  %0 = sepconv.dense(%x, %f) : (tensor<2x5x3xf32>, tensor<3x4xf32>) -> tensor<2x5x4xf32>
  return %0 : tensor<2x5x4xf32>
}

// CHECK-LABEL: func @batch_norm
func.func @batch_norm(%x: tensor<2x2xf32>, %v: tensor<2xf32>) -> tensor<2x2xf32> {
  %one = arith.constant dense<1.0> : tensor<2xf32>
  %mean = arith.constant dense<[0.5, 2.0]> : tensor<2xf32>
  %variance = arith.constant dense<[3.0, 15.0]> : tensor<2xf32>
  // CHECK: %[[SCALE:.+]] = arith.constant dense<[5.000000e-01, 2.500000e-01]>
  // CHECK: %[[SHIFT:.+]] = arith.constant dense<[7.500000e-01, 5.000000e-01]>
  // CHECK: linalg.generic {{.*}} ins(%{{.+}}, %[[SCALE]], %[[SHIFT]] :
  %0 = sepconv.batch_norm(%x, %one, %one, %mean, %variance) {axis = 1 : i64, epsilon = 1.0}
    : tensor<2x2xf32>, tensor<2xf32>
  // CHECK: math.sqrt
  // CHECK: arith.divf
  // CHECK: arith.subf
  %1 = sepconv.batch_norm(%0, %one, %one, %mean, %v) {axis = 1 : i64, epsilon = 1.0}
    : tensor<2x2xf32>, tensor<2xf32>
  return %1 : tensor<2x2xf32>
}

// CHECK-LABEL: func @kernel
func.func @kernel(%x: tensor<2x3xf32>) -> tensor<3x2xf32> {
  // CHECK: sepconv.kernel
  // CHECK: arith.maximumf
  // CHECK: linalg.generic {{.*}}#[[$ROW]]
  // CHECK: math.exp
  // CHECK: arith.addf
  // CHECK: arith.divf
  // CHECK: linalg.generic {{.*}}#[[$TRANSPOSED]]
  %0 = sepconv.kernel(%x) : (tensor<2x3xf32>) -> tensor<3x2xf32> {
  ^bb0(%in: tensor<2x3xf32>):
    %rows = tensor.empty() : tensor<2x3xf32>
    %1 = linalg.softmax dimension(1) ins(%in : tensor<2x3xf32>) outs(%rows : tensor<2x3xf32>)
      -> tensor<2x3xf32>
    %columns = tensor.empty() : tensor<3x2xf32>
    %2 = linalg.transpose ins(%1 : tensor<2x3xf32>) outs(%columns : tensor<3x2xf32>)
      permutation = [1, 0]
    sepconv.yield %2 : tensor<3x2xf32>
  }
  return %0 : tensor<3x2xf32>
}
