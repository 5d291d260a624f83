// RUN: sepconv-opt %s --sepconv-lower-kernels --canonicalize --cse | FileCheck %s

// Launches of dynamic sizes: the host computes numbers of blocks, 0 where no window fits the image; a kernel takes the size and
// computes the rest from it. Loops are fused around known sizes only: here around rows, not around images.

// CHECK-LABEL: func.func private @pool_0(
// CHECK-SAME: %[[X:[^:]+]]: memref<320xf32> {{.*}}, %[[H:[^:]+]]: index {sepconv.size{{.*}}}, %[[Y:[^:]+]]: memref<256xf32> {sepconv.shape = affine_map<(d0) -> (1, d0 - 4, 4, 4)>})
// CHECK-DAG: %[[C0:.+]] = arith.constant 0 : index
// CHECK-DAG: %[[C1:.+]] = arith.constant 1 : index
// CHECK-DAG: %[[C4:.+]] = arith.constant 4 : index
// CHECK: %[[ANY:.+]] = arith.cmpi sgt, %[[H]], %[[C4]]
// CHECK: %[[ABOVE:.+]] = arith.addi %[[H]], %c-3
// CHECK: %[[HALF:.+]] = arith.floordivsi %[[ABOVE]], %c2
// CHECK: %[[BLOCKS:.+]] = arith.select %[[ANY]], %[[HALF]], %[[C0]]
// CHECK: gpu.launch_func @kernels::@pool_0_0 blocks in (%[[BLOCKS]], %[[C1]], %[[C1]]) threads in (%c32, %[[C1]], %[[C1]])
// CHECK-SAME: args(%[[X]] : memref<320xf32>, %[[Y]] : memref<256xf32>, %[[H]] : index)
// CHECK: gpu.func @pool_0_0(%{{.+}}: memref<320xf32> {llvm.noalias, llvm.readonly}, %{{.+}}: memref<256xf32> {llvm.noalias}, %[[SIZE:.+]]: index)
// CHECK-NOT: known_grid_size
// CHECK-SAME: known_block_size = array<i32: 32, 1, 1>
// CHECK: %[[ELEMENTS:.+]] = arith.muli %[[SIZE]], %c16
// CHECK: arith.cmpi sle, %{{.+}}, %[[ELEMENTS]]
#size = #sepconv.size<"height", least = 3, greatest = 20>
module attributes {sepconv.facts = {gpu = 1 : i64, vector_bytes = 16 : i64, default_threads = 32 : i64}} {
  func.func private @pool_0(%x: tensor<1x?x4x4xf32> {sepconv.shape = affine_map<(d0) -> (1, d0, 4, 4)>},
                            %h: index {sepconv.size = #size})
      -> tensor<1x?x4x4xf32> attributes {sepconv.pattern = ["pool"]} {
    %low = arith.constant -1.0 : f32
    %rows = affine.apply affine_map<()[s0] -> (s0 - 4)>()[%h]
    %empty = tensor.empty(%rows) : tensor<1x?x4x4xf32>
    %window = tensor.empty() : tensor<5x1xf32>
    %fill = linalg.fill ins(%low : f32) outs(%empty : tensor<1x?x4x4xf32>) -> tensor<1x?x4x4xf32>
    %0 = linalg.pooling_nhwc_max ins(%x, %window : tensor<1x?x4x4xf32>, tensor<5x1xf32>)
      outs(%fill : tensor<1x?x4x4xf32>) -> tensor<1x?x4x4xf32>
    return %0 : tensor<1x?x4x4xf32>
  }
}
