// RUN: sepconv-opt %s --sepconv-merge-variants --verify-diagnostics

// A module that is no variant. What is merged is in split-variants.mlir.
// expected-error @+1 {{expected a variant, a module with the attribute 'sepconv.target'}}
module @other {}
func.func private @f(tensor<4xf32>)
