// What is no entry of a model.
// RUN: sepconv-opt %s --sepconv-plan-memory -verify-diagnostics -split-input-file

// expected-error@+1 {{expected a public function, the entry of the model}}
module {
  func.func private @f(%x: tensor<3xf32>) -> tensor<3xf32> {
    return %x : tensor<3xf32>
  }
}

// -----

func.func @first(%x: tensor<3xf32>) -> tensor<3xf32> {
  return %x : tensor<3xf32>
}
// expected-error@+1 {{is a second public function, expected only one, the entry of the model}}
func.func @second(%x: tensor<3xf32>) -> tensor<3xf32> {
  return %x : tensor<3xf32>
}

// -----

// expected-error@+1 {{expected an entry with a single block}}
func.func @blocks(%x: tensor<3xf32>) -> tensor<3xf32> {
  cf.br ^bb1
^bb1:
  return %x : tensor<3xf32>
}

// -----

// expected-error@+1 {{expected tensors of static shape with elements of whole bytes, found 'memref<3xf32>'}}
func.func @buffer(%x: memref<3xf32>) {
  return
}

// -----

func.func @operation(%x: tensor<3xf32>) -> tensor<3xf32> {
  // expected-error@+1 {{the entry can only contain calls of kernels, constants and reshapes}}
  %0 = arith.negf %x : tensor<3xf32>
  return %0 : tensor<3xf32>
}
