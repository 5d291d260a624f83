// RUN: sepconv-opt %s '--sepconv-to-llvm=name=tiny lowering=reference' | FileCheck %s
// RUN: sepconv-opt %s '--sepconv-to-llvm=name=tiny lowering=reference' --sepconv-create-c-entry=name=tiny | FileCheck %s
// RUN: sepconv-opt %s '--sepconv-to-llvm=name=tiny lowering=reference target=x86-64-multi' | FileCheck %s --check-prefix=MULTI

// The functions of the header are there, everything else is internal; buffers are checked.

// CHECK-DAG: llvm.mlir.global internal constant @model_weights
// CHECK-DAG: llvm.func internal @tiny_k(
// CHECK: llvm.func @tiny_run(%arg0: !llvm.ptr, %arg1: i64, %arg2: !llvm.ptr, %arg3: i64, %arg4: !llvm.ptr, %arg5: i64) -> i32 attributes {no_unwind} {
// CHECK: llvm.func @tiny_status_message(%arg0: i32) -> !llvm.ptr attributes {no_unwind} {
// CHECK: llvm.func @tiny_description() -> !llvm.ptr attributes {no_unwind} {

// Of several entries NAME_run calls the first that the processor can run, which it asks once. Equal weights are there once.
// MULTI: llvm.mlir.global internal constant @model_weights({{.*}}) {addr_space = 0 : i32, alignment = 64 : i64} : !llvm.array<16 x i8>
// MULTI-DAG: llvm.func internal @tiny_main_x86_64_v4({{.*}} target_cpu = "x86-64-v4", target_features = #llvm.target_features<["-prefer-256-bit"]>
// MULTI-DAG: llvm.func internal @tiny_k_x86_64_v2({{.*}} target_cpu = "x86-64-v2"
// MULTI: llvm.mlir.global internal @tiny_processor_known(0 : i32) {addr_space = 0 : i32, alignment = 4 : i64} : i32
// MULTI: llvm.func internal @tiny_processor() -> i32 {{.*}}target_cpu = "x86-64"
// MULTI: llvm.load %{{.*}} atomic monotonic
// MULTI-COUNT-5: "cpuid"
// MULTI: xgetbv
// MULTI-COUNT-3: llvm.select %{{.*}} : i1, i32
// MULTI: llvm.store %{{.*}} atomic monotonic
// MULTI: llvm.func @tiny_run({{.*}} target_cpu = "x86-64"
// MULTI: %[[VARIANT:.*]] = llvm.call @tiny_processor() : () -> i32
// MULTI: %[[NONE:.*]] = llvm.icmp "ugt" %[[VARIANT]],
// MULTI: llvm.mlir.constant(4 : i32)
// MULTI: llvm.select %[[NONE]],
// MULTI: %[[V2:.*]] = llvm.mlir.addressof @tiny_main_x86_64_v2
// MULTI: %[[V3:.*]] = llvm.mlir.addressof @tiny_main_x86_64_v3
// MULTI: %[[AT_MOST_V3:.*]] = llvm.select %{{.*}}, %[[V3]], %[[V2]]
// MULTI: %[[V4:.*]] = llvm.mlir.addressof @tiny_main_x86_64_v4
// MULTI: %[[BEST:.*]] = llvm.select %{{.*}}, %[[V4]], %[[AT_MOST_V3]]
// MULTI: llvm.call %[[BEST]](
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
