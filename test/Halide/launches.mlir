// RUN: sepconv-opt %s --sepconv-lower-kernels --canonicalize --cse --split-input-file | FileCheck %s

// On a GPU a kernel launches functions. Without a schedule each stage is one, a thread for each element,
// whose sum is its own.

// CHECK: module attributes {gpu.container_module
// CHECK-LABEL: func.func private @default(
// CHECK-SAME: %[[X:.+]]: memref<300xf32>, %[[OUT:.+]]: memref<3xf32>)
// CHECK: gpu.launch_func @kernels::@default_0 blocks in (%c1, %c1, %c1) threads in (%c128, %c1, %c1)
// CHECK-SAME: args(%[[X]] : memref<300xf32>, %[[OUT]] : memref<3xf32>)
// CHECK-NEXT: return
// CHECK: gpu.module @kernels
// CHECK: gpu.func @default_0(%[[X:.+]]: memref<300xf32> {llvm.noalias, llvm.readonly}, %[[OUT:.+]]: memref<3xf32> {llvm.noalias}) kernel
// CHECK-SAME: known_block_size = array<i32: 128, 1, 1>, known_grid_size = array<i32: 1, 1, 1>
// CHECK: %[[SUM:.+]] = memref.alloca() : memref<1xf32>
// CHECK: %[[THREAD:.+]] = gpu.thread_id x
// CHECK: arith.cmpi sle, %[[THREAD]], %c2
// CHECK: scf.if
// CHECK: scf.for
// CHECK: memref.load %[[X]]
// CHECK: memref.store %{{.+}}, %[[OUT]][%[[THREAD]]]
module attributes {sepconv.facts = {gpu = 1 : i64, default_threads = 128 : i64, vector_bytes = 16 : i64}} {
  func.func private @default(%x: tensor<3x100xf32>) -> tensor<3xf32>
      attributes {sepconv.pattern = ["reduce"]} {
    %zero = arith.constant 0.0 : f32
    %empty = tensor.empty() : tensor<3xf32>
    %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<3xf32>) -> tensor<3xf32>
    %0 = linalg.generic {indexing_maps = [affine_map<(c, r) -> (c, r)>, affine_map<(c, r) -> (c)>],
                         iterator_types = ["parallel", "reduction"]}
        ins(%x : tensor<3x100xf32>) outs(%fill : tensor<3xf32>) {
    ^bb0(%in: f32, %out: f32):
      %1 = arith.addf %in, %out : f32
      linalg.yield %1 : f32
    } -> tensor<3xf32>
    return %0 : tensor<3xf32>
  }
}

// -----

// A stage in shared memory: a workgroup buffer, a barrier before it is read, addresses of whole vectors.

// CHECK-LABEL: func.func private @shared(
// CHECK: gpu.launch_func @kernels::@shared_0 blocks in (%c8, %c1, %c1) threads in (%c16, %c1, %c1)
// CHECK: gpu.func @shared_0(
// CHECK-SAME: workgroup(%[[TILE:.+]] : memref<64xf32, #gpu.address_space<workgroup>> {llvm.align = 16 : i64})
// CHECK: memref.store %{{.+}}, %[[TILE]]
// CHECK: gpu.barrier
// CHECK: vector.load %[[TILE]]{{.*}} {alignment = 16 : i64}
// CHECK: vector.store %{{.+}} {alignment = 16 : i64} : memref<512xf32>, vector<4xf32>
module attributes {sepconv.facts = {gpu = 1 : i64, vector_bytes = 16 : i64}} {
  schedule.schedule @s for ["elementwise"] {
    schedule.stage "elementwise" {
      schedule.split "c" into ["co", "ci"] by "4"
      schedule.vectorize "ci"
      schedule.gpu_blocks ["b"]
      schedule.gpu_threads ["co"]
    }
    schedule.stage "pad" {
      schedule.compute_at "elementwise" loop "b"
      schedule.store_in gpu_shared
      schedule.split "c" into ["co", "ci"] by "4"
      schedule.gpu_threads ["co"]
    }
  }
  func.func private @shared(%x: tensor<8x62xf32>) -> tensor<8x64xf32>
      attributes {sepconv.pattern = ["elementwise"], sepconv.schedule = @s} {
    %zero = arith.constant 0.0 : f32
    %pad = tensor.pad %x low[0, 1] high[0, 1] {
    ^bb0(%i: index, %j: index):
      tensor.yield %zero : f32
    } : tensor<8x62xf32> to tensor<8x64xf32>
    %empty = tensor.empty() : tensor<8x64xf32>
    %0 = linalg.generic {indexing_maps = [affine_map<(b, c) -> (b, c)>, affine_map<(b, c) -> (b, c)>],
                         iterator_types = ["parallel", "parallel"]}
        ins(%pad : tensor<8x64xf32>) outs(%empty : tensor<8x64xf32>) {
    ^bb0(%in: f32, %out: f32):
      %1 = arith.mulf %in, %in : f32
      linalg.yield %1 : f32
    } -> tensor<8x64xf32>
    return %0 : tensor<8x64xf32>
  }
}
