// What canonicalization folds in the sepconv dialect.
// RUN: sepconv-opt %s --canonicalize | FileCheck %s

// CHECK-LABEL: func @linear
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>)
// CHECK-NEXT: return %[[X]]
func.func @linear(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = sepconv.activation(%x) {function = #sepconv.activation<linear>} : tensor<4xf32>
  return %0 : tensor<4xf32>
}

// Leaky relu is not linear, whatever its other parameters are.
// CHECK-LABEL: func @relu
// CHECK: sepconv.activation
func.func @relu(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = sepconv.activation(%x) {function = #sepconv.activation<relu, alpha = 0.1>} : tensor<4xf32>
  return %0 : tensor<4xf32>
}
