// RUN: sepconv-opt %s --sepconv-merge-variants --split-input-file --verify-diagnostics | FileCheck %s

// The example in the pass's description.
// CHECK: func.func @f_x86_64_v3(%arg0: tensor<4xf32>) -> tensor<4xf32> attributes {sepconv.target = "x86-64-v3"} {
// CHECK-NEXT: return %arg0 : tensor<4xf32>
// CHECK-NEXT: }
// CHECK-NEXT: func.func @f_x86_64_v2(%arg0: tensor<4xf32>) -> tensor<4xf32> attributes {sepconv.target = "x86-64-v2"} {
// CHECK-NEXT: return %arg0 : tensor<4xf32>
// CHECK-NEXT: }
// CHECK-NOT: module @
module @"x86-64-v3" attributes {sepconv.target = "x86-64-v3"} {
  func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
    return %x : tensor<4xf32>
  }
}
module @"x86-64-v2" attributes {sepconv.target = "x86-64-v2"} {
  func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
    return %x : tensor<4xf32>
  }
}

// -----

// A module that is no variant. Calls between functions of a variant are in split-variants.mlir.
// expected-error @+1 {{expected a variant, a module with the attribute 'sepconv.target'}}
module @other {}
func.func private @f(tensor<4xf32>)
