// RUN: sepconv-opt %s --sepconv-lower-kernels | FileCheck %s

// A float becomes an unsigned byte by way of 32 bits; straight to i8, 200.0 would have no value.

#id = affine_map<(c) -> (c)>

// CHECK: func.func private @round
// CHECK: %[[WIDE:.*]] = arith.fptosi %{{.*}} : f32 to i32
// CHECK: arith.trunci %[[WIDE]] : i32 to i8
func.func private @round(%x: tensor<4xf32>) -> tensor<4xi8> attributes {sepconv.pattern = ["elementwise"]} {
  %empty = tensor.empty() : tensor<4xi8>
  %0 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]}
      ins(%x : tensor<4xf32>) outs(%empty : tensor<4xi8>) {
  ^bb0(%in: f32, %out: i8):
    %wide = arith.fptosi %in : f32 to i32
    %byte = arith.trunci %wide : i32 to i8
    linalg.yield %byte : i8
  } -> tensor<4xi8>
  return %0 : tensor<4xi8>
}
