// The guard of the last block is missing.
// RUN: %emulate && not %t.exe 2>&1 | FileCheck %s

// CHECK: error: kernel 'k', {{.*}}, block (1, 0, 0), thread (18, 0, 0): load of element 50 of argument 0 (memref<50xf32>) is out of bounds
// CHECK: error: kernel 'k', {{.*}}, block (1, 0, 0), thread (18, 0, 0): store to element 50 of argument 1 (memref<50xf32>) is out of bounds
// CHECK: 28 findings at 2 places
module attributes {gpu.container_module} {
func.func @run(%in: memref<50xf32>, %out: memref<50xf32>) {
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c32 = arith.constant 32 : index
  gpu.launch_func @kernels::@k blocks in (%c2, %c1, %c1) threads in (%c32, %c1, %c1)
    args(%in : memref<50xf32>, %out : memref<50xf32>)
  return
}
gpu.module @kernels {
  gpu.func @k(%in: memref<50xf32>, %out: memref<50xf32>) kernel {
    %block = gpu.block_id x
    %size = gpu.block_dim x
    %thread = gpu.thread_id x
    %begin = arith.muli %block, %size : index
    %i = arith.addi %begin, %thread : index
    %0 = memref.load %in[%i] : memref<50xf32>
    memref.store %0, %out[%i] : memref<50xf32>
    gpu.return
  }
}
}
