// RUN: sepconv-opt %s --sepconv-loops-to-llvm | FileCheck %s

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
