// RUN: sepconv-opt %s --sepconv-fold-batch-norm --canonicalize --mlir-print-debuginfo --mlir-print-local-scope | FileCheck %s
// RUN: sepconv-opt %s --sepconv-fold-batch-norm --canonicalize | FileCheck %s --check-prefix=EXAMPLE

// CHECK-LABEL: func @dense(
func.func @dense(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  // CHECK-DAG: %[[F:.+]] = arith.constant dense<{{\[\[}}5.000000e-01, 2.000000e+00], [1.500000e+00, 4.000000e+00]]> : tensor<2x2xf32> loc("fc/kernel")
  // CHECK-DAG: %[[B:.+]] = arith.constant dense<[-5.000000e-01, 1.000000e+00]> : tensor<2xf32> loc("bn/beta")
  // CHECK: %[[Y:.+]] = sepconv.dense(%{{.+}}, %[[F]], %[[B]]) {{.*}} loc(fused["fc", "bn"])
  // CHECK: return %[[Y]]
  %f = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32> loc("fc/kernel")
  %gamma = arith.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %beta = arith.constant dense<[0.0, 1.0]> : tensor<2xf32> loc("bn/beta")
  %mean = arith.constant dense<[1.0, 0.0]> : tensor<2xf32>
  %variance = arith.constant dense<4.0> : tensor<2xf32>
  %0 = sepconv.dense(%x, %f) : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32> loc("fc")
  %1 = sepconv.batch_norm(%0, %gamma, %beta, %mean, %variance) {axis = 1, epsilon = 0.0}
    : tensor<1x2xf32>, tensor<2xf32> loc("bn")
  return %1 : tensor<1x2xf32>
}

