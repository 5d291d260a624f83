// An index of shared memory is off by one, below the first element.
// RUN: %emulate && not %t.exe 2>&1 | FileCheck %s

// CHECK: error: kernel 'k', {{.*}}, block (0, 0, 0), thread (0, 0, 0): store to element -1 of shared memory 0 ({{.*}}) is out of bounds
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
  gpu.func @k(%in: memref<32xf32>, %out: memref<32xf32>)
        workgroup(%tile : memref<32xf32, #gpu.address_space<workgroup>>) kernel {
    %c1 = arith.constant 1 : index
    %i = gpu.thread_id x
    %0 = memref.load %in[%i] : memref<32xf32>
    %j = arith.subi %i, %c1 : index
    memref.store %0, %tile[%j] : memref<32xf32, #gpu.address_space<workgroup>>
    gpu.return
  }
}
}
