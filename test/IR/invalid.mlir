// One program for each way to break a rule of dialect/README.md; the comments cite its number.
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

// -----

// C12: the axis is a dimension of the input.
func.func @axis(%x: tensor<1x8x8x4xf32>, %v: tensor<4xf32>) {
  // expected-error@+1 {{C12: axis must be a dimension of the input of rank 4, got -1}}
  %0 = sepconv.batch_norm(%x, %v, %v, %v, %v) {axis = -1, epsilon = 1.0e-3}
    : tensor<1x8x8x4xf32>, tensor<4xf32>
  return
}

// -----

// C12: the statistics have one element for each element along the axis.
func.func @statistics(%x: tensor<1x8x8x4xf32>, %v: tensor<8xf32>) {
  // expected-error@+1 {{C12: gamma, beta, mean and variance must have shape [4], got 'tensor<8xf32>'}}
  %0 = sepconv.batch_norm(%x, %v, %v, %v, %v) {axis = 3, epsilon = 1.0e-3}
    : tensor<1x8x8x4xf32>, tensor<8xf32>
  return
}

// -----

// C13: the body's arguments are the inputs.
func.func @kernel_arguments(%x: tensor<4xf32>) {
  // expected-error@+1 {{C13: the body's arguments must have the inputs' types}}
  %0 = sepconv.kernel(%x) : (tensor<4xf32>) -> tensor<5xf32> {
  ^bb0(%in: tensor<5xf32>):
    sepconv.yield %in : tensor<5xf32>
  }
  return
}

// -----

// C13: the yielded values are the results.
func.func @kernel_results(%x: tensor<4xf32>) {
  // expected-error@+1 {{C13: the yielded values must have the results' types}}
  %0 = sepconv.kernel(%x) : (tensor<4xf32>) -> tensor<5xf32> {
  ^bb0(%in: tensor<4xf32>):
    sepconv.yield %in : tensor<4xf32>
  }
  return
}

// -----

