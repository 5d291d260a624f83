// Transposes of constants are constants.
// RUN: sepconv-opt %s --split-input-file --sepconv-fold-transposes | FileCheck %s

// The example in the pass's description.
// CHECK: func.func @example(%arg0: tensor<3x2xf32>) -> tensor<3x2xf32> {
// CHECK-NEXT: %cst = arith.constant dense<{{\[\[}}1.000000e+00, 2.000000e+00, 3.000000e+00], [4.000000e+00, 5.000000e+00, 6.000000e+00]]> : tensor<2x3xf32>
// CHECK-NEXT: %cst_0 = arith.constant dense<{{\[\[}}1.000000e+00, 4.000000e+00], [2.000000e+00, 5.000000e+00], [3.000000e+00, 6.000000e+00]]> : tensor<3x2xf32>
// CHECK-NEXT: return %cst_0 : tensor<3x2xf32>
// CHECK-NEXT: }
func.func @example(%empty: tensor<3x2xf32>) -> tensor<3x2xf32> {
  %cst = arith.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
  %0 = linalg.transpose ins(%cst : tensor<2x3xf32>) outs(%empty : tensor<3x2xf32>)
      permutation = [1, 0]
  return %0 : tensor<3x2xf32>
}

// -----

// Of an argument they stay.
// CHECK-LABEL: func @argument
// CHECK: linalg.transpose
func.func @argument(%x: tensor<2x3xf32>, %empty: tensor<3x2xf32>) -> tensor<3x2xf32> {
  %0 = linalg.transpose ins(%x : tensor<2x3xf32>) outs(%empty : tensor<3x2xf32>) permutation = [1, 0]
  return %0 : tensor<3x2xf32>
}
