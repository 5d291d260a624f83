// RUN: sepconv-opt %s --sepconv-batch-kernels | FileCheck %s
// RUN: sed 's/sepconv.dynamic_batch, //' %s | sepconv-opt --sepconv-batch-kernels | FileCheck %s --check-prefix=ONE
// RUN: sed 's/llvm.store %%1, %%out/llvm.call @f(%%out) : (!llvm.ptr) -> () \/\//' %s | not sepconv-opt --sepconv-batch-kernels 2>&1 | FileCheck %s --check-prefix=ERROR

// An image of 105 numbers, which are not a multiple of 16 bytes, and the same weights for all. There are two blocks in
// z for an image, and the block's number in it is that within the image.

// ONE: llvm.func @k(%{{.+}}: !llvm.ptr, %{{.+}}: !llvm.ptr, %{{.+}}: !llvm.ptr) attributes
// ERROR: error: expected a memory access or the address of an element
module attributes {gpu.container_module, sepconv.dynamic_batch, sepconv.interface = {
    inputs = [{name = "x", axes = "", dtype = "float32", element_bytes = 4, shape = array<i64: 1, 105>, trainable = true}],
    outputs = [{name = "y", axes = "", dtype = "float32", element_bytes = 4, shape = array<i64: 1, 105>, trainable = true}],
    weights = [], kernels = [], functions = [], parallel = false, weights_bytes = 64, workspace_bytes = 0}} {
  func.func @main(%x: memref<105xf32>, %y: memref<105xf32>, %workspace: memref<0xi8>, %weights: memref<64xi8>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %w = memref.view %weights[%c0][] : memref<64xi8> to memref<16xf32>
    gpu.launch_func @kernels::@k blocks in (%c1, %c1, %c2) threads in (%c1, %c1, %c1)
      args(%x : memref<105xf32>, %w : memref<16xf32>, %y : memref<105xf32>)
    return
  }
  // CHECK: llvm.func @f
  // CHECK-NEXT: llvm.func @k(%arg0: !llvm.ptr, %arg1: !llvm.ptr, %arg2: !llvm.ptr, %arg3: i64, %arg4: i64, %arg5: i64) attributes {gpu.kernel, nvvm.kernel} {
  // CHECK-NEXT: %0 = nvvm.read.ptx.sreg.ctaid.z : i32
  // CHECK-NEXT: %1 = llvm.mlir.constant(2 : i32) : i32
  // CHECK-NEXT: %2 = llvm.udiv %0, %1 : i32
  // CHECK-NEXT: %3 = llvm.urem %0, %1 : i32
  // CHECK-NEXT: %4 = llvm.zext %2 : i32 to i64
  // CHECK-NEXT: %5 = llvm.mul %4, %arg3 : i64
  // CHECK-NEXT: %6 = llvm.getelementptr %arg0[%5] : (!llvm.ptr, i64) -> !llvm.ptr, i8
  // CHECK-NEXT: %7 = llvm.mul %4, %arg4 : i64
  // CHECK-NEXT: %8 = llvm.getelementptr %arg1[%7] : (!llvm.ptr, i64) -> !llvm.ptr, i8
  // CHECK-NEXT: %9 = llvm.mul %4, %arg5 : i64
  // CHECK-NEXT: %10 = llvm.getelementptr %arg2[%9] : (!llvm.ptr, i64) -> !llvm.ptr, i8
  // CHECK-NEXT: %11 = llvm.getelementptr %6[%3] : (!llvm.ptr, i32) -> !llvm.ptr, vector<4xf32>
  // CHECK-NEXT: %12 = llvm.load %11 {alignment = 4 : i64} : !llvm.ptr -> vector<4xf32>
  // CHECK-NEXT: %13 = llvm.load %8 {alignment = 16 : i64} : !llvm.ptr -> vector<4xf32>
  // CHECK-NEXT: %14 = llvm.fmul %12, %13 : vector<4xf32>
  // CHECK-NEXT: llvm.store %14, %10 {alignment = 4 : i64} : vector<4xf32>, !llvm.ptr
  // CHECK-NEXT: llvm.return
  // CHECK-NEXT: }
  gpu.module @kernels {
    llvm.func @f(!llvm.ptr)
    llvm.func @k(%x: !llvm.ptr, %w: !llvm.ptr, %out: !llvm.ptr)
        attributes {gpu.kernel, nvvm.kernel, gpu.known_grid_size = array<i32: 1, 1, 2>} {
      %z = nvvm.read.ptx.sreg.ctaid.z range <i32, 0, 2> : i32
      %at = llvm.getelementptr %x[%z] : (!llvm.ptr, i32) -> !llvm.ptr, vector<4xf32>
      %0 = llvm.load %at {alignment = 16 : i64} : !llvm.ptr -> vector<4xf32>
      %scale = llvm.load %w {alignment = 16 : i64} : !llvm.ptr -> vector<4xf32>
      %1 = llvm.fmul %0, %scale : vector<4xf32>
      llvm.store %1, %out {alignment = 16 : i64} : vector<4xf32>, !llvm.ptr
      llvm.return
    }
  }
}
