// RUN: sepconv-opt %s --sepconv-lower-parallel | FileCheck %s

// Without threads a parallel loop is a serial one, and what it has on the stack is there once.

// CHECK-LABEL: func.func private @k(
// CHECK: %[[TILE:.+]] = memref.alloca() {alignment = 64 : i64} : memref<4xf32>
// CHECK: scf.for
// CHECK: memref.store %{{.+}}, %[[TILE]]
// CHECK-NOT: scf.parallel
func.func private @k(%x: memref<8xf32>, %out: memref<8xf32>)
    attributes {sepconv.pattern = ["elementwise"]} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  scf.parallel (%i) = (%c0) to (%c8) step (%c1) {
    %tile = memref.alloca() {alignment = 64 : i64} : memref<4xf32>
    %0 = memref.load %x[%i] : memref<8xf32>
    memref.store %0, %tile[%c0] : memref<4xf32>
    %1 = memref.load %tile[%c0] : memref<4xf32>
    memref.store %1, %out[%i] : memref<8xf32>
  }
  return
}
