// RUN: sepconv-opt %s --sepconv-convert-to-linalg --sepconv-lower-kernels --canonicalize --cse --split-input-file | FileCheck %s

// Row y of the depthwise result reads the input's rows y to y + 2, elements 16 * y to 16 * y + 47. Row
// y + 1 will read 16 more. They are loaded while the pointwise sum of row y runs, in 4 * 4 steps (its
// channels are one vector): one each. The constants are not loaded.

// CHECK-LABEL: func.func private @rows(
// CHECK-SAME: %[[X:[^:]+]]: memref<96xf32>
// CHECK-DAG: %[[C16:.+]] = arith.constant 16 : index
// CHECK-DAG: %[[C48:.+]] = arith.constant 48 : index
// CHECK-DAG: %[[C4:.+]] = arith.constant 4 : index
// CHECK: scf.for %[[Y:[^ ]+]] =
// CHECK-NEXT: %[[ROW:.+]] = arith.muli %[[Y]], %[[C16]]
// CHECK-NOT: memref.prefetch
// CHECK: vector.store
// CHECK: %[[STEPS:.+]] = arith.muli %{{.+}}, %[[C4]]
// CHECK: scf.for %[[KC:[^ ]+]] =
// CHECK-NEXT: %[[STEP:.+]] = arith.addi %[[STEPS]], %[[KC]]
// CHECK-NEXT: %[[READ:.+]] = arith.addi %[[ROW]], %[[STEP]]
// CHECK-NEXT: %[[NEXT:.+]] = arith.addi %[[READ]], %[[C48]]
// CHECK-NEXT: memref.prefetch %[[X]][%[[NEXT]]], read, locality<2>, data
// CHECK-NOT: memref.prefetch
module attributes {sepconv.facts = {line_bytes = 64 : i64}} {
  schedule.schedule @s for ["depthwise", "pointwise"] {
    schedule.update "pointwise_sum" {
      schedule.reorder ["c", "kc", "x"]
      schedule.vectorize "c"
    }
    schedule.stage "pointwise_sum" {
      schedule.compute_at "pointwise" loop "x"
      schedule.vectorize "c"
    }
    schedule.stage "depthwise" {
      schedule.compute_at "pointwise" loop "y"
      schedule.read_ahead "y" by "depthwise_sum.stride_y" in "pointwise_sum" loop "kc"
    }
    schedule.stage "depthwise_sum" {
      schedule.expand
    }
  }
  func.func private @rows(%x: tensor<1x6x4x4xf32>, %d: tensor<3x1x4x1xf32> {sepconv.weight},
                          %p: tensor<1x1x4x4xf32> {sepconv.weight}) -> tensor<1x4x4x4xf32>
      attributes {sepconv.pattern = ["depthwise", "pointwise"], sepconv.schedule = @s} {
    %0 = sepconv.depthwise_conv2d(%x, %d) {padding = array<i64: 0, 0, 0, 0>}
        : (tensor<1x6x4x4xf32>, tensor<3x1x4x1xf32>) -> tensor<1x4x4x4xf32>
    %1 = sepconv.conv2d(%0, %p) {padding = array<i64: 0, 0, 0, 0>}
        : (tensor<1x4x4x4xf32>, tensor<1x1x4x4xf32>) -> tensor<1x4x4x4xf32>
    return %1 : tensor<1x4x4x4xf32>
  }
}
