// RUN: sepconv-opt %s --sepconv-approximate-math | FileCheck %s

// No function is left that LLVM would call a library for.

// CHECK-LABEL: func.func @functions
// CHECK-NOT: math.exp
// CHECK-NOT: math.tanh
// CHECK-NOT: math.erf
// CHECK-NOT: math.log1p
// CHECK-NOT: math.log10
// CHECK: return
func.func @functions(%x: vector<16xf32>) -> vector<16xf32> {
  %0 = math.exp %x : vector<16xf32>
  %1 = math.tanh %0 : vector<16xf32>
  %2 = math.erf %1 : vector<16xf32>
  %3 = math.log1p %2 : vector<16xf32>
  %4 = math.exp2 %3 : vector<16xf32>
  %5 = math.log10 %4 : vector<16xf32>
  return %5 : vector<16xf32>
}

// Those of f64 stay, polynomials for f32 are not precise enough.

// CHECK-LABEL: func.func @double
// CHECK: math.exp
// CHECK: math.tanh
// CHECK: math.erf
// CHECK: math.sinh
// CHECK: math.powf
// CHECK: return
func.func @double(%x: vector<8xf64>) -> vector<8xf64> {
  %0 = math.exp %x : vector<8xf64>
  %1 = math.tanh %0 : vector<8xf64>
  %2 = math.erf %1 : vector<8xf64>
  %3 = math.sinh %2 : vector<8xf64>
  %4 = math.powf %3, %2 : vector<8xf64>
  return %4 : vector<8xf64>
}

// A power has the sign of its base where the exponent is odd.

// CHECK-LABEL: func.func @power
// CHECK-SAME: (%[[X:.+]]: vector<4xf32>, %[[Y:.+]]: vector<4xf32>)
// CHECK-NOT: math.powf
// CHECK: %[[NEGATIVE:.+]] = arith.cmpf olt, %[[X]], %{{.+}}
// CHECK-NEXT: %[[POWER:.+]] = arith.select %[[NEGATIVE]]
// CHECK-NEXT: %[[NONE:.+]] = arith.cmpf oeq, %[[Y]], %{{.+}}
// CHECK: arith.select %[[NONE]], %{{.+}}, %[[POWER]]
func.func @power(%x: vector<4xf32>, %y: vector<4xf32>) -> vector<4xf32> {
  %0 = math.powf %x, %y : vector<4xf32>
  return %0 : vector<4xf32>
}

// The example in the pass's description.
// CHECK: func.func @example(%arg0: vector<4xf32>) -> vector<4xf32> {
// CHECK-NEXT: %cst = arith.constant dense<-7.99881172> : vector<4xf32>
// CHECK-NEXT: %cst_0 = arith.constant dense<7.99881172> : vector<4xf32>
// CHECK-NEXT: %0 = arith.cmpf ult, %arg0, %cst_0 : vector<4xf32>
// CHECK-NEXT: %1 = arith.select %0, %arg0, %cst_0 : vector<4xi1>, vector<4xf32>
// CHECK-NEXT: %2 = arith.cmpf ugt, %1, %cst : vector<4xf32>
// CHECK-NEXT: %3 = arith.select %2, %1, %cst : vector<4xi1>, vector<4xf32>
// CHECK: %6 = arith.mulf %3, %3 : vector<4xf32>
// CHECK-NEXT: %7 = arith.mulf %6, %cst_8 : vector<4xf32>
// CHECK-NEXT: %8 = arith.addf %7, %cst_7 : vector<4xf32>
// CHECK: %26 = arith.divf %19, %25 : vector<4xf32>
// CHECK-NEXT: %27 = arith.select %5, %3, %26 : vector<4xi1>, vector<4xf32>
// CHECK-NEXT: return %27 : vector<4xf32>
// CHECK-NEXT: }
func.func @example(%x: vector<4xf32>) -> vector<4xf32> {
  %0 = math.tanh %x : vector<4xf32>
  return %0 : vector<4xf32>
}

// A sigmoid is divided, so that a gate near 1 is right to the last place. The denominator has a reciprocal that is no subnormal; its exponential is a polynomial times 2^k.

// CHECK-LABEL: func.func @sigmoid
// CHECK: %[[K:.*]] = arith.shli %{{.*}}, %{{.*}} : vector<16xi32>
// CHECK: arith.addi %{{.*}}, %[[K]] : vector<16xi32>
// CHECK: arith.divf %{{[^ ]*}}, %{{[^ ]*}} : vector<16xf32>
// CHECK: %[[ABOVE:.*]] = arith.cmpf ogt, %arg0, %{{.*}} : vector<16xf32>
// CHECK: %[[RESULT:.*]] = arith.select %[[ABOVE]], %{{.*}}, %{{.*}} : vector<16xi1>, vector<16xf32>
// CHECK: return %[[RESULT]]
func.func @sigmoid(%x: vector<16xf32>) -> vector<16xf32> {
  %one = arith.constant dense<1.0> : vector<16xf32>
  %0 = math.exp %x : vector<16xf32>
  %1 = arith.addf %0, %one : vector<16xf32>
  %2 = arith.divf %one, %1 : vector<16xf32>
  return %2 : vector<16xf32>
}

// The product comes last, so that an infinite number times 0 is none.

// CHECK-LABEL: func.func @silu
// CHECK: arith.divf %{{.*}} fastmath<ninf,arcp> : vector<16xf32>
// CHECK: %[[FACTOR:.*]] = arith.select %{{.*}}, %{{.*}}, %{{.*}} : vector<16xi1>, vector<16xf32>
// CHECK-NEXT: %[[RESULT:.*]] = arith.mulf %arg1, %[[FACTOR]] : vector<16xf32>
// CHECK-NEXT: return %[[RESULT]]
func.func @silu(%negative: vector<16xf32>, %x: vector<16xf32>) -> vector<16xf32> {
  %one = arith.constant dense<1.0> : vector<16xf32>
  %0 = math.exp %negative : vector<16xf32>
  %1 = arith.addf %0, %one : vector<16xf32>
  %2 = arith.divf %x, %1 : vector<16xf32>
  return %2 : vector<16xf32>
}

// The same of a product with a sigmoid.

// CHECK-LABEL: func.func @product
// CHECK: arith.divf %{{.*}} fastmath<ninf,arcp> : vector<16xf32>
func.func @product(%x: vector<16xf32>) -> vector<16xf32> {
  %one = arith.constant dense<1.0> : vector<16xf32>
  %negative = arith.negf %x : vector<16xf32>
  %0 = math.exp %negative : vector<16xf32>
  %1 = arith.addf %0, %one : vector<16xf32>
  %2 = arith.divf %one, %1 : vector<16xf32>
  %3 = arith.mulf %x, %2 : vector<16xf32>
  return %3 : vector<16xf32>
}

// A scalar is divided.

// CHECK-LABEL: func.func @scalar
// CHECK: arith.divf %{{.*}}, %{{[^ ]*}} : f32
func.func @scalar(%x: f32) -> f32 {
  %one = arith.constant 1.0 : f32
  %0 = math.exp %x : f32
  %1 = arith.addf %0, %one : f32
  %2 = arith.divf %one, %1 : f32
  return %2 : f32
}
