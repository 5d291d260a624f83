// Half a warp takes values of the other half, which is elsewhere.
// RUN: %emulate && not %t.exe 2>&1 | FileCheck %s

// CHECK: error: kernel 'k', {{.*}}, block (0, 0, 0), thread (0, 0, 0): waits for its warp, but block (0, 0, 0), thread (16, 0, 0) has ended
// CHECK: error: kernel 'k', {{.*}}, block (0, 0, 0), thread (0, 0, 0): takes a value of lane 16, which gives none
// CHECK: 17 findings at 2 places
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
    %offset = arith.constant 16 : i32
    %width = arith.constant 32 : i32
    %i = gpu.thread_id x
    %some = arith.cmpi ult, %i, %c16 : index
    scf.if %some {
      %0 = memref.load %in[%i] : memref<32xf32>
      %1, %valid = gpu.shuffle down %0, %offset, %width : f32
      memref.store %1, %out[%i] : memref<32xf32>
    }
    gpu.return
  }
}
}
