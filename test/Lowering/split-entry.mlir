// RUN: sepconv-opt %s --sepconv-split-entry=most=2 | FileCheck %s
// Three calls are few; a thousand layers are calls of four functions.
// RUN: sepconv-opt %s --sepconv-split-entry | FileCheck %s --check-prefix=FEW
// RUN: %python %source/test/support/large_models.py convolutions 1000 > %t.mlir
// RUN: sepconv-opt %t.mlir --sepconv-to-loops --sepconv-split-entry | FileCheck %s --check-prefix=MANY

// CHECK: func.func private @example_part(%[[ARG0:.+]]: memref<32xi8>, %[[ARG1:.+]]: memref<8xi8>) attributes {sepconv.part} {
// CHECK: %[[VIEW:.+]] = memref.view %[[ARG0]]
// CHECK-NEXT: call @k(%[[VIEW]])
// CHECK-NEXT: call @k(%[[ARG1]])
// CHECK-NEXT: return
// What the second part reads is computed in it too.
// CHECK: func.func private @example_part_0(%[[ARG0:.+]]: memref<32xi8>) attributes {sepconv.part} {
// CHECK-NEXT: %[[C16:.+]] = arith.constant 16 : index
// CHECK-NEXT: %[[VIEW:.+]] = memref.view %[[ARG0]][%[[C16]]][] : memref<32xi8> to memref<8xi8>
// CHECK-NEXT: call @k(%[[VIEW]]) : (memref<8xi8>) -> ()
// CHECK-NEXT: return
// CHECK-NEXT: }
// CHECK-NEXT: func.func @example(%[[ARG0:.+]]: memref<32xi8>, %[[ARG1:.+]]: memref<8xi8>) {
// CHECK-NEXT: call @example_part(%[[ARG0]], %[[ARG1]]) : (memref<32xi8>, memref<8xi8>) -> ()
// CHECK-NEXT: call @example_part_0(%[[ARG0]]) : (memref<32xi8>) -> ()
// CHECK-NEXT: return
// CHECK-NEXT: }
// FEW-NOT: sepconv.part
// MANY-COUNT-4: sepconv.part
// MANY: func.func @main(
// MANY-COUNT-4: call @main_part
// MANY-NEXT: return
func.func private @k(memref<8xi8>)
func.func @example(%workspace: memref<32xi8>, %x: memref<8xi8>) {
  %c16 = arith.constant 16 : index
  %y = memref.view %workspace[%c16][] : memref<32xi8> to memref<8xi8>
  func.call @k(%y) : (memref<8xi8>) -> ()
  func.call @k(%x) : (memref<8xi8>) -> ()
  func.call @k(%y) : (memref<8xi8>) -> ()
  return
}
