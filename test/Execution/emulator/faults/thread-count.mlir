// A kernel for blocks of 32 threads is launched with 16.
// RUN: %emulate && not %t.exe 2>&1 | FileCheck %s

// CHECK: error: kernel 'k': is launched with 16 x 1 x 1 threads, expected 32 x 1 x 1
// CHECK: error: kernel 'k', {{.*}}, block (0, 0, 0), thread (0, 0, 0): load of element 31 of shared memory 0 ({{.*}}) that no thread of the block has stored
// CHECK: 17 findings at 2 places
module attributes {gpu.container_module} {
func.func @run(%in: memref<32xf32>, %out: memref<32xf32>) {
  %c1 = arith.constant 1 : index
  %c16 = arith.constant 16 : index
  gpu.launch_func @kernels::@k blocks in (%c1, %c1, %c1) threads in (%c16, %c1, %c1)
    args(%in : memref<32xf32>, %out : memref<32xf32>)
  return
}
gpu.module @kernels {
  gpu.func @k(%in: memref<32xf32>, %out: memref<32xf32>)
        workgroup(%tile : memref<32xf32, #gpu.address_space<workgroup>>) kernel attributes {known_block_size = array<i32: 32, 1, 1>} {
    %c31 = arith.constant 31 : index
    %i = gpu.thread_id x
    %0 = memref.load %in[%i] : memref<32xf32>
    memref.store %0, %tile[%i] : memref<32xf32, #gpu.address_space<workgroup>>
    gpu.barrier
    %j = arith.subi %c31, %i : index
    %1 = memref.load %tile[%j] : memref<32xf32, #gpu.address_space<workgroup>>
    memref.store %1, %out[%i] : memref<32xf32>
    gpu.return
  }
}
}
