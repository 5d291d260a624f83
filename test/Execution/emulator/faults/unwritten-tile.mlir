// A tile is loaded that nobody has stored in this block; an earlier block has.
// RUN: %emulate && not %t.exe 2>&1 | FileCheck %s

// CHECK: error: kernel 'k', {{.*}}, block (1, 0, 0), thread (0, 0, 0): load of element 0 of shared memory 0 ({{.*}}) that no thread of the block has stored
// CHECK: 32 findings at 1 places
module attributes {gpu.container_module} {
func.func @run(%in: memref<64xf32>, %out: memref<64xf32>) {
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c32 = arith.constant 32 : index
  gpu.launch_func @kernels::@k blocks in (%c2, %c1, %c1) threads in (%c32, %c1, %c1)
    args(%in : memref<64xf32>, %out : memref<64xf32>)
  return
}
gpu.module @kernels {
  gpu.func @k(%in: memref<64xf32>, %out: memref<64xf32>)
        workgroup(%tile : memref<32xf32, #gpu.address_space<workgroup>>) kernel {
    %c0 = arith.constant 0 : index
    %c32 = arith.constant 32 : index
    %block = gpu.block_id x
    %thread = gpu.thread_id x
    %begin = arith.muli %block, %c32 : index
    %i = arith.addi %begin, %thread : index
    %first = arith.cmpi eq, %block, %c0 : index
    scf.if %first {
      %0 = memref.load %in[%i] : memref<64xf32>
      memref.store %0, %tile[%thread] : memref<32xf32, #gpu.address_space<workgroup>>
    }
    gpu.barrier
    %1 = memref.load %tile[%thread] : memref<32xf32, #gpu.address_space<workgroup>>
    memref.store %1, %out[%i] : memref<64xf32>
    gpu.return
  }
}
}
