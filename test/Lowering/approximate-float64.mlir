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
