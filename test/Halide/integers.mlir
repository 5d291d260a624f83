// RUN: sepconv-opt %s --sepconv-lower-kernels | FileCheck %s

// Halide's numbers of 32 bits are i32 where a model computes with them, and indices where they address memory: here the
// index of the first element that equals the other operand's.

#id = affine_map<(b, c) -> (b, c)>
#row = affine_map<(b, c) -> (b)>

// CHECK: func.func private @first(%{{.*}}: memref<12xf32>, %{{.*}}: memref<3xf32>, %[[OUT:.*]]: memref<3xi32>)
// CHECK: %[[SUM:.*]] = memref.alloca() {{.*}} : memref<3xi32>
// CHECK: %[[LEAST:.*]] = memref.load %[[SUM]]
// CHECK: %[[PLACE:.*]] = arith.index_cast %{{.*}} : index to i32
// CHECK: %[[HERE:.*]] = arith.select %{{.*}}, %[[PLACE]], %[[LEAST]] : i32
// CHECK: %[[NEXT:.*]] = arith.minsi %[[HERE]], %{{.*}} : i32
// CHECK: memref.store %[[NEXT]], %[[SUM]]
// CHECK: memref.store %{{.*}}, %[[OUT]]
func.func private @first(%x: tensor<3x4xf32>, %most: tensor<3xf32>) -> tensor<3xi32>
    attributes {sepconv.pattern = ["dense"]} {
  %last = arith.constant 3 : i32
  %empty = tensor.empty() : tensor<3xi32>
  %filled = linalg.fill ins(%last : i32) outs(%empty : tensor<3xi32>) -> tensor<3xi32>
  %first = linalg.generic {indexing_maps = [#id, #row, #row], iterator_types = ["parallel", "reduction"]}
      ins(%x, %most : tensor<3x4xf32>, tensor<3xf32>) outs(%filled : tensor<3xi32>) {
  ^bb0(%element: f32, %greatest: f32, %sum: i32):
    %equal = arith.cmpf oeq, %element, %greatest : f32
    %index = linalg.index 1 : index
    %place = arith.index_cast %index : index to i32
    %here = arith.select %equal, %place, %sum : i32
    %least = arith.minsi %here, %sum : i32
    linalg.yield %least : i32
  } -> tensor<3xi32>
  return %first : tensor<3xi32>
}
