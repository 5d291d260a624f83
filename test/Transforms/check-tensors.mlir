// What no kernel can be made for is reported, each type once, before any pass computes with its sizes.
// RUN: sepconv-opt %s --sepconv-check-tensors -verify-diagnostics -split-input-file
// RUN: sepconv-opt %s --sepconv-to-graph -verify-diagnostics -split-input-file

// expected-error@+2 {{a tensor must have sizes that are static or follow from the arguments' dynamic dimensions (C20), found 'tensor<?x8xf32>'}}
// expected-error@+1 {{a tensor must have sizes that are static or follow from the arguments' dynamic dimensions (C20), found 'tensor<*xf32>'}}
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
  %0 = arith.constant dense<1.0> : tensor<67108864xf32>
  // expected-error@+1 {{constants of one value must have at most 2^28 bytes, all of them together; broadcast the value (linalg.broadcast), or make the tensor an argument, found 'tensor<1xi8>'}}
  %more = arith.constant dense<1> : tensor<1xi8>
  // expected-error@+1 {{a constant must have at most 2^31 - 1 bytes, found 'tensor<536870912xf32>'}}
  %1 = arith.constant dense<1.0> : tensor<536870912xf32>
  // expected-error@+1 {{a constant must have at most 2^31 - 1 bytes, found 'tensor<268435456xf64>'}}
  %2 = sepconv.variable "v" {initializer = #sepconv.initializer<constant, value = 1.0>} : tensor<268435456xf64>
  return %1 : tensor<536870912xf32>
}

// -----

func.func @variables() -> tensor<1xf32> {
  %0 = sepconv.variable "v" {initializer = #sepconv.initializer<constant, value = 1.0>} : tensor<268435456xf32>
  // expected-error@+1 {{variables that are initialized must have at most 2^30 bytes, all of them together; make them arguments (--weights=arguments), found 'tensor<1xf32>'}}
  %1 = sepconv.variable "w" {initializer = #sepconv.initializer<constant, value = 1.0>} : tensor<1xf32>
  return %1 : tensor<1xf32>
}

// -----

// C18 holds for the greatest size, C6 for the least: 8 - 5 - 3 + 1 is 1, 7 - 5 - 3 + 1 is 0, 6 is one too few.
func.func @open(%x: tensor<1x?x?x4xf32> {sepconv.sizes = [
    #sepconv.size<"height", least = 7, greatest = 64>, #sepconv.size<"width", least = 6, greatest = 1048576>]},
    // expected-error@+1 {{at most 2^40 elements (C18), found 'tensor<1048576x?x4xf32>'}}
    %y: tensor<1048576x?x4xf32> {sepconv.sizes = [#sepconv.size<"width", least = 6, greatest = 1048576>]})
    -> tensor<1x?x?x4xf32> {
  %0 = sepconv.pool2d(%x) {kind = #sepconv.pool_kind<max>, window = array<i64: 5, 1>} : (tensor<1x?x?x4xf32>) -> tensor<1x?x?x4xf32>
  %1 = sepconv.pool2d(%0) {kind = #sepconv.pool_kind<max>, window = array<i64: 4, 1>} : (tensor<1x?x?x4xf32>) -> tensor<1x?x?x4xf32>
  // expected-error@+1 {{the number of windows is negative for the smallest size, or 0 for the largest (C6), found 'tensor<1x?x?x4xf32>'}}
  %2 = sepconv.pool2d(%1) {kind = #sepconv.pool_kind<max>, window = array<i64: 1, 8>} : (tensor<1x?x?x4xf32>) -> tensor<1x?x?x4xf32>
  return %2 : tensor<1x?x?x4xf32>
}

// -----

// What stands for a number that is not known, without one; a shape of another rank.
func.func @padding(%x: tensor<1x4x4x1xf32>) -> tensor<1x4x4x1xf32> {
  %zero = arith.constant 0.0 : f32
  // expected-error@+1 {{padding must be a constant or an operand, found -2^63}}
  %0 = tensor.pad %x low[0, -9223372036854775808, 0, 0] high[0, 0, 0, 0] {
  ^bb0(%b: index, %h: index, %w: index, %c: index):
    tensor.yield %zero : f32
  } : tensor<1x4x4x1xf32> to tensor<1x4x4x1xf32>
  return %0 : tensor<1x4x4x1xf32>
}

// -----

// expected-error@+1 {{a tensor must have sizes that are static or follow from the arguments' dynamic dimensions (C20), found 'tensor<4x?xf32>'}}
func.func @shape(%x: tensor<4x?xf32> {sepconv.shape = affine_map<(d0) -> (d0)>, sepconv.sizes = [#sepconv.size<"n", least = 3, greatest = 9>]}) {
  return
}

// -----

// The example in the pass's description.
// expected-error@+2 {{elements that C has a type for, or of f16 or bf16, found 'tensor<i7>'}}
func.func @example() {
  %0 = tensor.empty() : tensor<i7>
  return
}

// -----

module {
  // expected-error@+1 {{expected a model's functions, found a module within a module}}
  module {
    func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
      return %x : tensor<4xf32>
    }
  }
}
