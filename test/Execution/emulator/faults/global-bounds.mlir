// An index of global memory is off by one.
// RUN: %emulate && not %t.exe 2>&1 | FileCheck %s

// CHECK: error: kernel 'k', {{.*}}.mlir:{{[0-9]+}}:10, block (0, 0, 0), thread (31, 0, 0): load of element 32 of argument 0 (memref<32xf32>) is out of bounds
// CHECK: 1 findings at 1 places
module attributes {gpu.container_module} {
func.func @run(%in: memref<32xf32>, %out: memref<32xf32>) {
  %c1 = arith.constant 1 : index
  %c32 = arith.constant 32 : index
  gpu.launch_func @kernels::@k blocks in (%c1, %c1, %c1) threads in (%c32, %c1, %c1)
    args(%in : memref<32xf32>, %out : memref<32xf32>)
  return
}
gpu.module @kernels {
  gpu.func @k(%in: memref<32xf32>, %out: memref<32xf32>) kernel {
    %c1 = arith.constant 1 : index
    %i = gpu.thread_id x
    %j = arith.addi %i, %c1 : index
    %0 = memref.load %in[%j] : memref<32xf32>
    memref.store %0, %out[%i] : memref<32xf32>
    gpu.return
  }
}
}
