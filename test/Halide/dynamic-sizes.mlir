// RUN: sepconv-opt %s --sepconv-lower-kernels --canonicalize --cse --split-input-file --verify-diagnostics | FileCheck %s

// Heights are multiples of 2 from 4 to 20: the parameter counts twos. Buffers have room for the greatest
// image; of the rows there are as many as there are, and the columns are known.

// CHECK-LABEL: func.func private @pool_0(
// CHECK-SAME: %[[X:[^:]+]]: memref<80xf32> {{.*}}, %[[H:[^:]+]]: index {sepconv.size{{.*}}}, %[[Y:[^:]+]]: memref<76xf32> {sepconv.shape = affine_map<(d0) -> (1, d0 - 1, 4, 1)>})
// CHECK-DAG: %[[C0:.+]] = arith.constant 0 : index
// CHECK-DAG: %[[C1:.+]] = arith.constant 1 : index
// CHECK-DAG: %[[C2:.+]] = arith.constant 2 : index
// CHECK-DAG: %[[C4:.+]] = arith.constant 4 : index
// CHECK: %[[TWOS:.+]] = arith.divui %[[H]], %[[C2]]
// CHECK: %[[EVEN:.+]] = arith.muli %[[TWOS]], %[[C2]]
// CHECK: %[[ROWS:.+]] = arith.addi %[[EVEN]], %{{.+}}
// CHECK: scf.for %{{.+}} = %[[C0]] to %[[ROWS]] step %[[C1]]
// CHECK: scf.for %{{.+}} = %[[C0]] to %[[C4]] step %[[C1]]
#size = #sepconv.size<"height", least = 4, greatest = 20, factor = 2>
func.func private @pool_0(%x: tensor<1x?x4x1xf32> {sepconv.shape = affine_map<(d0) -> (1, d0, 4, 1)>},
                          %h: index {sepconv.size = #size})
    -> tensor<1x?x4x1xf32> attributes {sepconv.pattern = ["pool"]} {
  %low = arith.constant -1.0 : f32
  %rows = affine.apply affine_map<()[s0] -> (s0 - 1)>()[%h]
  %empty = tensor.empty(%rows) : tensor<1x?x4x1xf32>
  %window = tensor.empty() : tensor<2x1xf32>
  %fill = linalg.fill ins(%low : f32) outs(%empty : tensor<1x?x4x1xf32>) -> tensor<1x?x4x1xf32>
  %0 = linalg.pooling_nhwc_max ins(%x, %window : tensor<1x?x4x1xf32>, tensor<2x1xf32>)
    outs(%fill : tensor<1x?x4x1xf32>) -> tensor<1x?x4x1xf32>
  return %0 : tensor<1x?x4x1xf32>
}

// -----

// Tiles of four are moved inwards at the end of a row: of three there is none. The size is said.

// expected-note @+1 {{with this schedule}}
schedule.schedule @s for ["elementwise"] {
  schedule.stage "elementwise" {
    schedule.split "c" into ["co", "ci"] by "4" tail shift_inwards
  }
}
// expected-error @+1 {{the schedule accesses a buffer out of bounds for sizes of 3: Input buffer argument0, dimension 0}}
func.func private @elementwise_0(%x: tensor<?xf32> {sepconv.shape = affine_map<(d0) -> (d0)>},
                                 %n: index {sepconv.size = #sepconv.size<"width", least = 3, greatest = 9>})
    -> tensor<?xf32> attributes {sepconv.pattern = ["elementwise"], sepconv.schedule = @s} {
  %empty = tensor.empty(%n) : tensor<?xf32>
  %0 = linalg.abs ins(%x : tensor<?xf32>) outs(%empty : tensor<?xf32>) -> tensor<?xf32>
  return %0 : tensor<?xf32>
}