// With a depth multiplier the channels are the last two dimensions of the filter; NCHW.
// CHECK-LABEL: func @depthwise(
func.func @depthwise(%x: tensor<1x2x4x4xf32>) -> tensor<1x4x4x4xf32> {
  // CHECK-DAG: dense<{{\[\[\[\[}}1.000000e+00, 2.000000e+00], [3.000000e+00, 4.000000e+00]]]]> : tensor<1x1x2x2xf32>
  // CHECK-DAG: dense<[2.000000e+00, 3.000000e+00, 4.000000e+00, 5.000000e+00]> : tensor<4xf32> loc("dw/bias")
  // CHECK: sepconv.depthwise_conv2d
  // CHECK-NOT: sepconv.batch_norm
  %f = arith.constant dense<1.0> : tensor<1x1x2x2xf32>
  %bias = arith.constant dense<1.0> : tensor<4xf32> loc("dw/bias")
  %gamma = arith.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>
  %one = arith.constant dense<1.0> : tensor<4xf32>
  %zero = arith.constant dense<0.0> : tensor<4xf32>
  %0 = sepconv.depthwise_conv2d(%x, %f, %bias) {data_format = #sepconv.data_format<NCHW>}
    : (tensor<1x2x4x4xf32>, tensor<1x1x2x2xf32>, tensor<4xf32>) -> tensor<1x4x4x4xf32>
  %1 = sepconv.batch_norm(%0, %gamma, %one, %zero, %one) {axis = 1, epsilon = 0.0}
    : tensor<1x4x4x4xf32>, tensor<4xf32>
  return %1 : tensor<1x4x4x4xf32>
}

// 1 / sqrt(1 + 0.001) in double precision, rounded once; into the pointwise filter only.
// CHECK-LABEL: func @separable(
func.func @separable(%x: tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32> {
  // CHECK-DAG: %[[P:.+]] = arith.constant dense<0.999500393> : tensor<1x1x2x2xf32>
  // CHECK-DAG: %[[D:.+]] = arith.constant dense<1.000000e+00> : tensor<1x1x2x1xf32>
  // CHECK: sepconv.separable_conv2d(%{{[^,]+}}, %[[D]], %[[P]], %{{.+}})
  %d = arith.constant dense<1.0> : tensor<1x1x2x1xf32>
  %p = arith.constant dense<1.0> : tensor<1x1x2x2xf32>
  %one = arith.constant dense<1.0> : tensor<2xf32>
  %zero = arith.constant dense<0.0> : tensor<2xf32>
  %0 = sepconv.separable_conv2d(%x, %d, %p)
    : (tensor<1x4x4x2xf32>, tensor<1x1x2x1xf32>, tensor<1x1x2x2xf32>) -> tensor<1x4x4x2xf32>
  %1 = sepconv.batch_norm(%0, %one, %zero, %zero, %one) {axis = 3, epsilon = 1.0e-3}
    : tensor<1x4x4x2xf32>, tensor<2xf32>
  return %1 : tensor<1x4x4x2xf32>
}

// An activation in between, another reader, another axis, a filter that is no constant.
// CHECK-LABEL: func @kept(
func.func @kept(%x: tensor<1x2x2xf32>, %g: tensor<2x2xf32>) -> (tensor<1x2x2xf32>,
    tensor<1x2x2xf32>, tensor<1x2x2xf32>, tensor<1x2x2xf32>, tensor<1x2x2xf32>) {
  // CHECK-COUNT-4: sepconv.batch_norm
  %f = arith.constant dense<1.0> : tensor<2x2xf32>
  %v = arith.constant dense<1.0> : tensor<2xf32>
  %0 = sepconv.dense(%x, %f) {activation = #sepconv.activation<relu>}
    : (tensor<1x2x2xf32>, tensor<2x2xf32>) -> tensor<1x2x2xf32>
  %1 = sepconv.batch_norm(%0, %v, %v, %v, %v) {axis = 2, epsilon = 1.0} : tensor<1x2x2xf32>, tensor<2xf32>
  %2 = sepconv.dense(%x, %f) : (tensor<1x2x2xf32>, tensor<2x2xf32>) -> tensor<1x2x2xf32>
  %3 = sepconv.batch_norm(%2, %v, %v, %v, %v) {axis = 2, epsilon = 1.0} : tensor<1x2x2xf32>, tensor<2xf32>
  %4 = sepconv.dense(%1, %f) : (tensor<1x2x2xf32>, tensor<2x2xf32>) -> tensor<1x2x2xf32>
  %5 = sepconv.batch_norm(%4, %v, %v, %v, %v) {axis = 1, epsilon = 1.0} : tensor<1x2x2xf32>, tensor<2xf32>
  %6 = sepconv.dense(%3, %g) : (tensor<1x2x2xf32>, tensor<2x2xf32>) -> tensor<1x2x2xf32>
  %7 = sepconv.batch_norm(%6, %v, %v, %v, %v) {axis = 2, epsilon = 1.0} : tensor<1x2x2xf32>, tensor<2xf32>
  return %1, %2, %3, %5, %7 : tensor<1x2x2xf32>, tensor<1x2x2xf32>, tensor<1x2x2xf32>,
    tensor<1x2x2xf32>, tensor<1x2x2xf32>
}

// The example in the pass's description.
// EXAMPLE: func.func @example(%arg0: tensor<1x2xf32>) -> tensor<1x2xf32> {
// EXAMPLE-NEXT: %cst = arith.constant dense<{{\[\[}}5.000000e-01, 2.000000e+00], [1.500000e+00, 4.000000e+00]]> : tensor<2x2xf32>
// EXAMPLE-NEXT: %cst_0 = arith.constant dense<[-5.000000e-01, 1.000000e+00]> : tensor<2xf32>
// EXAMPLE-NEXT: %0 = sepconv.dense(%arg0, %cst, %cst_0) : (tensor<1x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
// EXAMPLE-NEXT: return %0 : tensor<1x2xf32>
// EXAMPLE-NEXT: }
func.func @example(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  %f = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %gamma = arith.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %beta = arith.constant dense<[0.0, 1.0]> : tensor<2xf32>
  %mean = arith.constant dense<[1.0, 0.0]> : tensor<2xf32>
  %variance = arith.constant dense<4.0> : tensor<2xf32>
  %0 = sepconv.dense(%x, %f) : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  %1 = sepconv.batch_norm(%0, %gamma, %beta, %mean, %variance) {axis = 1, epsilon = 0.0}
    : tensor<1x2xf32>, tensor<2xf32>
  return %1 : tensor<1x2xf32>
}
