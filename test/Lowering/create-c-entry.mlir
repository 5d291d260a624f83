// RUN: sepconv-opt %s '--sepconv-to-llvm=name=tiny lowering=reference' | FileCheck %s

// The functions of the header are there, everything else is internal; buffers are checked.

// CHECK-DAG: llvm.mlir.global internal constant @model_weights
// CHECK-DAG: llvm.func internal @tiny_k(
// CHECK-DAG: llvm.func @tiny_run(%{{.+}}: !llvm.ptr, %{{.+}}: i64, %{{.+}}: !llvm.ptr, %{{.+}}: i64, %{{.+}}: !llvm.ptr, %{{.+}}: i64) -> i32
// CHECK-DAG: llvm.func @tiny_status_message(
// CHECK-DAG: llvm.func @tiny_description(
module attributes {sepconv.model = "tiny"} {
  func.func private @k(%x: tensor<4xf32>, %b: tensor<4xf32>) -> tensor<4xf32>
      attributes {sepconv.pattern = ["elementwise"]} {
    %empty = tensor.empty() : tensor<4xf32>
    %0 = linalg.generic {indexing_maps = [affine_map<(c) -> (c)>, affine_map<(c) -> (c)>,
                                          affine_map<(c) -> (c)>], iterator_types = ["parallel"]}
        ins(%x, %b : tensor<4xf32>, tensor<4xf32>) outs(%empty : tensor<4xf32>) {
    ^bb0(%in: f32, %add: f32, %out: f32):
      %1 = arith.addf %in, %add : f32
      linalg.yield %1 : f32
    } -> tensor<4xf32>
    return %0 : tensor<4xf32>
  }
  func.func @main(%x: tensor<4xf32> {sepconv.name = "x"}) -> (tensor<4xf32> {sepconv.name = "y"}) {
    %b = arith.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>
    %0 = sepconv.call @k(%x, %b) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    return %0 : tensor<4xf32>
  }
}
