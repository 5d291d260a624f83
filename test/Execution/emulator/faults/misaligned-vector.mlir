// An access of 16 bytes is not aligned to them, as it says.
// RUN: %emulate && not %t.exe 2>&1 | FileCheck %s

// CHECK: error: kernel 'k', {{.*}}, block (0, 0, 0), thread (1, 0, 0): load of element 5 and the 3 after it of argument 0 (memref<160xf32>) is not aligned to 16 bytes
// CHECK: 24 findings at 1 places
module attributes {gpu.container_module} {
func.func @run(%in: memref<160xf32>, %out: memref<128xf32>) {
  %c1 = arith.constant 1 : index
  %c32 = arith.constant 32 : index
  gpu.launch_func @kernels::@k blocks in (%c1, %c1, %c1) threads in (%c32, %c1, %c1)
    args(%in : memref<160xf32>, %out : memref<128xf32>)
  return
}
gpu.module @kernels {
  gpu.func @k(%in: memref<160xf32>, %out: memref<128xf32>) kernel {
    %c4 = arith.constant 4 : index
    %c5 = arith.constant 5 : index
    %thread = gpu.thread_id x
    %from = arith.muli %thread, %c5 : index
    %to = arith.muli %thread, %c4 : index
    %0 = vector.load %in[%from] {alignment = 16} : memref<160xf32>, vector<4xf32>
    vector.store %0, %out[%to] {alignment = 16} : memref<128xf32>, vector<4xf32>
    gpu.return
  }
}
}
