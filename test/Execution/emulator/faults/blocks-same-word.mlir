// Two blocks store to the same element; no barrier orders blocks.
// RUN: %emulate && not %t.exe 2>&1 | FileCheck %s

// CHECK: error: kernel 'k', {{.*}}, block (1, 0, 0), thread (0, 0, 0): store to element 31 of argument 1 (memref<63xf32>) races with the store of block (0, 0, 0), thread (31, 0, 0)
// CHECK: 1 findings at 1 places
module attributes {gpu.container_module} {
func.func @run(%in: memref<63xf32>, %out: memref<63xf32>) {
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c32 = arith.constant 32 : index
  gpu.launch_func @kernels::@k blocks in (%c2, %c1, %c1) threads in (%c32, %c1, %c1)
    args(%in : memref<63xf32>, %out : memref<63xf32>)
  return
}
gpu.module @kernels {
  gpu.func @k(%in: memref<63xf32>, %out: memref<63xf32>) kernel {
    %c31 = arith.constant 31 : index
    %block = gpu.block_id x
    %thread = gpu.thread_id x
    %begin = arith.muli %block, %c31 : index
    %i = arith.addi %begin, %thread : index
    %0 = memref.load %in[%i] : memref<63xf32>
    memref.store %0, %out[%i] : memref<63xf32>
    gpu.return
  }
}
}
