// A block stores to what another one has loaded, and a third one in between.
// RUN: %emulate && not %t.exe 2>&1 | FileCheck %s

// CHECK: error: kernel 'k', {{.*}}, block (2, 0, 0), thread (0, 0, 0): store to element 0 of argument 1 (memref<3xf32>) races with the load of block (1, 0, 0), thread (0, 0, 0)
// CHECK: 1 findings at 1 places
module attributes {gpu.container_module} {
func.func @run(%in: memref<3xf32>, %out: memref<3xf32>) {
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  gpu.launch_func @kernels::@k blocks in (%c3, %c1, %c1) threads in (%c1, %c1, %c1)
    args(%in : memref<3xf32>, %out : memref<3xf32>)
  return
}
gpu.module @kernels {
  gpu.func @k(%in: memref<3xf32>, %out: memref<3xf32>) kernel {
    %c0 = arith.constant 0 : index
    %c2 = arith.constant 2 : index
    %i = gpu.block_id x
    %last = arith.cmpi eq, %i, %c2 : index
    scf.if %last {
      %0 = memref.load %in[%i] : memref<3xf32>
      memref.store %0, %out[%c0] : memref<3xf32>
    } else {
      %0 = memref.load %out[%c0] : memref<3xf32>
      %1 = arith.addf %0, %0 : f32
    }
    gpu.return
  }
}
}
