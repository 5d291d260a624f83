// RUN: sepconv-opt %s --sepconv-lower-kernels --canonicalize --cse --split-input-file --verify-diagnostics | FileCheck %s

// A product of matrices, a chunk of what is added up after the other: the filter's chunk is copied into shared memory,
// rows of 12 of which 8 are used, and each of the 16 threads adds up its 4 of the block's 64 sums in registers, at a
// place that does not depend on the thread.

// CHECK-LABEL: gpu.func @product_0(
// CHECK-SAME: workgroup(%[[FILTER:.+]] : memref<48xf32, #gpu.address_space<workgroup>>
// CHECK-SAME: nvvm.maxnreg = 64
// CHECK: %[[SUMS:.+]] = memref.alloca() : memref<4xf32>
// CHECK: vector.store %{{.+}}, %[[SUMS]][%c0]
// CHECK: scf.for
// CHECK: memref.store %{{.+}}, %[[FILTER]]
// CHECK: gpu.barrier
// CHECK: vector.load %[[FILTER]]
// CHECK: vector.store %{{.+}}, %[[SUMS]][%c0]
// CHECK: gpu.barrier
// CHECK: vector.load %[[SUMS]][%c0]
module attributes {sepconv.facts = {gpu = 1 : i64, vector_bytes = 16 : i64, registers = 255 : i64, registers_per_sm = 65536 : i64}} {
  schedule.schedule @s for ["dense"] {
    schedule.budget registers "64" shared_bytes "48 * 4"
    schedule.stage "dense" {
      schedule.split "b" into ["bb", "bt"] by "8"
      schedule.split "c" into ["ct", "cv"] by "4"
      schedule.reorder ["cv", "ct", "bt", "bb"]
      schedule.vectorize "cv"
      schedule.gpu_blocks ["bb"]
      schedule.gpu_threads ["ct", "bt"]
    }
    schedule.stage "dense_sum" {
      schedule.wrap "weight" as "filter"
      schedule.compute_at "dense" loop "bb"
      schedule.store_in register
      schedule.split "c" into ["ct", "cv"] by "4"
      schedule.vectorize "cv"
      schedule.gpu_threads ["ct", "b"]
    }
    schedule.update "dense_sum" {
      schedule.split "kc" into ["ko", "ki"] by "4"
      schedule.split "c" into ["ct", "cv"] by "4"
      schedule.reorder ["cv", "ki", "ct", "b", "ko"]
      schedule.vectorize "cv"
      schedule.gpu_threads ["ct", "b"]
    }
    schedule.stage "filter" {
      schedule.compute_at "dense_sum" loop "ko"
      schedule.store_in gpu_shared
      schedule.align_storage "c" by "12"
      schedule.gpu_threads ["c", "kc"]
    }
  }
  func.func private @product(%x: tensor<16x32xf32>, %w: tensor<32x8xf32>) -> tensor<16x8xf32>
      attributes {sepconv.pattern = ["dense"], sepconv.schedule = @s} {
    %zero = arith.constant 0.0 : f32
    %empty = tensor.empty() : tensor<16x8xf32>
    %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<16x8xf32>) -> tensor<16x8xf32>
    %0 = linalg.matmul ins(%x, %w : tensor<16x32xf32>, tensor<32x8xf32>) outs(%fill : tensor<16x8xf32>) -> tensor<16x8xf32>
    return %0 : tensor<16x8xf32>
  }
}

// -----

// Threads that would read each other's registers.

module attributes {sepconv.facts = {gpu = 1 : i64}} {
  // expected-note @+1 {{with this schedule}}
  schedule.schedule @s for ["dense"] {
    schedule.stage "dense" {
      schedule.gpu_blocks ["b"]
      schedule.gpu_threads ["c"]
    }
    schedule.stage "dense_sum" {
      schedule.compute_at "dense" loop "b"
      schedule.store_in register
      schedule.split "c" into ["co", "ci"] by "4"
      schedule.gpu_threads ["co"]
    }
    schedule.update "dense_sum" {
      schedule.gpu_threads ["c"]
    }
  }
  // expected-error-re @+1 {{the stage dense_sum{{.*}} in registers is computed for a block, but its elements are not those of the threads that read them; split and unroll its loops as the reader's}}
  func.func private @others(%x: tensor<16x32xf32>, %w: tensor<32x8xf32>) -> tensor<16x8xf32>
      attributes {sepconv.pattern = ["dense"], sepconv.schedule = @s} {
    %zero = arith.constant 0.0 : f32
    %empty = tensor.empty() : tensor<16x8xf32>
    %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<16x8xf32>) -> tensor<16x8xf32>
    %0 = linalg.matmul ins(%x, %w : tensor<16x32xf32>, tensor<32x8xf32>) outs(%fill : tensor<16x8xf32>) -> tensor<16x8xf32>
    return %0 : tensor<16x8xf32>
  }
}
