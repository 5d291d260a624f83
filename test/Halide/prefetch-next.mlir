// RUN: sepconv-opt %s --sepconv-convert-to-linalg --sepconv-lower-kernels --canonicalize --cse | FileCheck %s

// Two tiles of four channels, packed: tile ct of the weights is elements 16 * ct to 16 * ct + 15. While
// 4 * 4 positions are multiplied by it, in 4 steps each, the elements from 16 * ct + 16 on are loaded, one
// in each step: no step is smaller. Nothing else is loaded.

// CHECK-LABEL: func.func private @tiles(
// CHECK-SAME: %[[W:[^:]+]]: memref<32xf32>
// CHECK-DAG: %[[C16:.+]] = arith.constant 16 : index
// CHECK-DAG: %[[C4:.+]] = arith.constant 4 : index
// CHECK: scf.for %[[CT:[^ ]+]] =
// CHECK: scf.for %[[Y:[^ ]+]] =
// CHECK: %[[ROW:.+]] = arith.muli %[[Y]], %[[C16]]
// CHECK: scf.for %[[X:[^ ]+]] =
// CHECK: %[[POSITION:.+]] = arith.muli %[[X]], %[[C4]]
// CHECK: scf.for %[[KC:[^ ]+]] =
// CHECK-NEXT: %[[TILE:.+]] = arith.muli %[[CT]], %[[C16]]
// CHECK-NEXT: %[[STEP:.+]] = arith.addi %[[POSITION]], %[[KC]]
// CHECK-NEXT: %[[STEPS:.+]] = arith.addi %[[ROW]], %[[STEP]]
// CHECK-NEXT: %[[READ:.+]] = arith.addi %[[TILE]], %[[STEPS]]
// CHECK-NEXT: %[[NEXT:.+]] = arith.addi %[[READ]], %[[C16]]
// CHECK-NEXT: memref.prefetch %[[W]][%[[NEXT]]], read, locality<2>, data
// CHECK-NOT: memref.prefetch
module attributes {sepconv.facts = {line_bytes = 64 : i64}} {
  schedule.schedule @s for ["pointwise"] {
    schedule.stage "pointwise" {
      schedule.split "c" into ["ct", "ci"] by "4"
      schedule.reorder ["ci", "x", "y", "ct"]
      schedule.vectorize "ci"
      schedule.prefetch_next "ct" in "pointwise_sum" loop "kc"
    }
    schedule.update "pointwise_sum" {
      schedule.reorder ["c", "kc"]
      schedule.vectorize "c"
    }
    schedule.stage "pointwise_sum" {
      schedule.compute_at "pointwise" loop "x"
      schedule.pack "c" by "4"
      schedule.vectorize "c"
    }
  }
  func.func private @tiles(%x: tensor<1x4x4x4xf32>, %p: tensor<1x1x4x8xf32> {sepconv.weight})
      -> tensor<1x4x4x8xf32>
      attributes {sepconv.pattern = ["pointwise"], sepconv.schedule = @s} {
    %0 = sepconv.conv2d(%x, %p) {padding = array<i64: 0, 0, 0, 0>}
        : (tensor<1x4x4x4xf32>, tensor<1x1x4x8xf32>) -> tensor<1x4x4x8xf32>
    return %0 : tensor<1x4x4x8xf32>
  }
}
