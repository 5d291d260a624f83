// The border of a tile is not stored: it is one element wider on each side than what is.
// RUN: %emulate && not %t.exe 2>&1 | FileCheck %s

// CHECK: error: kernel 'k', {{.*}}.mlir:[[#LEFT:]]:10, block (0, 0, 0), thread (0, 0, 0): load of element 0 of shared memory 0 ({{.*}}) that no thread of the block has stored
// CHECK: error: kernel 'k', {{.*}}.mlir:[[#LEFT+1]]:10, block (0, 0, 0), thread (31, 0, 0): load of element 33 of shared memory 0
// CHECK: 2 findings at 2 places
module attributes {gpu.container_module} {
func.func @run(%in: memref<32xf32>, %out: memref<32xf32>) {
  %c1 = arith.constant 1 : index
  %c32 = arith.constant 32 : index
  gpu.launch_func @kernels::@k blocks in (%c1, %c1, %c1) threads in (%c32, %c1, %c1)
    args(%in : memref<32xf32>, %out : memref<32xf32>)
  return
}
gpu.module @kernels {
  gpu.func @k(%in: memref<32xf32>, %out: memref<32xf32>)
        workgroup(%tile : memref<34xf32, #gpu.address_space<workgroup>>) kernel {
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %i = gpu.thread_id x
    %middle = arith.addi %i, %c1 : index
    %right = arith.addi %i, %c2 : index
    %0 = memref.load %in[%i] : memref<32xf32>
    memref.store %0, %tile[%middle] : memref<34xf32, #gpu.address_space<workgroup>>
    gpu.barrier
    %1 = memref.load %tile[%i] : memref<34xf32, #gpu.address_space<workgroup>>
    %2 = memref.load %tile[%right] : memref<34xf32, #gpu.address_space<workgroup>>
    %3 = arith.addf %1, %2 : f32
    memref.store %3, %out[%i] : memref<32xf32>
    gpu.return
  }
}
}
