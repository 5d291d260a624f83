// A tile of 32 by 32 is transposed through shared memory, by 8 rows of threads. A row of the tile has one
// element more than it needs, so that the loads of a column are of different banks.
// RUN: %emulate && %t.exe report | FileCheck %s

// CHECK: out: 0 32 64 {{.*}} 960 992 1 33 {{.*}} 991 1023{{$}}
// CHECK: 0 findings at 0 places
// CHECK: "kernel": "transpose", "grid": [1, 1, 1], "block": [32, 8, 1], "shared_bytes": 4224, "barriers": 1, "shuffles": 0,
// CHECK: "loads": {"requests": 32, "bytes": 4096, "sectors": 128, "distinct_bytes": 4096}
// CHECK: "stores": {"requests": 32, "bytes": 4096, "sectors": 128, "distinct_bytes": 4096}
// CHECK: "name": "shared memory 0 ({{.*}})", "space": "shared", "bytes": 4224, "loads": {"requests": 32, "bytes": 4096, "bank_conflicts": 0}, "stores": {"requests": 32, "bytes": 4096, "bank_conflicts": 0}}
module attributes {gpu.container_module} {
func.func @run(%in: memref<1024xf32>, %out: memref<1024xf32>) {
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %c32 = arith.constant 32 : index
  gpu.launch_func @kernels::@transpose blocks in (%c1, %c1, %c1) threads in (%c32, %c8, %c1)
    args(%in : memref<1024xf32>, %out : memref<1024xf32>)
  return
}
gpu.module @kernels {
  gpu.func @transpose(%in: memref<1024xf32>, %out: memref<1024xf32>)
      workgroup(%tile: memref<32x33xf32, #gpu.address_space<workgroup>>) kernel
      attributes {known_block_size = array<i32: 32, 8, 1>, known_grid_size = array<i32: 1, 1, 1>} {
    %c8 = arith.constant 8 : index
    %c32 = arith.constant 32 : index
    %x = gpu.thread_id x
    %y = gpu.thread_id y
    scf.for %row = %y to %c32 step %c8 {
      %from = arith.muli %row, %c32 : index
      %i = arith.addi %from, %x : index
      %0 = memref.load %in[%i] : memref<1024xf32>
      memref.store %0, %tile[%row, %x] : memref<32x33xf32, #gpu.address_space<workgroup>>
    }
    gpu.barrier
    scf.for %row = %y to %c32 step %c8 {
      %to = arith.muli %row, %c32 : index
      %i = arith.addi %to, %x : index
      %0 = memref.load %tile[%x, %row] : memref<32x33xf32, #gpu.address_space<workgroup>>
      memref.store %0, %out[%i] : memref<1024xf32>
    }
    gpu.return
  }
}
}
