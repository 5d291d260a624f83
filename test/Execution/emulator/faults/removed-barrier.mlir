// The barrier between the stores of a tile and the loads of it is missing.
// RUN: %emulate && not %t.exe 2>&1 | FileCheck %s

// CHECK: error: kernel 'k', {{.*}}.mlir:[[#LOAD:]]:10, block (0, 0, 0), thread (0, 0, 0): load of element 31 of shared memory 0 ({{.*}}) that no thread of the block has stored
// CHECK: error: kernel 'k', {{.*}}.mlir:[[#LOAD-2]]:5, block (0, 0, 0), thread (16, 0, 0): store to element 16 of shared memory 0 ({{.*}}) races with the load of block (0, 0, 0), thread (15, 0, 0) at
// CHECK: error: kernel 'k', {{.*}}.mlir:[[#LOAD]]:10, block (0, 0, 0), thread (16, 0, 0): load of element 15 of shared memory 0 ({{.*}}) races with the store of block (0, 0, 0), thread (15, 0, 0) at
// CHECK: 48 findings at 3 places
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
        workgroup(%tile : memref<32xf32, #gpu.address_space<workgroup>>) kernel {
    %c31 = arith.constant 31 : index
    %i = gpu.thread_id x
    %0 = memref.load %in[%i] : memref<32xf32>
    memref.store %0, %tile[%i] : memref<32xf32, #gpu.address_space<workgroup>>
    %j = arith.subi %c31, %i : index
    %1 = memref.load %tile[%j] : memref<32xf32, #gpu.address_space<workgroup>>
    memref.store %1, %out[%i] : memref<32xf32>
    gpu.return
  }
}
}
