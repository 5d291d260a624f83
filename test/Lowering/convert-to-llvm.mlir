// RUN: sepconv-opt %s --sepconv-loops-to-llvm | FileCheck %s
// RUN: sepconv-opt %s --sepconv-convert-to-llvm --reconcile-unrealized-casts --canonicalize --cse | FileCheck %s --check-prefix=EXAMPLE

// Buffers are bare pointers that do not alias; vectors and products that may be contracted stay so.

// CHECK-LABEL: llvm.func @k(
// CHECK-SAME: !llvm.ptr {llvm.noalias
// CHECK-SAME: !llvm.ptr {llvm.noalias
// CHECK: llvm.load %{{.+}} {alignment = 4 : i64} : !llvm.ptr -> vector<4xf32>
// CHECK: llvm.fmul %{{.+}} {fastmathFlags = #llvm.fastmath<contract>} : vector<4xf32>
// CHECK: llvm.store
// CHECK-NOT: unrealized_conversion_cast
func.func @k(%x: memref<8xf32>, %out: memref<8xf32>) {
  %c0 = arith.constant 0 : index
  %c8 = arith.constant 8 : index
  %c4 = arith.constant 4 : index
  scf.for %i = %c0 to %c8 step %c4 {
    %0 = vector.load %x[%i] : memref<8xf32>, vector<4xf32>
    %1 = arith.mulf %0, %0 fastmath<contract> : vector<4xf32>
    vector.store %1, %out[%i] : memref<8xf32>, vector<4xf32>
  }
  return
}

// The example in the pass's description.
// EXAMPLE: llvm.func @example(%arg0: !llvm.ptr {llvm.noalias, llvm.nocapture}, %arg1: !llvm.ptr {llvm.noalias, llvm.nocapture}, %arg2: i64) {
// EXAMPLE-NEXT: %0 = llvm.getelementptr inbounds|nuw %arg0[%arg2] : (!llvm.ptr, i64) -> !llvm.ptr, f32
// EXAMPLE-NEXT: %1 = llvm.load %0 : !llvm.ptr -> f32
// EXAMPLE-NEXT: %2 = llvm.getelementptr inbounds|nuw %arg1[%arg2] : (!llvm.ptr, i64) -> !llvm.ptr, f32
// EXAMPLE-NEXT: llvm.store %1, %2 : f32, !llvm.ptr
// EXAMPLE-NEXT: llvm.return
// EXAMPLE-NEXT: }
func.func @example(%x: memref<8xf32>, %y: memref<8xf32>, %i: index) {
  %0 = memref.load %x[%i] : memref<8xf32>
  memref.store %0, %y[%i] : memref<8xf32>
  return
}
