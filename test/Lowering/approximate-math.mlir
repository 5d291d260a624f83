// RUN: sepconv-opt %s --sepconv-approximate-math | FileCheck %s

// No function is left that LLVM would call a library for.

// CHECK-LABEL: func.func @functions
// CHECK-NOT: math.exp
// CHECK-NOT: math.tanh
// CHECK-NOT: math.erf
// CHECK-NOT: math.log1p
// CHECK: return
func.func @functions(%x: vector<16xf32>) -> vector<16xf32> {
  %0 = math.exp %x : vector<16xf32>
  %1 = math.tanh %0 : vector<16xf32>
  %2 = math.erf %1 : vector<16xf32>
  %3 = math.log1p %2 : vector<16xf32>
  return %3 : vector<16xf32>
}

// Those of f64 stay, polynomials for f32 are not precise enough.

// CHECK-LABEL: func.func @double
// CHECK: math.exp
// CHECK: math.tanh
// CHECK: math.erf
// CHECK: return
func.func @double(%x: vector<8xf64>) -> vector<8xf64> {
  %0 = math.exp %x : vector<8xf64>
  %1 = math.tanh %0 : vector<8xf64>
  %2 = math.erf %1 : vector<8xf64>
  return %2 : vector<8xf64>
}
