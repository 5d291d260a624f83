// Every operation of the sepconv dialect, parsed and printed, in the custom and in the generic form.
// RUN: sepconv-opt %s --allow-unregistered-dialect | sepconv-opt --allow-unregistered-dialect | FileCheck %s
// RUN: sepconv-opt %s --allow-unregistered-dialect --mlir-print-op-generic | sepconv-opt --allow-unregistered-dialect | FileCheck %s

// CHECK-LABEL: func @conv2d
func.func @conv2d(%x: tensor<1x8x8x4xf32>, %f: tensor<3x3x4x16xf32>, %b: tensor<16xf32>)
    -> (tensor<1x8x8x16xf32>, tensor<1x6x6x16xf32>) {
  // CHECK: sepconv.conv2d(%arg0, %arg1, %arg2)
  // CHECK-SAME: {activation = #sepconv.activation<relu>, padding = array<i64: 1, 1, 1, 1>}
  // CHECK-SAME: : (tensor<1x8x8x4xf32>, tensor<3x3x4x16xf32>, tensor<16xf32>) -> tensor<1x8x8x16xf32>
  %0 = sepconv.conv2d(%x, %f, %b)
      {padding = array<i64: 1, 1, 1, 1>, activation = #sepconv.activation<relu>}
    : (tensor<1x8x8x4xf32>, tensor<3x3x4x16xf32>, tensor<16xf32>) -> tensor<1x8x8x16xf32>
  // Attributes that have their default values are not printed.
  // CHECK: sepconv.conv2d(%arg0, %arg1) : (
  %1 = sepconv.conv2d(%x, %f)
      {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>,
       data_format = #sepconv.data_format<NHWC>, groups = 1}
    : (tensor<1x8x8x4xf32>, tensor<3x3x4x16xf32>) -> tensor<1x6x6x16xf32>
  return %0, %1 : tensor<1x8x8x16xf32>, tensor<1x6x6x16xf32>
}

// CHECK-LABEL: func @integers
func.func @integers(%xi: tensor<1x8x8x4xi8>, %fi: tensor<3x3x4x16xi8>, %bi: tensor<16xi32>,
                    %w: tensor<1x8x8x4xi16>, %f: tensor<3x3x4x1xi8>, %d: tensor<4x9xi16>) {
  // CHECK: sepconv.conv2d({{.*}}) {padding = array<i64: 1, 1, 1, 1>, padding_value = 128 : i64, unsigned_input}
  // CHECK-SAME: -> tensor<1x8x8x16xi32>
  %1 = sepconv.conv2d(%xi, %fi, %bi)
      {padding = array<i64: 1, 1, 1, 1>, padding_value = 128, unsigned_input}
    : (tensor<1x8x8x4xi8>, tensor<3x3x4x16xi8>, tensor<16xi32>) -> tensor<1x8x8x16xi32>
  // CHECK: sepconv.depthwise_conv2d({{.*}}) {padding = array<i64: 1, 1, 1, 1>, padding_value = -32768 : i64}
  %2 = sepconv.depthwise_conv2d(%w, %f) {padding = array<i64: 1, 1, 1, 1>, padding_value = -32768}
    : (tensor<1x8x8x4xi16>, tensor<3x3x4x1xi8>) -> tensor<1x8x8x4xi64>
  // CHECK: sepconv.dense({{.*}}) {unsigned_input} : (tensor<1x8x8x4xi8>, tensor<4x9xi16>) -> tensor<1x8x8x9xi32>
  %3 = sepconv.dense(%xi, %d) {unsigned_input}
    : (tensor<1x8x8x4xi8>, tensor<4x9xi16>) -> tensor<1x8x8x9xi32>
  // CHECK: sepconv.pool2d({{.*}}) {kind = #sepconv.pool_kind<max>, unsigned_input, window = array<i64: 2, 2>}
  %4 = sepconv.pool2d(%xi) {kind = #sepconv.pool_kind<max>, window = array<i64: 2, 2>,
                            unsigned_input} : (tensor<1x8x8x4xi8>) -> tensor<1x7x7x4xi8>
  return
}

// CHECK-LABEL: func @grouped_nchw
func.func @grouped_nchw(%x: tensor<2x8x9x7xf32>, %f: tensor<3x1x2x12xf32>) -> tensor<2x12x3x4xf32> {
  // CHECK: sepconv.conv2d({{.*}}) {data_format = #sepconv.data_format<NCHW>,
  // CHECK-SAME: dilations = array<i64: 2, 1>, groups = 4 : i64, strides = array<i64: 2, 2>}
  %0 = sepconv.conv2d(%x, %f)
      {data_format = #sepconv.data_format<NCHW>, dilations = array<i64: 2, 1>, groups = 4,
       strides = array<i64: 2, 2>}
    : (tensor<2x8x9x7xf32>, tensor<3x1x2x12xf32>) -> tensor<2x12x3x4xf32>
  return %0 : tensor<2x12x3x4xf32>
}

// CHECK-LABEL: func @depthwise_conv2d
func.func @depthwise_conv2d(%x: tensor<1x9x9x8xf32>, %f: tensor<3x3x8x2xf32>, %b: tensor<16xf32>)
    -> tensor<1x4x4x16xf32> {
  // CHECK: sepconv.depthwise_conv2d(%arg0, %arg1, %arg2) {strides = array<i64: 2, 2>}
  %0 = sepconv.depthwise_conv2d(%x, %f, %b) {strides = array<i64: 2, 2>}
    : (tensor<1x9x9x8xf32>, tensor<3x3x8x2xf32>, tensor<16xf32>) -> tensor<1x4x4x16xf32>
  return %0 : tensor<1x4x4x16xf32>
}

// CHECK-LABEL: func @separable_conv2d
func.func @separable_conv2d(%x: tensor<1x8x8x4xf32>, %d: tensor<3x3x4x2xf32>,
                            %p: tensor<1x1x8x16xf32>, %b: tensor<16xf32>) -> tensor<1x8x8x16xf32> {
  // CHECK: sepconv.separable_conv2d(%arg0, %arg1, %arg2, %arg3)
  // CHECK-SAME: activation = #sepconv.activation<relu, max_value = {{6.*}}>
  %0 = sepconv.separable_conv2d(%x, %d, %p, %b)
      {padding = array<i64: 1, 1, 1, 1>, activation = #sepconv.activation<relu, max_value = 6.0>}
    : (tensor<1x8x8x4xf32>, tensor<3x3x4x2xf32>, tensor<1x1x8x16xf32>, tensor<16xf32>)
    -> tensor<1x8x8x16xf32>
  return %0 : tensor<1x8x8x16xf32>
}

// CHECK-LABEL: func @pool2d
func.func @pool2d(%x: tensor<1x8x8x4xf32>) -> (tensor<1x4x4x4xf32>, tensor<1x8x8x4xf32>) {
  // CHECK: sepconv.pool2d(%arg0) {kind = #sepconv.pool_kind<max>, strides = array<i64: 2, 2>, window = array<i64: 2, 2>}
  %0 = sepconv.pool2d(%x) {kind = #sepconv.pool_kind<max>, window = array<i64: 2, 2>,
                           strides = array<i64: 2, 2>}
    : (tensor<1x8x8x4xf32>) -> tensor<1x4x4x4xf32>
  // CHECK: sepconv.pool2d(%arg0) {kind = #sepconv.pool_kind<average>, padding = array<i64: 1, 1, 1, 1>, window = array<i64: 3, 3>}
  %1 = sepconv.pool2d(%x) {kind = #sepconv.pool_kind<average>, window = array<i64: 3, 3>,
                           padding = array<i64: 1, 1, 1, 1>}
    : (tensor<1x8x8x4xf32>) -> tensor<1x8x8x4xf32>
  return %0, %1 : tensor<1x4x4x4xf32>, tensor<1x8x8x4xf32>
}

// CHECK-LABEL: func @dense
func.func @dense(%x: tensor<2x5x64xf32>, %f: tensor<64x10xf32>, %b: tensor<10xf32>)
    -> (tensor<2x5x10xf32>, tensor<2x5x10xf32>) {
  // CHECK: sepconv.dense(%arg0, %arg1, %arg2) {activation = #sepconv.activation<tanh>}
  %0 = sepconv.dense(%x, %f, %b) {activation = #sepconv.activation<tanh>}
    : (tensor<2x5x64xf32>, tensor<64x10xf32>, tensor<10xf32>) -> tensor<2x5x10xf32>
  // CHECK: sepconv.dense(%arg0, %arg1) : (
  %1 = sepconv.dense(%x, %f) : (tensor<2x5x64xf32>, tensor<64x10xf32>) -> tensor<2x5x10xf32>
  return %0, %1 : tensor<2x5x10xf32>, tensor<2x5x10xf32>
}

// CHECK-LABEL: func @batch_norm
func.func @batch_norm(%x: tensor<1x8x8x4xf32>, %v: tensor<4xf32>) -> tensor<1x8x8x4xf32> {
  // CHECK: sepconv.batch_norm(%arg0, %arg1, %arg1, %arg1, %arg1)
  // CHECK-SAME: {axis = 3 : i64, epsilon = 1.000000e-03 : f64} : tensor<1x8x8x4xf32>, tensor<4xf32>
  %0 = sepconv.batch_norm(%x, %v, %v, %v, %v) {axis = 3, epsilon = 1.0e-3}
    : tensor<1x8x8x4xf32>, tensor<4xf32>
  return %0 : tensor<1x8x8x4xf32>
}

// CHECK-LABEL: func @activation
func.func @activation(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  // CHECK: sepconv.activation(%arg0) {function = #sepconv.activation<silu>} : tensor<3x5xf32>
  %0 = sepconv.activation(%x) {function = #sepconv.activation<silu>} : tensor<3x5xf32>
  // CHECK: #sepconv.activation<relu, alpha = {{2.*}}, max_value = {{6.*}}, threshold = {{5.*}}>
  %1 = sepconv.activation(%0)
      {function = #sepconv.activation<relu, threshold = 0.5, max_value = 6.0, alpha = 0.25>}
    : tensor<3x5xf32>
  return %1 : tensor<3x5xf32>
}

// CHECK-LABEL: func @variable
func.func @variable() {
  // CHECK: sepconv.variable "conv/kernel"
  // CHECK-SAME: {constraint = #sepconv.constraint<max_norm, axis = [0, 1, 2]>,
  // CHECK-SAME: initializer = #sepconv.initializer<variance_scaling, mode = fan_avg, distribution = uniform>,
  // CHECK-SAME: regularizer = #sepconv.regularizer<l1_l2, l2 = {{1.0*e-02}}>} : tensor<3x3x4x16xf32>
  %0 = sepconv.variable "conv/kernel"
      {initializer = #sepconv.initializer<variance_scaling, mode = fan_avg, distribution = uniform>,
       regularizer = #sepconv.regularizer<l1_l2, l2 = 0.01>,
       constraint = #sepconv.constraint<max_norm, axis = [0, 1, 2]>} : tensor<3x3x4x16xf32>
  // CHECK: sepconv.variable "mean" {trainable = false} : tensor<4xf64>
  %1 = sepconv.variable "mean" {trainable = false} : tensor<4xf64>
  // Every parameter.
  // CHECK: [#sepconv.initializer<constant, value = {{-1.*}}>, #sepconv.initializer<random_uniform, minval = {{0.*}}, maxval = {{1.*}}, seed = 7>,
  // CHECK-SAME: #sepconv.initializer<random_normal, mean = {{1.*}}, stddev = {{0.*}}, seed = -3>, #sepconv.initializer<truncated_normal>,
  // CHECK-SAME: #sepconv.initializer<variance_scaling, scale = {{2.*}}, mode = fan_out, distribution = untruncated_normal, input_axes = [0, 1], output_axes = [-1], seed = 1>,
  // CHECK-SAME: #sepconv.initializer<orthogonal, gain = {{2.*}}, seed = 5>, #sepconv.initializer<identity, gain = {{5.*e-01}}>,
  // CHECK-SAME: #sepconv.regularizer<l1_l2, l1 = {{1.*}}, l2 = {{2.*}}>, #sepconv.regularizer<orthogonal, factor = {{1.*}}, mode = columns>,
  // CHECK-SAME: #sepconv.constraint<max_norm, max_value = {{3.*}}, axis = [0, 1, 2]>, #sepconv.constraint<non_neg>, #sepconv.constraint<unit_norm, axis = []>,
  // CHECK-SAME: #sepconv.constraint<min_max_norm, min_value = {{1.*}}, max_value = {{2.*}}, rate = {{5.*}}, axis = [1]>]
  "test.attributes"() {all = [
    #sepconv.initializer<constant, value = -1.0>,
    #sepconv.initializer<random_uniform, minval = 0.0, maxval = 1.0, seed = 7>,
    #sepconv.initializer<random_normal, stddev = 0.0, seed = -3, mean = 1.0>,
    #sepconv.initializer<truncated_normal, mean = 0.0, stddev = 0.05>,
    #sepconv.initializer<variance_scaling, scale = 2.0, mode = fan_out,
                         distribution = untruncated_normal, input_axes = [0, 1],
                         output_axes = [-1], seed = 1>,
    #sepconv.initializer<orthogonal, gain = 2.0, seed = 5>,
    #sepconv.initializer<identity, gain = 0.5>,
    #sepconv.regularizer<l1_l2, l1 = 1.0, l2 = 2.0>,
    #sepconv.regularizer<orthogonal, factor = 1.0, mode = columns>,
    #sepconv.constraint<max_norm, max_value = 3.0, axis = [0, 1, 2]>,
    #sepconv.constraint<non_neg>, #sepconv.constraint<unit_norm, axis = []>,
    #sepconv.constraint<min_max_norm, min_value = 1.0, max_value = 2.0, rate = 0.5, axis = [1]>]}
    : () -> ()
  return
}

// CHECK-LABEL: func @kernel
func.func @kernel(%x: tensor<1x8x8x4xf32>) -> tensor<1x8x8x4xf32> {
  // CHECK: sepconv.kernel(%arg0) : (tensor<1x8x8x4xf32>) -> tensor<1x8x8x4xf32> {
  // CHECK-NEXT: ^bb0(%[[IN:.*]]: tensor<1x8x8x4xf32>):
  // CHECK-NEXT: %[[OUT:.*]] = sepconv.activation(%[[IN]])
  // CHECK-NEXT: sepconv.yield %[[OUT]] : tensor<1x8x8x4xf32>
  %0 = sepconv.kernel(%x) : (tensor<1x8x8x4xf32>) -> tensor<1x8x8x4xf32> {
  ^bb0(%in: tensor<1x8x8x4xf32>):
    %1 = sepconv.activation(%in) {function = #sepconv.activation<relu>} : tensor<1x8x8x4xf32>
    sepconv.yield %1 : tensor<1x8x8x4xf32>
  }
  return %0 : tensor<1x8x8x4xf32>
}

// CHECK-LABEL: func @sizes
// CHECK-SAME: {sepconv.sizes = [#sepconv.size<"height", least = 32, greatest = 512, factor = 32>,
// CHECK-SAME: #sepconv.size<"width", least = 1, greatest = 512>]}
func.func @sizes(%x: tensor<1x?x?x3xf32>
    {sepconv.sizes = [#sepconv.size<"height", least = 32, greatest = 512, factor = 32>,
                      #sepconv.size<"width", least = 1, greatest = 512, factor = 1>]}) {
  return
}

func.func private @callee(%x: tensor<4xf32>) -> tensor<4xf32>

// CHECK-LABEL: func @call
func.func @call(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: sepconv.call @callee(%arg0) : (tensor<4xf32>) -> tensor<4xf32>
  %0 = sepconv.call @callee(%x) : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

func.func private @task(%i: index, %x: memref<8xf32>, %out: memref<8xf32>)

// CHECK-LABEL: func @parallel_call
func.func @parallel_call(%lower: index, %upper: index, %x: memref<8xf32>, %out: memref<8xf32>,
                         %parallel_for: !llvm.ptr, %pool: !llvm.ptr) {
  // CHECK: sepconv.parallel_call @task(%arg0 to %arg1) (%arg2, %arg3) by(%arg4, %arg5)
  // CHECK-SAME: : (memref<8xf32>, memref<8xf32>), !llvm.ptr, !llvm.ptr
  sepconv.parallel_call @task(%lower to %upper)(%x, %out) by(%parallel_for, %pool)
    : (memref<8xf32>, memref<8xf32>), !llvm.ptr, !llvm.ptr
  return
}
