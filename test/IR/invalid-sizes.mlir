// One program for each way to break a rule of dialect/README.md on sizes that overflow; the comments cite its number.
// RUN: sepconv-opt %s -verify-diagnostics -split-input-file

// C18: what a window reaches over is far from overflow, 2^31 * 2^31 is not.
func.func @large_dilation(%x: tensor<1x8x8x4xf32>, %f: tensor<3x3x4x1xf32>) {
  // expected-error@+1 {{C18: dilations must be integers of at most 2147483647, got [1, 4611686018427387904]}}
  %0 = sepconv.depthwise_conv2d(%x, %f) {dilations = array<i64: 1, 4611686018427387904>}
    : (tensor<1x8x8x4xf32>, tensor<3x3x4x1xf32>) -> tensor<1x6x6x4xf32>
  return
}

// -----

// C18: strides, which are added to what a window leaves.
func.func @large_stride(%x: tensor<1x8x8x4xf32>, %f: tensor<3x3x4x1xf32>) {
  // expected-error@+1 {{C18: strides must be integers of at most 2147483647, got [9223372036854775807, 1]}}
  %0 = sepconv.depthwise_conv2d(%x, %f) {strides = array<i64: 9223372036854775807, 1>}
    : (tensor<1x8x8x4xf32>, tensor<3x3x4x1xf32>) -> tensor<1x6x6x4xf32>
  return
}

// -----

// C18: padding, which is added to the input's size.
func.func @large_padding(%x: tensor<1x8x8x4xf32>, %f: tensor<3x3x4x1xf32>) {
  // expected-error@+1 {{C18: padding must be integers of at most 2147483647, got [0, 9223372036854775807, 0, 0]}}
  %0 = sepconv.depthwise_conv2d(%x, %f) {padding = array<i64: 0, 9223372036854775807, 0, 0>}
    : (tensor<1x8x8x4xf32>, tensor<3x3x4x1xf32>) -> tensor<1x6x6x4xf32>
  return
}

// -----

// C18: the padded input is a tensor too.
func.func @large_padded(%x: tensor<1x8x8x4xf32>, %f: tensor<3x3x4x1xf32>) {
  // expected-error@+1 {{C18: the padded input must have sizes of at most 2147483647, got 2147483648 along the width}}
  %0 = sepconv.depthwise_conv2d(%x, %f) {padding = array<i64: 0, 0, 1073741824, 1073741816>}
    : (tensor<1x8x8x4xf32>, tensor<3x3x4x1xf32>) -> tensor<1x6x2147483646x4xf32>
  return
}

// -----

// C18: the window of a pool.
func.func @large_window(%x: tensor<1x8x8x4xf32>) {
  // expected-error@+1 {{C18: window must be integers of at most 2147483647, got [2147483648, 1]}}
  %0 = sepconv.pool2d(%x) {kind = #sepconv.pool_kind<max>, window = array<i64: 2147483648, 1>}
    : (tensor<1x8x8x4xf32>) -> tensor<1x8x8x4xf32>
  return
}

// -----

// C18: the elements of a filter; their number is 0 in 64 bits.
func.func @large_filter(%x: tensor<1x8x8x4xf32>, %f: tensor<4294967296x4294967296x4x1xf32>) {
  // expected-error@+1 {{C18: filter must have sizes of at most 2147483647 and at most 1099511627776 elements, got 'tensor<4294967296x4294967296x4x1xf32>'}}
  %0 = sepconv.depthwise_conv2d(%x, %f)
    : (tensor<1x8x8x4xf32>, tensor<4294967296x4294967296x4x1xf32>) -> tensor<1x6x6x4xf32>
  return
}

// -----

// C18: an input.
func.func @large_input(%x: tensor<9223372036854775807x8x8x4xf32>, %f: tensor<3x3x4x1xf32>) {
  // expected-error@+1 {{C18: input must have sizes of at most 2147483647 and at most 1099511627776 elements, got 'tensor<9223372036854775807x8x8x4xf32>'}}
  %0 = sepconv.depthwise_conv2d(%x, %f)
    : (tensor<9223372036854775807x8x8x4xf32>, tensor<3x3x4x1xf32>) -> tensor<1x6x6x4xf32>
  return
}

// -----

// C18: an output, larger than what it is made of.
func.func @large_output(%x: tensor<1x8x8x4xf32>, %f: tensor<1x1x4x1xf32>) {
  // expected-error@+1 {{C18: output must have sizes of at most 2147483647 and at most 1099511627776 elements, got 'tensor<1x1000008x1000008x4xf32>'}}
  %0 = sepconv.depthwise_conv2d(%x, %f) {padding = array<i64: 1000000, 0, 1000000, 0>}
    : (tensor<1x8x8x4xf32>, tensor<1x1x4x1xf32>) -> tensor<1x1000008x1000008x4xf32>
  return
}
