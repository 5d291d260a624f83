// RUN: sepconv-opt %s --sepconv-lower-kernels --canonicalize --cse --split-input-file --verify-diagnostics | FileCheck %s

// A sum of 32 products in 8 parts: each of the threads adds up every eighth product in a register and leaves it in
// shared memory; behind the barrier the threads of the results add up the parts.

// CHECK-LABEL: gpu.func @product_0(
// CHECK-SAME: workgroup(%[[PARTS:.+]] : memref<32xf32, #gpu.address_space<workgroup>>
// CHECK-SAME: known_block_size = array<i32: 4, 8, 1>
// CHECK: %[[PART:.+]] = memref.alloca() : memref<1xf32>
// CHECK: %[[SUM:.+]] = memref.alloca() : memref<1xf32>
// CHECK: scf.for %{{.+}} = %c0 to %c4 step %c1
// CHECK: memref.store %{{.+}}, %[[PART]][%c0]
// CHECK: memref.store %{{.+}}, %[[PARTS]]
// CHECK: gpu.barrier
// CHECK: scf.for %{{.+}} = %c0 to %c8 step %c1
// CHECK: memref.load %[[PARTS]]
// CHECK: memref.store %{{.+}}, %[[SUM]][%c0]
module attributes {sepconv.facts = {gpu = 1 : i64, registers = 255 : i64, registers_per_sm = 65536 : i64}} {
  schedule.schedule @s for ["dense"] {
    schedule.stage "dense" {
      schedule.gpu_blocks ["b"]
      schedule.gpu_threads ["c"]
    }
    schedule.update "dense_sum" {
      schedule.split "kc" into ["step", "slice"] by "8"
      schedule.rfactor "slice" as "part"
      schedule.reorder ["slice", "c", "b"]
      schedule.gpu_threads ["c"]
    }
    schedule.update "part_sum" {
      schedule.reorder ["step", "c", "b", "slice"]
    }
    schedule.stage "dense_sum" {
      schedule.compute_at "dense" loop "b"
      schedule.store_in register
      schedule.gpu_threads ["c"]
    }
    schedule.stage "part" {
      schedule.compute_at "dense" loop "b"
      schedule.store_in gpu_shared
      schedule.gpu_threads ["c", "slice"]
    }
    schedule.stage "part_sum" {
      schedule.compute_at "part" loop "c"
      schedule.store_in register
    }
  }
  func.func private @product(%x: tensor<16x32xf32>, %w: tensor<32x4xf32>) -> tensor<16x4xf32>
      attributes {sepconv.pattern = ["dense"], sepconv.schedule = @s} {
    %zero = arith.constant 0.0 : f32
    %empty = tensor.empty() : tensor<16x4xf32>
    %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<16x4xf32>) -> tensor<16x4xf32>
    %0 = linalg.matmul ins(%x, %w : tensor<16x32xf32>, tensor<32x4xf32>) outs(%fill : tensor<16x4xf32>) -> tensor<16x4xf32>
    return %0 : tensor<16x4xf32>
  }
}

// -----
// A difference of each product and those before it is no sum of parts.

module {
  schedule.schedule @s for ["dense"] {
    schedule.update "dense_sum" {
      schedule.split "kc" into ["step", "slice"] by "8"
      // expected-error @+1 {{can't perform rfactor() because we can't prove associativity}}
      schedule.rfactor "slice" as "part"
    }
  }
  func.func private @chain(%x: tensor<4x32xf32>, %w: tensor<32x4xf32>) -> tensor<4x4xf32>
      attributes {sepconv.pattern = ["dense"], sepconv.schedule = @s} {
    %zero = arith.constant 0.0 : f32
    %empty = tensor.empty() : tensor<4x4xf32>
    %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<4x4xf32>) -> tensor<4x4xf32>
    %0 = linalg.generic {indexing_maps = [affine_map<(b, c, k) -> (b, k)>, affine_map<(b, c, k) -> (k, c)>, affine_map<(b, c, k) -> (b, c)>],
        iterator_types = ["parallel", "parallel", "reduction"]}
        ins(%x, %w : tensor<4x32xf32>, tensor<32x4xf32>) outs(%fill : tensor<4x4xf32>) {
      ^bb0(%a: f32, %b: f32, %sum: f32):
        %p = arith.mulf %a, %b : f32
        %d = arith.subf %p, %sum : f32
        linalg.yield %d : f32
    } -> tensor<4x4xf32>
    return %0 : tensor<4x4xf32>
  }
}
