// A tile of 8 rows is stored by columns.
// RUN: %emulate && not %t.exe 2>&1 | FileCheck %s

// CHECK: error: kernel 'k', {{.*}}.mlir:{{[0-9]+}}:5, block (0, 0, 0), thread (8, 0, 0): store to element 264 of shared memory 0 ({{.*}}) is out of bounds
// CHECK: load of element 8 of shared memory 0 ({{.*}}) that no thread of the block has stored
module attributes {gpu.container_module} {
func.func @run(%in: memref<256xf32>, %out: memref<256xf32>) {
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %c32 = arith.constant 32 : index
  gpu.launch_func @kernels::@k blocks in (%c1, %c1, %c1) threads in (%c32, %c8, %c1)
    args(%in : memref<256xf32>, %out : memref<256xf32>)
  return
}
gpu.module @kernels {
  gpu.func @k(%in: memref<256xf32>, %out: memref<256xf32>)
        workgroup(%tile : memref<8x33xf32, #gpu.address_space<workgroup>>) kernel {
    %c32 = arith.constant 32 : index
    %x = gpu.thread_id x
    %y = gpu.thread_id y
    %row = arith.muli %y, %c32 : index
    %i = arith.addi %row, %x : index
    %0 = memref.load %in[%i] : memref<256xf32>
    memref.store %0, %tile[%x, %y] : memref<8x33xf32, #gpu.address_space<workgroup>>
    gpu.barrier
    %1 = memref.load %tile[%y, %x] : memref<8x33xf32, #gpu.address_space<workgroup>>
    memref.store %1, %out[%i] : memref<256xf32>
    gpu.return
  }
}
}
