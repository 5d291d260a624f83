// RUN: sepconv-opt %s --sepconv-gpu-to-nvvm | FileCheck %s
// RUN: sepconv-opt %s --pass-pipeline='builtin.module(gpu.module(sepconv-convert-to-nvvm,reconcile-unrealized-casts,canonicalize,cse))' | FileCheck %s --check-prefix=EXAMPLE

// Functions of a GPU: bare pointers, indices of 32 bits, bfloat16 as its bits, no function of a library.

// CHECK: gpu.module @kernels
// CHECK: llvm.mlir.global internal @__wg_narrow_0() {addr_space = 3 : i32, alignment = 16 : i64} : !llvm.array<64 x i16>
// CHECK-LABEL: llvm.func @narrow(
// CHECK-SAME: !llvm.ptr {llvm.noalias, llvm.readonly}, %{{.+}}: !llvm.ptr {llvm.noalias})
// CHECK-SAME: nvvm.kernel
// CHECK: nvvm.read.ptx.sreg.tid.x range <i32, 0, 64> : i32
// CHECK: llvm.getelementptr {{.*}} : (!llvm.ptr, i32) -> !llvm.ptr, i16
// CHECK: nvvm.barrier
// CHECK: llvm.shl
// CHECK-NOT: llvm.call
// CHECK: llvm.return
gpu.module @kernels {
  gpu.func @narrow(%x: memref<64xbf16> {llvm.noalias, llvm.readonly}, %out: memref<64xf32> {llvm.noalias})
      workgroup(%tile : memref<64xbf16, #gpu.address_space<workgroup>> {llvm.align = 16 : i64})
      kernel attributes {known_block_size = array<i32: 64, 1, 1>} {
    %i = gpu.thread_id x
    %0 = memref.load %x[%i] : memref<64xbf16>
    memref.store %0, %tile[%i] : memref<64xbf16, #gpu.address_space<workgroup>>
    gpu.barrier
    %c63 = arith.constant 63 : index
    %j = arith.subi %c63, %i : index
    %1 = memref.load %tile[%j] : memref<64xbf16, #gpu.address_space<workgroup>>
    %2 = arith.extf %1 : bf16 to f32
    %3 = math.exp %2 : f32
    memref.store %3, %out[%i] : memref<64xf32>
    gpu.return
  }
}

// The example in the pass's description.
// EXAMPLE: gpu.module @example {
// EXAMPLE-NEXT: llvm.func @example(%arg0: !llvm.ptr, %arg1: !llvm.ptr) attributes {gpu.kernel, gpu.known_block_size = array<i32: 64, 1, 1>, nvvm.kernel, nvvm.maxntid = array<i32: 64, 1, 1>} {
// EXAMPLE-NEXT: %0 = nvvm.read.ptx.sreg.tid.x range <i32, 0, 64> : i32
// EXAMPLE-NEXT: %1 = llvm.getelementptr inbounds|nuw %arg0[%0] : (!llvm.ptr, i32) -> !llvm.ptr, f32
// EXAMPLE-NEXT: %2 = llvm.load %1 : !llvm.ptr -> f32
// EXAMPLE-NEXT: %3 = llvm.getelementptr inbounds|nuw %arg1[%0] : (!llvm.ptr, i32) -> !llvm.ptr, f32
// EXAMPLE-NEXT: llvm.store %2, %3 : f32, !llvm.ptr
// EXAMPLE-NEXT: llvm.return
// EXAMPLE-NEXT: }
// EXAMPLE-NEXT: }
gpu.module @example {
  gpu.func @example(%x: memref<64xf32>, %y: memref<64xf32>) kernel
      attributes {known_block_size = array<i32: 64, 1, 1>} {
    %i = gpu.thread_id x
    %0 = memref.load %x[%i] : memref<64xf32>
    memref.store %0, %y[%i] : memref<64xf32>
    gpu.return
  }
}
