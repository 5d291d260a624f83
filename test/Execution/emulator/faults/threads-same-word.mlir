// Two threads store to the same element.
// RUN: %emulate && not %t.exe 2>&1 | FileCheck %s

// CHECK: error: kernel 'k', {{.*}}, block (0, 0, 0), thread (1, 0, 0): store to element 0 of argument 1 (memref<16xf32>) races with the store of block (0, 0, 0), thread (0, 0, 0)
// CHECK: 16 findings at 1 places
module attributes {gpu.container_module} {
func.func @run(%in: memref<32xf32>, %out: memref<16xf32>) {
  %c1 = arith.constant 1 : index
  %c32 = arith.constant 32 : index
  gpu.launch_func @kernels::@k blocks in (%c1, %c1, %c1) threads in (%c32, %c1, %c1)
    args(%in : memref<32xf32>, %out : memref<16xf32>)
  return
}
gpu.module @kernels {
  gpu.func @k(%in: memref<32xf32>, %out: memref<16xf32>) kernel {
    %c2 = arith.constant 2 : index
    %i = gpu.thread_id x
    %half = arith.divui %i, %c2 : index
    %0 = memref.load %in[%i] : memref<32xf32>
    memref.store %0, %out[%half] : memref<16xf32>
    gpu.return
  }
}
}
