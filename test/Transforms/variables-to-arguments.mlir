// RUN: sepconv-opt %s --sepconv-variables-to-arguments --split-input-file | FileCheck %s

// Behind what is there, in their order, with all that they say.

// CHECK: func.func @main(%[[X:.*]]: tensor<1x4xf32>,
// CHECK-SAME: %[[W:[^ ]*]]: tensor<4x4xf32> {sepconv.initializer = #sepconv.initializer<identity>, sepconv.name = "w", sepconv.weight},
// CHECK-SAME: %[[B:[^ ]*]]: tensor<4xf32> {sepconv.constraint = #sepconv.constraint<non_neg>, sepconv.name = "b", sepconv.regularizer = #sepconv.regularizer<l1_l2, l1 = {{1.*}}>, sepconv.trainable = false, sepconv.weight})
// CHECK-NEXT: %[[Y:.*]] = sepconv.dense(%[[X]], %[[W]], %[[B]])
// CHECK-NEXT: return %[[Y]]
func.func @main(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %w = sepconv.variable "w" {initializer = #sepconv.initializer<identity>} : tensor<4x4xf32>
  %b = sepconv.variable "b" {regularizer = #sepconv.regularizer<l1_l2, l1 = 1.0>,
                             constraint = #sepconv.constraint<non_neg>, trainable = false}
    : tensor<4xf32>
  %0 = sepconv.dense(%x, %w, %b)
    : (tensor<1x4xf32>, tensor<4x4xf32>, tensor<4xf32>) -> tensor<1x4xf32>
  return %0 : tensor<1x4xf32>
}

// -----

// The example in the pass's description.
// CHECK: func.func @example(%arg0: tensor<1x4xf32>, %arg1: tensor<4x4xf32> {sepconv.initializer = #sepconv.initializer<identity>, sepconv.name = "w", sepconv.weight}) -> tensor<1x4xf32> {
// CHECK-NEXT: %0 = sepconv.dense(%arg0, %arg1) : (tensor<1x4xf32>, tensor<4x4xf32>) -> tensor<1x4xf32>
// CHECK-NEXT: return %0 : tensor<1x4xf32>
// CHECK-NEXT: }
func.func @example(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %w = sepconv.variable "w" {initializer = #sepconv.initializer<identity>} : tensor<4x4xf32>
  %0 = sepconv.dense(%x, %w) : (tensor<1x4xf32>, tensor<4x4xf32>) -> tensor<1x4xf32>
  return %0 : tensor<1x4xf32>
}
