// RUN: sepconv-opt %s --sepconv-lower-kernels --split-input-file --verify-diagnostics | FileCheck %s

// Both operands of a sum can be loaded into the cache before they are read: 8 rows of the weight ahead, and the next
// row of the input, which the product reads through a view.

// CHECK-LABEL: func.func private @product(
// CHECK-SAME: %[[X:[a-z0-9]+]]: memref<128xf32>, %[[W:[a-z0-9]+]]: memref<512xf32>
// CHECK: scf.for
// CHECK: memref.prefetch %[[X]]{{.*}}, read, locality<3>, data
// CHECK: scf.for
// CHECK: memref.prefetch %[[W]]{{.*}}, read, locality<3>, data
schedule.schedule @s for ["dense"] {
  schedule.update "dense_sum" {
    schedule.reorder ["c", "kc", "b"]
    schedule.vectorize "c"
    schedule.prefetch "input" at "b" from "b" by "1"
    schedule.prefetch "weight" at "kc" from "kc" by "8"
  }
}
func.func private @product(%x: tensor<4x2x16xf32>, %w: tensor<32x16xf32>, %init: tensor<4x16xf32>) -> tensor<4x16xf32>
    attributes {sepconv.pattern = ["dense"], sepconv.schedule = @s} {
  %flat = tensor.collapse_shape %x [[0], [1, 2]] : tensor<4x2x16xf32> into tensor<4x32xf32>
  %0 = linalg.matmul ins(%flat, %w : tensor<4x32xf32>, tensor<32x16xf32>) outs(%init : tensor<4x16xf32>) -> tensor<4x16xf32>
  return %0 : tensor<4x16xf32>
}

// -----

// What the kernel computes itself is in the cache.

schedule.schedule @s for ["elementwise", "dense"] {
  schedule.update "dense_sum" {
    // expected-error @+1 {{the "input" of the sum is no argument}}
    schedule.prefetch "input" at "b" from "b" by "1"
  }
}
func.func private @computed(%x: tensor<4x32xf32>, %w: tensor<32x16xf32>, %init: tensor<4x16xf32>) -> tensor<4x16xf32>
    attributes {sepconv.pattern = ["elementwise", "dense"], sepconv.schedule = @s} {
  %y = linalg.negf ins(%x : tensor<4x32xf32>) outs(%x : tensor<4x32xf32>) -> tensor<4x32xf32>
  %0 = linalg.matmul ins(%y, %w : tensor<4x32xf32>, tensor<32x16xf32>) outs(%init : tensor<4x16xf32>) -> tensor<4x16xf32>
  return %0 : tensor<4x16xf32>
}
