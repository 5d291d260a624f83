// A barrier is in a branch that some threads take.
// RUN: %emulate && not %t.exe 2>&1 | FileCheck %s

// CHECK: error: kernel 'k', {{.*}}.mlir:{{[0-9]+}}:7, block (0, 0, 0), thread (0, 0, 0): waits at a barrier, but block (0, 0, 0), thread (16, 0, 0) has ended
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
    %c16 = arith.constant 16 : index
    %i = gpu.thread_id x
    %some = arith.cmpi ult, %i, %c16 : index
    scf.if %some {
      %0 = memref.load %in[%i] : memref<32xf32>
      gpu.barrier
      memref.store %0, %out[%i] : memref<32xf32>
    }
    gpu.return
  }
}
}