// C14: the callee exists.
func.func @no_callee(%x: tensor<4xf32>) {
  // expected-error@+1 {{C14: no function 'absent' in the module}}
  %0 = sepconv.call @absent(%x) : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func private @callee(%x: tensor<4xf32>) -> tensor<4xf32>

// C14: the call has the callee's type.
func.func @callee_type(%x: tensor<5xf32>) {
  // expected-error@+1 {{C14: the callee has type '(tensor<4xf32>) -> tensor<4xf32>', the call '(tensor<5xf32>) -> tensor<5xf32>'}}
  %0 = sepconv.call @callee(%x) : (tensor<5xf32>) -> tensor<5xf32>
  return
}

// -----

// The result's type is the one that the rules infer.
func.func @result(%x: tensor<1x8x8x4xf32>, %f: tensor<3x3x4x16xf32>) {
  // expected-error@+2 {{inferred type(s) 'tensor<1x6x6x16xf32>' are incompatible with return type(s) of operation 'tensor<1x8x8x16xf32>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = sepconv.conv2d(%x, %f) : (tensor<1x8x8x4xf32>, tensor<3x3x4x16xf32>) -> tensor<1x8x8x16xf32>
  return
}

// -----

// A kernel sees nothing but its arguments.
func.func @isolated(%x: tensor<4xf32>) {
  // expected-note@+1 {{required by region isolation constraints}}
  %0 = sepconv.kernel() : () -> tensor<4xf32> {
    // expected-error@+1 {{using value defined outside the region}}
    sepconv.yield %x : tensor<4xf32>
  }
  return
}

// -----

// expected-error@+1 {{unknown activation 'rellu'}}
func.func private @kind() attributes {a = #sepconv.activation<rellu>}

// -----

// expected-error@+1 {{unknown parameter 'beta', expected alpha, max_value or threshold}}
func.func private @parameter() attributes {a = #sepconv.activation<relu, beta = 1.0>}

// -----

// C15: the task of a parallel call takes an index and the captured values.
func.func private @task(%i: index)
func.func @parallel_call(%n: index, %x: memref<8xf32>, %p: !llvm.ptr) {
  // expected-error @+1 {{C15: the task has type '(index) -> ()', expected an index and the captured values}}
  sepconv.parallel_call @task(%n to %n)(%x) by(%p, %p) : (memref<8xf32>), !llvm.ptr, !llvm.ptr
  return
}

// -----

// C15: each captured value is memory of a task or not.
func.func private @task(%i: index, %x: memref<8xf32>)
func.func @parallel_call_offsets(%n: index, %x: memref<8xf32>, %p: !llvm.ptr) {
  // expected-error @+1 {{C15: expected a number of task_offsets for each of the 1 captured values, got 2}}
  sepconv.parallel_call @task(%n to %n)(%x) by(%p, %p) {task_offsets = array<i64: 0, -1>}
    : (memref<8xf32>), !llvm.ptr, !llvm.ptr
  return
}

// -----

// C16: a filter has the input's element type.
func.func @filter_type(%x: tensor<1x8x8x4xf16>, %f: tensor<3x3x4x1xf32>) {
  // expected-error@+1 {{C16: all operands must have the input's element type 'f16', got 'tensor<3x3x4x1xf32>'}}
  %0 = sepconv.depthwise_conv2d(%x, %f)
    : (tensor<1x8x8x4xf16>, tensor<3x3x4x1xf32>) -> tensor<1x6x6x4xf16>
  return
}

// -----

// C16: so has the bias of a dense layer.
func.func @dense_bias_type(%x: tensor<1x64xf64>, %f: tensor<64x10xf64>, %b: tensor<10xf32>) {
  // expected-error@+1 {{C16: all operands must have the input's element type 'f64', got 'tensor<10xf32>'}}
  %0 = sepconv.dense(%x, %f, %b)
    : (tensor<1x64xf64>, tensor<64x10xf64>, tensor<10xf32>) -> tensor<1x10xf64>
  return
}

// -----

// C16: so have the vectors of a batch normalization.
func.func @vectors_type(%x: tensor<1x4xbf16>, %v: tensor<4xf32>) {
  // expected-error@+1 {{C16: all operands must have the input's element type 'bf16', got 'tensor<4xf32>'}}
  %0 = sepconv.batch_norm(%x, %v, %v, %v, %v) {axis = 1 : i64, epsilon = 1.0e-3}
    : tensor<1x4xbf16>, tensor<4xf32>
  return
}

// -----

// C23: an input of integers is of i8 or i16.
func.func @input_type(%x: tensor<1x64xi32>, %f: tensor<64x10xi8>) {
  // expected-error@+1 {{C23: an input of integers must be of i8 or i16, got 'i32'}}
  %0 = sepconv.dense(%x, %f) : (tensor<1x64xi32>, tensor<64x10xi8>) -> tensor<1x10xi32>
  return
}

// -----

// C23: so are the filters.
func.func @integer_filter(%x: tensor<1x8x8x4xi8>, %f: tensor<3x3x4x1xf32>) {
  // expected-error@+1 {{C23: the filters of an input of integers must be of i8 or i16, got 'tensor<3x3x4x1xf32>'}}
  %0 = sepconv.depthwise_conv2d(%x, %f)
    : (tensor<1x8x8x4xi8>, tensor<3x3x4x1xf32>) -> tensor<1x6x6x4xi32>
  return
}

// -----

// C23: the bias has the type of the sums.
func.func @integer_bias(%x: tensor<1x64xi16>, %f: tensor<64x10xi8>, %b: tensor<10xi32>) {
  // expected-error@+1 {{C23: the bias must be of 'i64', the type of sums of 'i16', got 'tensor<10xi32>'}}
  %0 = sepconv.dense(%x, %f, %b)
    : (tensor<1x64xi16>, tensor<64x10xi8>, tensor<10xi32>) -> tensor<1x10xi64>
  return
}

// -----

// C23: there is no activation.
func.func @integer_activation(%x: tensor<1x64xi8>, %f: tensor<64x10xi8>) {
  // expected-error@+1 {{C23: integers have no activation}}
  %0 = sepconv.dense(%x, %f) {activation = #sepconv.activation<relu>}
    : (tensor<1x64xi8>, tensor<64x10xi8>) -> tensor<1x10xi32>
  return
}

// -----

// C23: the padding is a number of the input.
func.func @padding_value(%x: tensor<1x8x8x4xi8>, %f: tensor<3x3x4x1xi8>) {
  // expected-error@+1 {{C23: padding_value must be from -128 to 127, got 128}}
  %0 = sepconv.depthwise_conv2d(%x, %f) {padding = array<i64: 1, 1, 1, 1>, padding_value = 128}
    : (tensor<1x8x8x4xi8>, tensor<3x3x4x1xi8>) -> tensor<1x8x8x4xi32>
  return
}

// -----

// C23: of floats it is 0.
func.func @padding_value_of_floats(%x: tensor<1x8x8x4xf32>, %f: tensor<3x3x4x1xf32>) {
  // expected-error@+1 {{C23: padding_value must be 0 for an input of floats, got 1}}
  %0 = sepconv.depthwise_conv2d(%x, %f) {padding = array<i64: 1, 1, 1, 1>, padding_value = 1}
    : (tensor<1x8x8x4xf32>, tensor<3x3x4x1xf32>) -> tensor<1x8x8x4xf32>
  return
}

// -----

// C23: floats have a sign.
func.func @unsigned_floats(%x: tensor<1x8x8x4xf32>) {
  // expected-error@+1 {{C23: unsigned_input requires an input of integers}}
  %0 = sepconv.pool2d(%x) {kind = #sepconv.pool_kind<max>, window = array<i64: 2, 2>, unsigned_input}
    : (tensor<1x8x8x4xf32>) -> tensor<1x7x7x4xf32>
  return
}

// -----

// C23: an average is of floats.
func.func @integer_average(%x: tensor<1x8x8x4xi8>) {
  // expected-error@+1 {{C23: an average must be of floats, got 'i8'}}
  %0 = sepconv.pool2d(%x) {kind = #sepconv.pool_kind<average>, window = array<i64: 2, 2>}
    : (tensor<1x8x8x4xi8>) -> tensor<1x7x7x4xi8>
  return
}

// -----

// The element types that there are.
func.func @element_type(%x: tensor<1x4xf80>) {
  // expected-error@+1 {{operand #0 must be ranked tensor of 16-bit float or bfloat16 type or 32-bit float or 64-bit float values, but got 'tensor<1x4xf80>'}}
  %0 = sepconv.activation(%x) {function = #sepconv.activation<relu>} : tensor<1x4xf80>
  return
}

// -----

// C17: where the batch is dynamic the functions that a caller sees are for one image; weights are no images.
module attributes {sepconv.dynamic_batch} {
  // expected-error @+3 {{C17: the batch is dynamic, so dimension 0 of argument 1 must be 1, got 'tensor<2x4xf32>'}}
  // expected-error @+2 {{C17: the batch is dynamic, so dimension 0 of result 0 must be 1, got 'tensor<4xf32>'}}
  // expected-error @+1 {{C17: the batch is dynamic, so dimension 0 of result 1 must be 1, got 'tensor<f32>'}}
  func.func @main(%x: tensor<1x4xf32>, %y: tensor<2x4xf32>, %w: tensor<4xf32> {sepconv.weight}, %s: tensor<f32> {sepconv.weight})
      -> (tensor<4xf32>, tensor<f32>) {
    return %w, %s : tensor<4xf32>, tensor<f32>
  }
  func.func private @kernel(%w: tensor<4xf32>) -> tensor<4xf32> {
    return %w : tensor<4xf32>
  }
}

// -----

// expected-error @+1 {{C17: 'sepconv.dynamic_batch' must be a unit attribute of a module}}
module attributes {sepconv.dynamic_batch = 4} {
}

// -----

// expected-error @+1 {{C17: 'sepconv.dynamic_batch' must be a unit attribute of a module}}
func.func private @batch() attributes {sepconv.dynamic_batch}

// -----

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

// -----

// C19: an attribute of a module that passes read.
// expected-error@+1 {{C19: 'sepconv.model' must be a UTF-8 string, got 1 : i64}}
module attributes {sepconv.model = 1} {}

// -----

// C19: of a kernel.
// expected-error@+1 {{C19: 'sepconv.pattern' must be an array of UTF-8 strings, got [1]}}
func.func private @pattern(%x: tensor<4xf32>) -> tensor<4xf32> attributes {sepconv.pattern = [1]}

// -----

// C19: what takes the place of a kernel's schedule.
// expected-error@+1 {{C19: 'sepconv.alternatives' must be an array of dictionaries, got [@s]}}
func.func private @alternatives(%x: tensor<4xf32>) -> tensor<4xf32> attributes {sepconv.alternatives = [@s]}

// -----

// C19: of an argument.
// expected-error@+1 {{C19: 'sepconv.weight' must be a unit attribute, got true}}
func.func private @argument(%x: tensor<4xf32> {sepconv.weight = true})

// -----

// C19: what NumPy calls elements that are none of its type.
// expected-error@+1 {{C19: 'sepconv.dtype' of 'tensor<4xf32>' cannot be "uint8"}}
func.func @dtype(%x: tensor<4xf32> {sepconv.dtype = "uint8"}) {
  return
}

// -----

// C19: of a result.
// expected-error@+1 {{C19: 'sepconv.axes' must be a UTF-8 string, got 4 : i64}}
func.func private @result() -> (tensor<4xf32> {sepconv.axes = 4})

// -----

// C19: what the product says of itself is in UTF-8.
// expected-error@+1 {{C19: 'sepconv.name' must be a UTF-8 string, got "\FF"}}
func.func private @utf8(%x: tensor<4xf32> {sepconv.name = "\FF"})

// -----

// V2: for a weight too that has an initializer.
// expected-error@+1 {{V2: orthogonal requires a variable of rank 2 or more, got shape [4]}}
func.func private @weight(%w: tensor<4xf32> {sepconv.initializer = #sepconv.initializer<orthogonal>})

// -----

// C20: a size has numbers that fit to each other.
// expected-error@+1 {{C20: the size "height" must be 1 <= least <= greatest <= 2147483647, both multiples of a factor of at least 1, got 8, 20 and 8}}
func.func private @factor(%x: tensor<1x?xf32> {sepconv.sizes = [#sepconv.size<"height", least = 8, greatest = 20, factor = 8>]})

// -----

// C20: and a name that can stand in C.
// expected-error@+1 {{C20: a size must have a name of letters, digits and '_', got "2h"}}
func.func private @name(%x: tensor<1x?xf32> {sepconv.sizes = [#sepconv.size<"2h", least = 8, greatest = 20>]})

// -----

// C20: one for each that is dynamic.
// expected-error@+1 {{C20: expected a size for each of the 2 '?' of 'tensor<1x?x?xf32>', got [#sepconv.size<"h", least = 8, greatest = 20>]}}
func.func private @open(%x: tensor<1x?x?xf32> {sepconv.sizes = [#sepconv.size<"h", least = 8, greatest = 20>]})

// -----

// C20: a name means one size.
// expected-error@+1 {{C20: sizes with the same name must be the same, got}}
func.func private @same(%x: tensor<?xf32> {sepconv.sizes = [#sepconv.size<"h", least = 8, greatest = 20>]},
                        %y: tensor<?xf32> {sepconv.sizes = [#sepconv.size<"h", least = 8, greatest = 21>]})

// -----

// C21: padding is numbers or SAME.
func.func @padding(%x: tensor<1x8x8x4xf32>, %f: tensor<3x3x4x1xf32>) -> tensor<1x8x8x4xf32> {
  // expected-error@+1 {{C21: padding must be 0 with 'same'}}
  %0 = sepconv.depthwise_conv2d(%x, %f) {same, padding = array<i64: 1, 1, 1, 1>}
    : (tensor<1x8x8x4xf32>, tensor<3x3x4x1xf32>) -> tensor<1x8x8x4xf32>
  return %0 : tensor<1x8x8x4xf32>
}

// -----

// C19: a scale is above 0.
// expected-error@+1 {{C19: 'sepconv.scale' must be a float32 above 0, got 0.000000e+00 : f32}}
func.func @scale(%x: tensor<4xi8> {sepconv.scale = 0.0 : f32}) {
  return
}
