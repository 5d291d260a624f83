// Variables become constants: what is not random is known, what is random depends on the seed and the name only.
// RUN: sepconv-opt %s --sepconv-initialize-variables=seed=1 > %t.1
// RUN: FileCheck %s < %t.1
// RUN: sepconv-opt %s --sepconv-initialize-variables=seed=1 | cmp - %t.1
// RUN: sepconv-opt %s --sepconv-initialize-variables=seed=2 > %t.2
// RUN: cat %t.1 %t.2 | FileCheck %s --check-prefix=SEED
// RUN: echo 'func.func @main() { %%0 = sepconv.variable "w" : tensor<4xf32>  return }' | not sepconv-opt --sepconv-initialize-variables 2>&1 | FileCheck %s --check-prefix=NONE
// RUN: echo 'func.func @main() { %%0 = sepconv.variable "w" {initializer = #sepconv.initializer<constant>} : tensor<65536x1073741824x1073741824xf32>  return }' | not sepconv-opt --sepconv-initialize-variables 2>&1 | FileCheck %s --check-prefix=LARGE

// CHECK-LABEL: func.func @known
// CHECK: %[[C:.*]] = arith.constant dense<2.500000e+00> : tensor<2x3xf32>
// CHECK: %[[I:.*]] = arith.constant dense<{{\[\[}}3.000000e+00, 0.000000e+00, 0.000000e+00], [0.000000e+00, 3.000000e+00, 0.000000e+00]]> : tensor<2x3xf32>
// CHECK: %[[N:.*]] = arith.constant dense<7.000000e+00> : tensor<4xf64>
// CHECK: %[[H:.*]] = arith.constant dense<{{1.*}}> : tensor<4xf16>
// CHECK: %[[B:.*]] = arith.constant dense<{{1.*}}> : tensor<4xbf16>
// CHECK: return %[[C]], %[[I]], %[[N]], %[[H]], %[[B]]
func.func @known() -> (tensor<2x3xf32>, tensor<2x3xf32>, tensor<4xf64>, tensor<4xf16>, tensor<4xbf16>) {
  %0 = sepconv.variable "c" {initializer = #sepconv.initializer<constant, value = 2.5>}
    : tensor<2x3xf32>
  %1 = sepconv.variable "i" {initializer = #sepconv.initializer<identity, gain = 3.0>}
    : tensor<2x3xf32>
  %2 = sepconv.variable "n" {initializer = #sepconv.initializer<random_normal, mean = 7.0, stddev = 0.0>}
    : tensor<4xf64>
  %3 = sepconv.variable "h" {initializer = #sepconv.initializer<constant, value = 1.0>} : tensor<4xf16>
  %4 = sepconv.variable "b" {initializer = #sepconv.initializer<constant, value = 1.0>} : tensor<4xbf16>
  return %0, %1, %2, %3, %4 : tensor<2x3xf32>, tensor<2x3xf32>, tensor<4xf64>, tensor<4xf16>, tensor<4xbf16>
}

// The same numbers on every machine; other ones for other seeds, but where the initializer has its own.
// SEED-LABEL: func.func @random
// SEED: dense<[0.0322205536, -0.0196417384, -0.0356439911, -0.031243071]> : tensor<4xf32>
// SEED: dense<[[$B:.*]]> : tensor<4xf32>
// SEED: dense<[[$OWN:.*]]> : tensor<4xf32>
// SEED-LABEL: func.func @random
// SEED-NOT: dense<[0.0322205536
// SEED-NOT: dense<[[$B]]>
// SEED: dense<[[$OWN]]> : tensor<4xf32>
func.func @random() -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) {
  %0 = sepconv.variable "a" {initializer = #sepconv.initializer<random_uniform>} : tensor<4xf32>
  %1 = sepconv.variable "b" {initializer = #sepconv.initializer<random_uniform>} : tensor<4xf32>
  %2 = sepconv.variable "a" {initializer = #sepconv.initializer<random_uniform, seed = 5>}
    : tensor<4xf32>
  return %0, %1, %2 : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}

// NONE: error: variable 'w' has neither a value nor an initializer
// LARGE: error: variable 'w' makes the weights larger than 2147483648 bytes, the most that can be initialized

// The example in the pass's description.
// CHECK: func.func @example() -> tensor<2x2xf32> {
// CHECK-NEXT: %cst = arith.constant dense<{{\[\[}}3.000000e+00, 0.000000e+00], [0.000000e+00, 3.000000e+00]]> : tensor<2x2xf32>
// CHECK-NEXT: return %cst : tensor<2x2xf32>
// CHECK-NEXT: }
func.func @example() -> tensor<2x2xf32> {
  %0 = sepconv.variable "w" {initializer = #sepconv.initializer<identity, gain = 3.0>}
    : tensor<2x2xf32>
  return %0 : tensor<2x2xf32>
}
