// What no kernel can be made for is reported, each type once, before any pass computes with its sizes.
// RUN: sepconv-opt %s --sepconv-check-tensors -verify-diagnostics -split-input-file
// RUN: sepconv-opt %s --sepconv-to-graph -verify-diagnostics -split-input-file

// expected-error@+2 {{a tensor must have a static shape, found 'tensor<?x8xf32>'}}
// expected-error@+1 {{a tensor must have a static shape, found 'tensor<*xf32>'}}
func.func @shapes(%x: tensor<?x8xf32>, %y: tensor<?x8xf32>, %z: tensor<*xf32>) {
  return
}

// -----

// 2^32 * 2^32 is 0 in 64 bits.
// expected-error@+2 {{a tensor must have sizes of at most 2^31 - 1 and at most 2^40 elements (C18), found 'tensor<4294967296x4294967296xf32>'}}
// expected-error@+1 {{a tensor must have sizes of at most 2^31 - 1 and at most 2^40 elements (C18), found 'tensor<1048576x1048577xf32>'}}
func.func @sizes(%x: tensor<4294967296x4294967296xf32>, %y: tensor<1048576x1048577xf32>) {
  return
}

// -----

func.func @elements(%x: tensor<8xi1>, %y: tensor<1048576x1048576xf32>) {
  // expected-error@+1 {{a tensor must have elements that C has a type for, or of f16 or bf16, found 'tensor<8xcomplex<f32>>'}}
  %0 = tensor.empty() : tensor<8xcomplex<f32>>
  // expected-error@+1 {{a tensor must have elements that C has a type for, or of f16 or bf16, found 'tensor<8xi7>'}}
  %1 = tensor.empty() : tensor<8xi7>
  return
}

// -----

func.func @constant() -> tensor<536870912xf32> {
  %0 = arith.constant dense<1.0> : tensor<536870911xf32>
  // expected-error@+1 {{a constant must have at most 2^31 - 1 bytes, found 'tensor<536870912xf32>'}}
  %1 = arith.constant dense<1.0> : tensor<536870912xf32>
  // expected-error@+1 {{a constant must have at most 2^31 - 1 bytes, found 'tensor<268435456xf64>'}}
  %2 = sepconv.variable "v" {initializer = #sepconv.initializer<constant, value = 1.0>} : tensor<268435456xf64>
  return %1 : tensor<536870912xf32>
}
