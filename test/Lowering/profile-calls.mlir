// RUN: sepconv-opt %s --sepconv-profile-calls --split-input-file | FileCheck %s
// RUN: sepconv-opt %s --sepconv-split-entry=most=1 --sepconv-profile-calls=counter=llvm.readsteadycounter --split-input-file | FileCheck %s --check-prefix=PARTS

// The example in the pass's description.
// CHECK: memref.global "private" @call_ticks : memref<2xi64> = dense<0> {alignment = 64 : i64}
// CHECK-NEXT: func.func private @k(memref<8xi8>) attributes {sepconv.pattern = ["elementwise"]}
// CHECK-NEXT: func.func @example(%arg0: memref<8xi8>) {
// CHECK-NEXT: %0 = llvm.call_intrinsic "llvm.readcyclecounter"() : () -> i64
// CHECK-NEXT: %1 = llvm.call_intrinsic "llvm.readcyclecounter"() : () -> i64
// CHECK-NEXT: call @k(%arg0) : (memref<8xi8>) -> ()
// CHECK-NEXT: %2 = llvm.call_intrinsic "llvm.readcyclecounter"() : () -> i64
// CHECK-NEXT: %3 = arith.subi %2, %1 : i64
// CHECK-NEXT: %4 = memref.get_global @call_ticks : memref<2xi64>
// CHECK-NEXT: %c0 = arith.constant 0 : index
// CHECK-NEXT: %5 = memref.load %4[%c0] : memref<2xi64>
// CHECK-NEXT: %6 = arith.addi %5, %3 : i64
// CHECK-NEXT: memref.store %6, %4[%c0] : memref<2xi64>
func.func private @k(memref<8xi8>) attributes {sepconv.pattern = ["elementwise"]}
func.func @example(%x: memref<8xi8>) {
  func.call @k(%x) : (memref<8xi8>) -> ()
  return
}

// -----

// Each call has its element, the whole entry the last one; what is no kernel is not counted.

// CHECK: memref.global "private" @call_ticks : memref<3xi64> = dense<0> {alignment = 64 : i64}
// CHECK: func.func @two(
// CHECK-NEXT: %[[START:.+]] = llvm.call_intrinsic "llvm.readcyclecounter"() : () -> i64
// CHECK-NEXT: %[[BEFORE:.+]] = llvm.call_intrinsic "llvm.readcyclecounter"
// CHECK-NEXT: call @k(
// CHECK-NEXT: %[[AFTER:.+]] = llvm.call_intrinsic "llvm.readcyclecounter"
// CHECK-NEXT: %[[TICKS:.+]] = arith.subi %[[AFTER]], %[[BEFORE]]
// CHECK-NEXT: %[[ALL:.+]] = memref.get_global @call_ticks
// CHECK-NEXT: %[[FIRST:.+]] = arith.constant 0 : index
// CHECK-NEXT: %[[OLD:.+]] = memref.load %[[ALL]][%[[FIRST]]]
// CHECK-NEXT: %[[NEW:.+]] = arith.addi %[[OLD]], %[[TICKS]]
// CHECK-NEXT: memref.store %[[NEW]], %[[ALL]][%[[FIRST]]]
// CHECK-NEXT: call @other(
// CHECK-NEXT: llvm.call_intrinsic "llvm.readcyclecounter"
// CHECK-NEXT: call @k(
// CHECK: arith.constant 1 : index
// CHECK: %[[END:.+]] = llvm.call_intrinsic "llvm.readcyclecounter"
// CHECK-NEXT: arith.subi %[[END]], %[[START]]
// CHECK: arith.constant 2 : index

// In parts of an entry the calls keep their numbers.
// PARTS: func.func private @two_part(
// PARTS-NEXT: llvm.call_intrinsic "llvm.readsteadycounter"
// PARTS: arith.constant 0 : index
// PARTS: func.func private @two_part_1(
// PARTS: arith.constant 1 : index

func.func private @k(memref<8xi8>) attributes {sepconv.pattern = ["elementwise"]}
func.func private @other(memref<8xi8>)
func.func @two(%x: memref<8xi8>) {
  func.call @k(%x) : (memref<8xi8>) -> ()
  func.call @other(%x) : (memref<8xi8>) -> ()
  func.call @k(%x) : (memref<8xi8>) -> ()
  return
}
