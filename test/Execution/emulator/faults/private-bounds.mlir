// A thread stores beyond its own memory.
// RUN: %emulate && not %t.exe 2>&1 | FileCheck %s

// CHECK: error: kernel 'k', {{.*}}, block (0, 0, 0), thread (4, 0, 0): store to element 4 of private memory 0 (memref<4xf32, #gpu.address_space<private>>) is out of bounds
// CHECK: 28 findings at 1 places
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
    %own = memref.alloca() : memref<4xf32, #gpu.address_space<private>>
    %c0 = arith.constant 0 : index
    %i = gpu.thread_id x
    %0 = memref.load %in[%i] : memref<32xf32>
    memref.store %0, %own[%i] : memref<4xf32, #gpu.address_space<private>>
    %1 = memref.load %own[%c0] : memref<4xf32, #gpu.address_space<private>>
    memref.store %1, %out[%i] : memref<32xf32>
    gpu.return
  }
}
}
