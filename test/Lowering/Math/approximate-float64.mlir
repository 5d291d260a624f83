// RUN: sepconv-opt %s --pass-pipeline='builtin.module(gpu.module(gpu.func(sepconv-approximate-float64)))' | FileCheck %s

gpu.module @kernels {
  // Vectors stay vectors, without a function that only a libm has; float32 is for another pass.
  // CHECK-LABEL: @functions
  // CHECK: arith.bitcast {{.*}} : vector<2xi64> to vector<2xf64>
  // CHECK: math.copysign {{.*}} : vector<2xf64>
  // CHECK-NOT: math.{{exp|log|tanh|erf|sin|powf}}
  // CHECK: math.tanh {{.*}} : f32
  // CHECK-NOT: math.{{exp|log|tanh|erf|sin|powf}}
  // CHECK: gpu.return
  gpu.func @functions(%x: memref<8xf64>, %y: memref<8xf32>, %i: index) kernel {
    %v = vector.load %x[%i] : memref<8xf64>, vector<2xf64>
    %0 = math.tanh %v : vector<2xf64>
    %1 = math.exp %0 : vector<2xf64>
    %2 = math.log1p %1 : vector<2xf64>
    %3 = math.erf %2 : vector<2xf64>
    %4 = math.expm1 %3 : vector<2xf64>
    %5 = math.log %4 : vector<2xf64>
    %6 = math.sin %5 : vector<2xf64>
    %7 = math.powf %6, %5 : vector<2xf64>
    vector.store %7, %x[%i] : memref<8xf64>, vector<2xf64>
    %s = memref.load %y[%i] : memref<8xf32>
    %t = math.tanh %s : f32
    memref.store %t, %y[%i] : memref<8xf32>
    gpu.return
  }
}

// The example in the pass's description.
// CHECK: gpu.module @example {
// CHECK-NEXT: gpu.func @example(%arg0: memref<8xf64>, %arg1: index) kernel {
// CHECK-NEXT: %0 = vector.load %arg0[%arg1] : memref<8xf64>, vector<2xf64>
// CHECK-NEXT: %cst = arith.constant dense<1.100000e+03> : vector<2xf64>
// CHECK-NEXT: %1 = arith.cmpf ogt, %0, %cst : vector<2xf64>
// CHECK-NEXT: %cst_0 = arith.constant dense<1.100000e+03> : vector<2xf64>
// CHECK-NEXT: %2 = arith.select %1, %cst_0, %0 : vector<2xi1>, vector<2xf64>
// CHECK-NEXT: %cst_1 = arith.constant dense<-1.100000e+03> : vector<2xf64>
// CHECK: %46 = arith.bitcast %45 : vector<2xi64> to vector<2xf64>
// CHECK-NEXT: %47 = arith.mulf %43, %46 : vector<2xf64>
// CHECK-NEXT: %cst_25 = arith.constant dense<0.000000e+00> : vector<2xf64>
// CHECK-NEXT: %48 = arith.cmpf uno, %0, %cst_25 : vector<2xf64>
// CHECK-NEXT: %49 = arith.select %48, %0, %47 : vector<2xi1>, vector<2xf64>
// CHECK-NEXT: vector.store %49, %arg0[%arg1] : memref<8xf64>, vector<2xf64>
// CHECK-NEXT: gpu.return
// CHECK-NEXT: }
// CHECK-NEXT: }
gpu.module @example {
  gpu.func @example(%x: memref<8xf64>, %i: index) kernel {
    %0 = vector.load %x[%i] : memref<8xf64>, vector<2xf64>
    %1 = math.exp2 %0 : vector<2xf64>
    vector.store %1, %x[%i] : memref<8xf64>, vector<2xf64>
    gpu.return
  }
}
