// A self-test fills its memory by a formula and compares sums of each output with results, which are 0 until the driver
// sets them; it leaves its own where the workspace was.
// RUN: split-file %s %t
// RUN: sepconv-opt %t/example.mlir --sepconv-plan-memory --sepconv-create-self-test | FileCheck %s
// RUN: sepconv-opt %t/example.mlir --sepconv-plan-memory --sepconv-create-self-test | FileCheck %s --check-prefix=PARTS
// RUN: sepconv-opt %t/types.mlir --sepconv-plan-memory --sepconv-create-self-test | FileCheck %s --check-prefix=TYPES
// RUN: not sepconv-opt %t/example.mlir --sepconv-create-self-test 2>&1 | FileCheck %s --check-prefix=EARLY

// CHECK: func.func private @sepconv.selftest_fill(%arg0: memref<192xi8>) {
// CHECK-NEXT: %c0 = arith.constant 0 : index
// CHECK-NEXT: %view = memref.view %arg0[%c0][] : memref<192xi8> to memref<4xf32>
// CHECK: memref.global "private" constant @sepconv.selftest_results : memref<5xf64> = dense<0.000000e+00> {alignment = 64 : i64}
// CHECK-NEXT: func.func private @sepconv.selftest_check(%arg0: memref<192xi8>) -> i1 {

// PARTS: selftest_bytes = 192 : i64, selftest_tolerances = array<f64: 1.000000e-04>
// PARTS: @sepconv.selftest_fill
// PARTS: %[[BYTE:.*]] = arith.shrui %{{.*}}, %c24_i32
// PARTS: arith.uitofp %[[BYTE]] : i32 to f64
// PARTS: memref.store %{{.*}}, %view[
// PARTS: @sepconv.selftest_check
// PARTS: %[[EXPECTED:.*]] = memref.get_global @sepconv.selftest_results
// PARTS: %[[FOUND:.*]] = memref.view %arg0[%c128{{.*}}][] : memref<192xi8> to memref<5xf64>
// PARTS: %[[ALLOWED:.*]] = memref.load %[[EXPECTED]][%c4{{.*}}]
// PARTS: %[[SUM:.*]] = scf.for {{.*}} -> (f64)
// PARTS: memref.store %[[SUM]], %[[FOUND]][
// PARTS: %[[OWN:.*]] = memref.load %[[EXPECTED]][
// PARTS: %[[ERROR:.*]] = arith.subf %[[SUM]], %[[OWN]]
// PARTS: arith.cmpf ole, %{{.*}}, %[[ALLOWED]]
// PARTS: math.absf
// PARTS: memref.store %{{.*}}, %[[FOUND]][%c4

// A weight without a scale is near 1, one with a scale around 0; bytes are all, other integers 0 to 3. The error allowed
// of integers is larger where floats make them.
// TYPES: selftest_tolerances = array<f64: 1.562500e-02, 1.562500e-02>
// TYPES: @sepconv.selftest_fill
// TYPES: arith.shrui %{{.*}}, %c24_i32
// TYPES: arith.trunci %{{.*}} : i32 to i8
// TYPES: arith.shrui %{{.*}}, %c30_i32
// TYPES: arith.extui %{{.*}} : i32 to i64
// TYPES: arith.constant 0.001953125 : f64
// TYPES: arith.constant 7.500000e-01 : f64
// TYPES: arith.constant 3.906250e-03 : f64
// TYPES: arith.constant -5.000000e-01 : f64
// TYPES: @sepconv.selftest_check
// TYPES: arith.uitofp %{{.*}} : i8 to f64
// TYPES: arith.sitofp %{{.*}} : i64 to f64
// EARLY: error: expected the attribute 'sepconv.interface' that sepconv-plan-memory writes

//--- example.mlir
func.func @main(%x: tensor<4xf32> {sepconv.name = "x"})
    -> (tensor<4xf32> {sepconv.name = "y"}) {
  %0 = sepconv.call @k(%x) : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
func.func private @k(%x: memref<4xf32>, %y: memref<4xf32>) {
  return
}
//--- types.mlir
func.func @main(%u: tensor<2xi8> {sepconv.dtype = "uint8"}, %i: tensor<4xi64>, %v: tensor<4xf32> {sepconv.weight},
                %w: tensor<2x2xf32> {sepconv.weight, sepconv.test_scale = 0.5 : f64})
    -> (tensor<2xi8> {sepconv.dtype = "uint8", sepconv.scale = 0.5 : f32, sepconv.zero_point = 3 : i64}, tensor<4xi64>) {
  %0:2 = sepconv.call @k(%u, %i, %v, %w)
    : (tensor<2xi8>, tensor<4xi64>, tensor<4xf32>, tensor<2x2xf32>) -> (tensor<2xi8>, tensor<4xi64>)
  return %0#0, %0#1 : tensor<2xi8>, tensor<4xi64>
}
func.func private @k(%u: memref<2xi8>, %i: memref<4xi64>, %v: memref<4xf32>, %w: memref<4xf32>, %y: memref<2xi8>, %z: memref<4xi64>) {
  return
}
