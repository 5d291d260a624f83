// One program for each way to break a rule of dialect/README.md on attributes; the comments cite its number.
// RUN: sepconv-opt %s -verify-diagnostics -split-input-file

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
