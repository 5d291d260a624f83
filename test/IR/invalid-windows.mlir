// One program for each way to break a rule of dialect/README.md on layers; the comments cite its number.
// RUN: sepconv-opt %s -verify-diagnostics -split-input-file

// C1: an image has rank 4.
func.func @rank(%x: tensor<8x8x4xf32>, %f: tensor<3x3x4x1xf32>) {
  // expected-error@+1 {{C1: input must be a tensor of rank 4 with static sizes, except for height and width, got 'tensor<8x8x4xf32>'}}
  %0 = "sepconv.pool2d"(%x) {kind = #sepconv.pool_kind<max>, window = array<i64: 2, 2>}
    : (tensor<8x8x4xf32>) -> tensor<7x7x4xf32>
  return
}

// -----

// C1: sizes are static.
func.func @dynamic(%x: tensor<?x8x8x4xf32>, %f: tensor<3x3x4x1xf32>) {
  // expected-error@+1 {{C1: input must be a tensor of rank 4 with static sizes, except for height and width, got 'tensor<?x8x8x4xf32>'}}
  %0 = sepconv.depthwise_conv2d(%x, %f)
    : (tensor<?x8x8x4xf32>, tensor<3x3x4x1xf32>) -> tensor<?x6x6x4xf32>
  return
}

// -----

// C1: a filter has rank 4.
func.func @filter_rank(%x: tensor<1x8x8x4xf32>, %f: tensor<3x3x4xf32>) {
  // expected-error@+1 {{C1: filter must be a tensor of rank 4 with static sizes of at least 1, got 'tensor<3x3x4xf32>'}}
  %0 = sepconv.conv2d(%x, %f) : (tensor<1x8x8x4xf32>, tensor<3x3x4xf32>) -> tensor<1x6x6x4xf32>
  return
}

// -----

// C2: two strides, each at least 1.
func.func @strides(%x: tensor<1x8x8x4xf32>, %f: tensor<3x3x4x1xf32>) {
  // expected-error@+1 {{C2: strides must be 2 integers of at least 1, got [1, 0]}}
  %0 = sepconv.depthwise_conv2d(%x, %f) {strides = array<i64: 1, 0>}
    : (tensor<1x8x8x4xf32>, tensor<3x3x4x1xf32>) -> tensor<1x6x6x4xf32>
  return
}

// -----

// C2: the window of a pool too.
func.func @window(%x: tensor<1x8x8x4xf32>) {
  // expected-error@+1 {{C2: window must be 2 integers of at least 1, got [2]}}
  %0 = sepconv.pool2d(%x) {kind = #sepconv.pool_kind<max>, window = array<i64: 2>}
    : (tensor<1x8x8x4xf32>) -> tensor<1x7x7x4xf32>
  return
}

// -----

// C3: two dilations, each at least 1.
func.func @dilations(%x: tensor<1x8x8x4xf32>, %f: tensor<3x3x4x1xf32>) {
  // expected-error@+1 {{C3: dilations must be 2 integers of at least 1, got [1, 1, 1]}}
  %0 = sepconv.depthwise_conv2d(%x, %f) {dilations = array<i64: 1, 1, 1>}
    : (tensor<1x8x8x4xf32>, tensor<3x3x4x1xf32>) -> tensor<1x6x6x4xf32>
  return
}

// -----

// C4: four paddings, none negative.
func.func @padding(%x: tensor<1x8x8x4xf32>, %f: tensor<3x3x4x1xf32>) {
  // expected-error@+1 {{C4: padding must be 4 integers of at least 0, got [0, 0, -1, 0]}}
  %0 = sepconv.depthwise_conv2d(%x, %f) {padding = array<i64: 0, 0, -1, 0>}
    : (tensor<1x8x8x4xf32>, tensor<3x3x4x1xf32>) -> tensor<1x6x6x4xf32>
  return
}

// -----

// C5: one bias for each output channel.
func.func @bias(%x: tensor<1x8x8x4xf32>, %f: tensor<3x3x4x2xf32>, %b: tensor<4xf32>) {
  // expected-error@+1 {{C5: bias must have shape [8], got 'tensor<4xf32>'}}
  %0 = sepconv.depthwise_conv2d(%x, %f, %b)
    : (tensor<1x8x8x4xf32>, tensor<3x3x4x2xf32>, tensor<4xf32>) -> tensor<1x6x6x8xf32>
  return
}

// -----

// C5: the bias of a dense layer.
func.func @dense_bias(%x: tensor<1x64xf32>, %f: tensor<64x10xf32>, %b: tensor<1x10xf32>) {
  // expected-error@+1 {{C5: bias must have shape [10], got 'tensor<1x10xf32>'}}
  %0 = sepconv.dense(%x, %f, %b)
    : (tensor<1x64xf32>, tensor<64x10xf32>, tensor<1x10xf32>) -> tensor<1x10xf32>
  return
}

// -----

// C1: a filter has elements.
func.func @filter_empty(%x: tensor<1x8x8x4xf32>, %f: tensor<3x0x4x1xf32>) {
  // expected-error@+1 {{C1: filter must be a tensor of rank 4 with static sizes of at least 1, got 'tensor<3x0x4x1xf32>'}}
  %0 = sepconv.depthwise_conv2d(%x, %f)
    : (tensor<1x8x8x4xf32>, tensor<3x0x4x1xf32>) -> tensor<1x6x9x4xf32>
  return
}

// -----

// C6: the number of windows is not negative; dilation counts.
func.func @fits(%x: tensor<1x8x4x4xf32>, %f: tensor<3x3x4x1xf32>) {
  // expected-error@+1 {{C6: a window of 9 does not fit into the padded input of 6 along the width}}
  %0 = sepconv.depthwise_conv2d(%x, %f)
      {dilations = array<i64: 1, 4>, padding = array<i64: 0, 0, 1, 1>}
    : (tensor<1x8x4x4xf32>, tensor<3x3x4x1xf32>) -> tensor<1x6x1x4xf32>
  return
}

// -----

// C7: the filter has the channels of one group.
func.func @channels(%x: tensor<1x8x8x4xf32>, %f: tensor<3x3x3x16xf32>) {
  // expected-error@+1 {{C7: filter must have the input's 4 channels over 1 groups in dimension 2}}
  %0 = sepconv.conv2d(%x, %f) : (tensor<1x8x8x4xf32>, tensor<3x3x3x16xf32>) -> tensor<1x6x6x16xf32>
  return
}

// -----

// C7: the filters are divided evenly among the groups.
func.func @groups(%x: tensor<1x8x8x4xf32>, %f: tensor<3x3x2x15xf32>) {
  // expected-error@+1 {{C7: filter must have the input's 4 channels over 2 groups in dimension 2 and a multiple of 2 filters in dimension 3}}
  %0 = sepconv.conv2d(%x, %f) {groups = 2}
    : (tensor<1x8x8x4xf32>, tensor<3x3x2x15xf32>) -> tensor<1x6x6x15xf32>
  return
}

// -----

// C8: one slice of the depthwise filter for each channel.
func.func @depthwise_channels(%x: tensor<1x8x8x4xf32>, %f: tensor<3x3x5x1xf32>) {
  // expected-error@+1 {{C8: dimension 2 of filter must be the input's 4 channels, got 5}}
  %0 = sepconv.depthwise_conv2d(%x, %f)
    : (tensor<1x8x8x4xf32>, tensor<3x3x5x1xf32>) -> tensor<1x6x6x5xf32>
  return
}

// -----

// C8: with NCHW the channels are dimension 1 of the input.
func.func @nchw_channels(%x: tensor<1x8x8x4xf32>, %d: tensor<3x3x4x1xf32>,
                         %p: tensor<1x1x4x16xf32>) {
  // expected-error@+1 {{C8: dimension 2 of depthwise_filter must be the input's 8 channels, got 4}}
  %0 = sepconv.separable_conv2d(%x, %d, %p) {data_format = #sepconv.data_format<NCHW>}
    : (tensor<1x8x8x4xf32>, tensor<3x3x4x1xf32>, tensor<1x1x4x16xf32>) -> tensor<1x16x6x2xf32>
  return
}

// -----

// C9: the pointwise filter takes channels x depth multiplier.
func.func @pointwise(%x: tensor<1x8x8x4xf32>, %d: tensor<3x3x4x2xf32>, %p: tensor<1x1x4x16xf32>) {
  // expected-error@+1 {{C9: pointwise_filter must have shape [1, 1, 8, filters] (channels x depth multiplier), got 'tensor<1x1x4x16xf32>'}}
  %0 = sepconv.separable_conv2d(%x, %d, %p)
    : (tensor<1x8x8x4xf32>, tensor<3x3x4x2xf32>, tensor<1x1x4x16xf32>) -> tensor<1x6x6x16xf32>
  return
}

// -----

// C10: no window of a pool lies in the padding alone.
func.func @pool_padding(%x: tensor<1x8x8x4xf32>) {
  // expected-error@+1 {{C10: padding must be smaller than the window so that every window holds an element of the input}}
  %0 = sepconv.pool2d(%x) {kind = #sepconv.pool_kind<average>, window = array<i64: 2, 2>,
                           padding = array<i64: 0, 2, 0, 0>}
    : (tensor<1x8x8x4xf32>) -> tensor<1x9x7x4xf32>
  return
}

// -----

// C11: a dense layer's filter is [channels, units].
func.func @dense(%x: tensor<1x64xf32>, %f: tensor<10x64xf32>) {
  // expected-error@+1 {{C11: filter must have shape [last dimension of the input, units], got 'tensor<10x64xf32>' for an input of 'tensor<1x64xf32>'}}
  %0 = sepconv.dense(%x, %f) : (tensor<1x64xf32>, tensor<10x64xf32>) -> tensor<1x10xf32>
  return
}
