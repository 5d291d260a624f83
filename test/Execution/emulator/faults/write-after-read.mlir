// A tile is stored again in the next iteration; a second barrier in the loop is missing.
// RUN: %emulate && not %t.exe 2>&1 | FileCheck %s

// CHECK: error: kernel 'k', {{.*}}.mlir:[[#STORE:]]:7, block (0, 0, 0), thread (1, 0, 0): store to element 1 of shared memory 0 ({{.*}}) races with the load of block (0, 0, 0), thread (0, 0, 0)
// CHECK: error: kernel 'k', {{.*}}.mlir:[[#STORE+2]]:12, block (0, 0, 0), thread (31, 0, 0): load of element 0 of shared memory 0 ({{.*}}) races with the store of block (0, 0, 0), thread (0, 0, 0)
// CHECK: 32 findings at 2 places
module attributes {gpu.container_module} {
func.func @run(%in: memref<64xf32>, %out: memref<64xf32>) {
  %c1 = arith.constant 1 : index
  %c32 = arith.constant 32 : index
  gpu.launch_func @kernels::@k blocks in (%c1, %c1, %c1) threads in (%c32, %c1, %c1)
    args(%in : memref<64xf32>, %out : memref<64xf32>)
  return
}
gpu.module @kernels {
  gpu.func @k(%in: memref<64xf32>, %out: memref<64xf32>)
        workgroup(%tile : memref<32xf32, #gpu.address_space<workgroup>>) kernel {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %c32 = arith.constant 32 : index
    %x = gpu.thread_id x
    %next = arith.addi %x, %c1 : index
    %neighbour = arith.remui %next, %c32 : index
    scf.for %row = %c0 to %c2 step %c1 {
      %begin = arith.muli %row, %c32 : index
      %i = arith.addi %begin, %x : index
      %0 = memref.load %in[%i] : memref<64xf32>
      memref.store %0, %tile[%x] : memref<32xf32, #gpu.address_space<workgroup>>
      gpu.barrier
      %1 = memref.load %tile[%neighbour] : memref<32xf32, #gpu.address_space<workgroup>>
      memref.store %1, %out[%i] : memref<64xf32>
    }
    gpu.return
  }
}
}
