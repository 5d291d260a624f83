// One program for each way to break a rule of dialect/README.md on element types; the comments cite its number.
// RUN: sepconv-opt %s -verify-diagnostics -split-input-file

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
