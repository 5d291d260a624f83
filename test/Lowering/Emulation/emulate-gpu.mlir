// A kernel becomes what one thread does, a launch a call for each thread; the runtime is asked before each access.
// RUN: sepconv-opt %s --sepconv-emulate-gpu --canonicalize | FileCheck %s
// RUN: sepconv-opt %s --sepconv-emulate-gpu --sepconv-loops-to-llvm | FileCheck %s --check-prefix=LLVM

// What is known of an operation: where it is, of which buffer how many elements it accesses, aligned to how many
// bytes, and whether it stores.
// CHECK-DAG: llvm.mlir.global internal constant @[[$LAYER:.+]]("conv\00")
// CHECK-DAG: llvm.mlir.global internal constant @[[PLACE:.+]]("{{.*}}emulate-gpu.mlir:[[#@LINE+59]]:12\00")

// The layer is that of the call. A kernel's shared memory is the launch's, since blocks run one after the other.
// CHECK-LABEL: func.func @main
// CHECK: %[[NAME:.+]] = llvm.mlir.addressof @[[$LAYER]]
// CHECK: call @sepconv_emulated_layer(%[[NAME]])
// CHECK: call @k(
// CHECK-LABEL: func.func private @k(
// CHECK: %[[START:.+]] = llvm.mlir.addressof @sepconv_emulated_launch
// CHECK: %[[LAUNCH:.+]] = call @sepconv_emulated_prepare(%{{.+}}, %c2, %c1, %c1, %c8, %c4, %c1)
// CHECK: call @sepconv_emulated_expect(%[[LAUNCH]], %c0_i32, %c8, %c4, %c1)
// CHECK: call @sepconv_emulated_buffer(%[[LAUNCH]], %{{.+}}, %c0_i32, %c64, %c4, %c0_i32)
// CHECK: call @sepconv_emulated_buffer(%[[LAUNCH]], %{{.+}}, %c0_i32, %c64, %c4, %c1_i32)
// CHECK: call @sepconv_emulated_buffer(%[[LAUNCH]], %{{.+}}, %c1_i32, %c32, %c4, %c1_i32)
// CHECK: %[[SHARED:.+]] = memref.alloca() {{.*}} : memref<4x8xf32>
// CHECK: sepconv.parallel_call @kernels_k(%c0 to %c64) (%c2, %c1, %c1, %c8, %c4, %c1, %arg0, %arg1, %[[SHARED]]) by(%[[START]], %[[LAUNCH]])

// CHECK: func.func private @kernels_k(%arg0: index, %arg1: index, %arg2: index, %arg3: index, %arg4: index, %arg5: index, %arg6: index, %arg7: memref<64xf32>, %arg8: memref<64xf32>, %arg9: memref<4x8xf32>) attributes {sepconv.emulated} {
// CHECK: %5 = arith.muli %arg4, %arg5 : index
// CHECK-NEXT: %6 = arith.muli %5, %arg6 : index
// CHECK-NEXT: %7 = arith.remui %arg0, %6 : index
// CHECK-NEXT: %8 = arith.remui %7, %arg4 : index
// CHECK-NEXT: scf.for %arg10 = %c0 to %c2 step %c1 {
// CHECK-NEXT: %12 = func.call @sepconv_emulated_access(%4, %8, %arg10, %c1_i32) : (!llvm.ptr, index, index, i32) -> i32
// CHECK-NEXT: %13 = arith.trunci %12 : i32 to i1
// CHECK-NEXT: %14 = arith.select %13, %8, %c0 : index
// CHECK-NEXT: %15 = memref.load %arg7[%14] : memref<64xf32>
// CHECK: call @sepconv_emulated_barrier(%2) : (!llvm.ptr) -> ()
// CHECK-NEXT: %9 = call @sepconv_emulated_access(%1, %c0, %c0, %c1_i32) : (!llvm.ptr, index, index, i32) -> i32
// CHECK: %10 = vector.load %arg9[%c0, %c0] : memref<4x8xf32>, vector<4xf32>
// CHECK-NOT: gpu.

// Memory of others changes while a thread waits.
// LLVM: llvm.func @kernels_k(
// LLVM-NOT: noalias
// LLVM: llvm.return
module attributes {gpu.container_module} {
func.func @main(%in: memref<64xf32>, %out: memref<64xf32>) {
  call @k(%in, %out) : (memref<64xf32>, memref<64xf32>) -> () loc("conv")
  return
}
func.func private @k(%in: memref<64xf32>, %out: memref<64xf32>) {
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c4 = arith.constant 4 : index
  %c8 = arith.constant 8 : index
  gpu.launch_func @kernels::@k blocks in (%c2, %c1, %c1) threads in (%c8, %c4, %c1)
    args(%in : memref<64xf32>, %out : memref<64xf32>)
  return
}
gpu.module @kernels {
  gpu.func @k(%in: memref<64xf32>, %out: memref<64xf32>)
      workgroup(%tile: memref<4x8xf32, #gpu.address_space<workgroup>>) kernel
      attributes {known_block_size = array<i32: 8, 4, 1>} {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %x = gpu.thread_id x
    scf.for %i = %c0 to %c2 step %c1 {
      %0 = memref.load %in[%x] : memref<64xf32>
      memref.store %0, %tile[%i, %x] : memref<4x8xf32, #gpu.address_space<workgroup>>
    }
    gpu.barrier
    %1 = vector.load %tile[%c0, %c0] {alignment = 16}
      : memref<4x8xf32, #gpu.address_space<workgroup>>, vector<4xf32>
    vector.store %1, %out[%c0] : memref<64xf32>, vector<4xf32>
    gpu.return
  }
}
}
