// RUN: sepconv-opt %s --sepconv-expand-narrow-floats --canonicalize | FileCheck %s

// No value, buffer or constant is of bf16, and conversions are arithmetic.

// CHECK-NOT: bf16
// CHECK-LABEL: func.func private @task(index, memref<8xi16>)
func.func private @task(index, memref<8xbf16>)

// CHECK-LABEL: func.func @move(
// CHECK-SAME: %[[X:.+]]: memref<8xi16>, %[[BYTES:.+]]: memref<16xi8>, %[[P:.+]]: !llvm.ptr)
func.func @move(%x: memref<8xbf16>, %bytes: memref<16xi8>, %p: !llvm.ptr) {
  %c0 = arith.constant 0 : index
  %true = arith.constant dense<[true, false, true, true]> : vector<4xi1>
  // CHECK-DAG: %[[LEAST:.+]] = arith.constant dense<-128> : vector<4xi16>
  // CHECK-DAG: %[[ONE:.+]] = arith.constant 16256 : i16
  %least = arith.constant dense<0xFF80> : vector<4xbf16>
  %one = arith.constant 1.0 : bf16
  // CHECK: %[[VIEW:.+]] = memref.view %[[BYTES]][%{{.+}}][] : memref<16xi8> to memref<8xi16>
  %view = memref.view %bytes[%c0][] : memref<16xi8> to memref<8xbf16>
  // CHECK: %[[A:.+]] = vector.load %[[X]]{{.*}} : memref<8xi16>, vector<4xi16>
  %a = vector.load %x[%c0] : memref<8xbf16>, vector<4xbf16>
  // CHECK: arith.select %{{.+}}, %[[A]], %[[LEAST]]
  %b = arith.select %true, %a, %least : vector<4xi1>, vector<4xbf16>
  vector.store %b, %view[%c0] : memref<8xbf16>, vector<4xbf16>
  // CHECK: memref.store %[[ONE]], %[[VIEW]]
  memref.store %one, %view[%c0] : memref<8xbf16>
  // CHECK: sepconv.parallel_call {{.*}} : (memref<8xi16>)
  sepconv.parallel_call @task(%c0 to %c0)(%view) by(%p, %p) : (memref<8xbf16>), !llvm.ptr, !llvm.ptr
  return
}

// CHECK-LABEL: func.func @convert(
func.func @convert(%x: memref<8xbf16>, %i: index) {
  // CHECK: scf.for
  // CHECK: %[[BITS:.+]] = memref.load %{{.+}} : memref<8xi16>
  // CHECK: %[[WIDE:.+]] = arith.extui %[[BITS]] : i16 to i32
  // CHECK: %[[SHIFTED:.+]] = arith.shli %[[WIDE]]
  // CHECK: arith.bitcast %[[SHIFTED]] : i32 to f32
  // CHECK: %[[ROUNDED:.+]] = arith.trunci
  // CHECK: memref.store
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %k = %c0 to %i step %c1 {
    %0 = memref.load %x[%k] : memref<8xbf16>
    %1 = arith.extf %0 : bf16 to f32
    %2 = arith.addf %1, %1 : f32
    %3 = arith.truncf %2 : f32 to bf16
    memref.store %3, %x[%k] : memref<8xbf16>
  }
  return
}

// CHECK-LABEL: func.func @double(
// CHECK: %[[SINGLE:.+]] = arith.truncf %{{.+}} : vector<4xf64> to vector<4xf32>
// CHECK: %[[HALF:.+]] = arith.truncf %[[SINGLE]] : vector<4xf32> to vector<4xf16>
// CHECK: %[[AGAIN:.+]] = arith.extf %[[HALF]] : vector<4xf16> to vector<4xf32>
// CHECK: arith.extf %[[AGAIN]] : vector<4xf32> to vector<4xf64>
// CHECK: arith.truncf %{{.+}} : f64 to f32
// CHECK: arith.trunci %{{.+}} : i32 to i16
func.func @double(%x: vector<4xf64>, %y: f64) -> (vector<4xf64>, bf16) {
  %0 = arith.truncf %x : vector<4xf64> to vector<4xf16>
  %1 = arith.extf %0 : vector<4xf16> to vector<4xf64>
  %2 = arith.truncf %y : f64 to bf16
  return %1, %2 : vector<4xf64>, bf16
}

// The example in the pass's description.
// CHECK: func.func @example(%arg0: memref<8xi16>, %arg1: index) -> f32 {
// CHECK-NEXT: %c16_i32 = arith.constant 16 : i32
// CHECK-NEXT: %0 = memref.load %arg0[%arg1] : memref<8xi16>
// CHECK-NEXT: %1 = arith.extui %0 : i16 to i32
// CHECK-NEXT: %2 = arith.shli %1, %c16_i32 : i32
// CHECK-NEXT: %3 = arith.bitcast %2 : i32 to f32
// CHECK-NEXT: return %3 : f32
// CHECK-NEXT: }
func.func @example(%x: memref<8xbf16>, %i: index) -> f32 {
  %0 = memref.load %x[%i] : memref<8xbf16>
  %1 = arith.extf %0 : bf16 to f32
  return %1 : f32
}
