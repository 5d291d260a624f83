// One program for each way to break a rule of variables, and one for each wrong attribute.
// RUN: sepconv-opt %s --allow-unregistered-dialect -verify-diagnostics -split-input-file

// V1: a name.
// expected-error@+1 {{V1: a variable must have a name and a static shape without zeros, got '' and 'tensor<4xf32>'}}
%0 = sepconv.variable "" : tensor<4xf32>

// -----

// V1: static sizes.
// expected-error@+1 {{V1: a variable must have a name and a static shape without zeros, got 'w' and 'tensor<?xf32>'}}
%0 = sepconv.variable "w" : tensor<?xf32>

// -----

// V1: something.
// expected-error@+1 {{V1: a variable must have a name and a static shape without zeros, got 'w' and 'tensor<3x0xf32>'}}
%0 = sepconv.variable "w" : tensor<3x0xf32>

// -----

// V2: a matrix of some kind.
// expected-error@+1 {{V2: orthogonal requires a variable of rank 2 or more, got shape [4]}}
%0 = sepconv.variable "w" {initializer = #sepconv.initializer<orthogonal>} : tensor<4xf32>

// -----

// V2: a matrix.
// expected-error@+1 {{V2: identity requires a variable of rank 2, got shape [1, 1, 4, 4]}}
%0 = sepconv.variable "w" {initializer = #sepconv.initializer<identity>} : tensor<1x1x4x4xf32>

// -----

// V2: axes of fans.
// expected-error@+1 {{V2: output_axes must be dimensions of the shape [3, 4], each once, got [2]}}
%0 = sepconv.variable "w" {initializer = #sepconv.initializer<variance_scaling, input_axes = [0], output_axes = [2]>} : tensor<3x4xf32>

// -----

// V3: a matrix.
// expected-error@+1 {{V3: orthogonal requires a variable of rank 2, got shape [3, 3, 4, 1]}}
%0 = sepconv.variable "w" {regularizer = #sepconv.regularizer<orthogonal>} : tensor<3x3x4x1xf32>

// -----

// V4: each axis once.
// expected-error@+1 {{V4: axis must be dimensions of the shape [3, 4], each once, got [1, -1]}}
%0 = sepconv.variable "w" {constraint = #sepconv.constraint<unit_norm, axis = [1, -1]>} : tensor<3x4xf32>

// -----

// expected-error@+1 {{unknown kind 'glorot', expected one of constant, random_uniform, random_normal, truncated_normal, variance_scaling, orthogonal, identity}}
"test.f"() {a = #sepconv.initializer<glorot>} : () -> ()

// -----

// expected-error@+1 {{unknown parameter 'value' of identity}}
"test.f"() {a = #sepconv.initializer<identity, value = 1.0>} : () -> ()

// -----

// expected-error@+1 {{parameter 'scale': expected a number above 0}}
"test.f"() {a = #sepconv.initializer<variance_scaling, scale = 0.0>} : () -> ()

// -----

// expected-error@+1 {{parameter 'mode': expected fan_in or fan_out or fan_avg}}
"test.f"() {a = #sepconv.initializer<variance_scaling, mode = fan>} : () -> ()

// -----

// expected-error@+1 {{parameter 'stddev': expected a number of at least 0}}
"test.f"() {a = #sepconv.initializer<random_normal, stddev = -1.0>} : () -> ()

// -----

// expected-error@+1 {{parameter 'value': expected a finite number}}
"test.f"() {a = #sepconv.initializer<constant, value = 0x7FF0000000000000>} : () -> ()

// -----

// expected-error@+1 {{unknown kind 'l1', expected one of l1_l2, orthogonal}}
"test.f"() {a = #sepconv.regularizer<l1>} : () -> ()

// -----

// expected-error@+1 {{unknown kind 'norm', expected one of max_norm, non_neg, unit_norm, min_max_norm}}
"test.f"() {a = #sepconv.constraint<norm>} : () -> ()
