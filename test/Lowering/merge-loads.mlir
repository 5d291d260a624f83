// RUN: sepconv-opt %s --pass-pipeline='builtin.module(gpu.module(gpu.func(sepconv-merge-loads,canonicalize)))' | FileCheck %s

gpu.module @kernels {
  // Single elements that follow each other, in any order, as far as the first one is aligned.
  // CHECK-LABEL: @parts
  // CHECK: %[[FOUR:.*]] = vector.load %arg0[%arg2] {alignment = 16 : i64} : memref<64xf32>, vector<4xf32>
  // CHECK: %[[NEXT:.*]] = arith.addi %arg2, %c4
  // CHECK: %[[TWO:.*]] = vector.load %arg0[%[[NEXT]]] {alignment = 8 : i64} : memref<64xf32>, vector<2xf32>
  // CHECK: memref.load %arg0
  // CHECK-NOT: .load
  gpu.func @parts(%x: memref<64xf32>, %y: memref<64xf32>, %i: index) kernel {
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %c3 = arith.constant 3 : index
    %c4 = arith.constant 4 : index
    %c5 = arith.constant 5 : index
    %c6 = arith.constant 6 : index
    %i1 = arith.addi %i, %c1 : index
    %i2 = arith.addi %i, %c2 : index
    %i3 = arith.addi %i, %c3 : index
    %i4 = arith.addi %i, %c4 : index
    %i5 = arith.addi %i, %c5 : index
    %i6 = arith.addi %i, %c6 : index
    %v1 = memref.load %x[%i1] : memref<64xf32>
    %v0 = memref.load %x[%i] {alignment = 16 : i64} : memref<64xf32>
    %v2 = memref.load %x[%i2] {alignment = 8 : i64} : memref<64xf32>
    %v3 = memref.load %x[%i3] : memref<64xf32>
    %v4 = memref.load %x[%i4] {alignment = 8 : i64} : memref<64xf32>
    %v5 = memref.load %x[%i5] : memref<64xf32>
    %v6 = memref.load %x[%i6] : memref<64xf32>
    %s1 = arith.addf %v0, %v1 : f32
    %s2 = arith.addf %s1, %v2 : f32
    %s3 = arith.addf %s2, %v3 : f32
    %s4 = arith.addf %s3, %v4 : f32
    %s5 = arith.addf %s4, %v5 : f32
    %s6 = arith.addf %s5, %v6 : f32
    memref.store %s6, %y[%i] : memref<64xf32>
    gpu.return
  }

  // The same elements once, unless a store or a barrier lies between; other arguments do not matter.
  // CHECK-LABEL: @again
  // CHECK-COUNT-2: vector.load %arg0
  // CHECK: vector.load %arg1
  // CHECK: gpu.barrier
  // CHECK-COUNT-1: vector.load %arg0
  // CHECK-NOT: vector.load
  // CHECK: gpu.return
  gpu.func @again(%x: memref<64xf32>, %y: memref<64xf32>, %i: index) kernel {
    %c4 = arith.constant 4 : index
    %j = arith.addi %i, %c4 : index
    %0 = vector.load %x[%i] : memref<64xf32>, vector<4xf32>
    %1 = vector.load %x[%j] : memref<64xf32>, vector<4xf32>
    vector.store %0, %y[%j] : memref<64xf32>, vector<4xf32>
    %2 = vector.load %x[%i] : memref<64xf32>, vector<4xf32>
    vector.store %2, %y[%i] : memref<64xf32>, vector<4xf32>
    %3 = vector.load %y[%j] : memref<64xf32>, vector<4xf32>
    %4 = arith.addf %1, %3 : vector<4xf32>
    gpu.barrier
    %5 = vector.load %x[%i] : memref<64xf32>, vector<4xf32>
    %6 = vector.load %x[%i] : memref<64xf32>, vector<4xf32>
    %7 = arith.addf %4, %5 : vector<4xf32>
    %8 = arith.addf %7, %6 : vector<4xf32>
    vector.store %8, %y[%i] : memref<64xf32>, vector<4xf32>
    gpu.return
  }
}

// The example in the pass's description.
// CHECK: gpu.module @example {
// CHECK-NEXT: gpu.func @example(%arg0: memref<64xf32>, %arg1: memref<64xf32>, %arg2: index) kernel {
// CHECK-NEXT: %0 = vector.load %arg0[%arg2] {alignment = 8 : i64} : memref<64xf32>, vector<2xf32>
// CHECK-NEXT: %1 = vector.extract %0[0] : f32 from vector<2xf32>
// CHECK-NEXT: %2 = vector.extract %0[1] : f32 from vector<2xf32>
// CHECK-NEXT: %3 = arith.addf %1, %2 : f32
// CHECK-NEXT: memref.store %3, %arg1[%arg2] : memref<64xf32>
// CHECK-NEXT: gpu.return
// CHECK-NEXT: }
// CHECK-NEXT: }
gpu.module @example {
  gpu.func @example(%x: memref<64xf32>, %y: memref<64xf32>, %i: index) kernel {
    %c1 = arith.constant 1 : index
    %j = arith.addi %i, %c1 : index
    %0 = memref.load %x[%i] {alignment = 8 : i64} : memref<64xf32>
    %1 = memref.load %x[%j] : memref<64xf32>
    %2 = arith.addf %0, %1 : f32
    memref.store %2, %y[%i] : memref<64xf32>
    gpu.return
  }
}
