// RUN: sepconv-opt %s --sepconv-lower-kernels --split-input-file --verify-diagnostics

// A directive that is not legal is reported where it stands, with what would be.

schedule.schedule @s for ["elementwise"] {
  schedule.stage "elementwise" {
    // expected-error @+1 {{'schedule.vectorize' op no loop 'x' in stage 'elementwise', expected one of 'b', 'c'}}
    schedule.vectorize "x"
  }
}
// expected-note @+1 {{for the kernel @loop}}
func.func private @loop(%x: tensor<3x4xf32>) -> tensor<3x4xf32>
    attributes {sepconv.pattern = ["elementwise"], sepconv.schedule = @s} {
  return %x : tensor<3x4xf32>
}

// -----

schedule.schedule @s for ["elementwise", "elementwise"] {
  // expected-error @+1 {{'schedule.stage' op no stage 'elementwise_1', expected one of 'elementwise'}}
  schedule.stage "elementwise_1" {
    schedule.vectorize "c"
  }
}
// expected-note @+1 {{for the kernel @stage}}
func.func private @stage(%x: tensor<3x4xf32>) -> tensor<3x4xf32>
    attributes {sepconv.pattern = ["elementwise"], sepconv.schedule = @s} {
  return %x : tensor<3x4xf32>
}

// -----

schedule.schedule @s for ["elementwise"] {
  schedule.stage "elementwise" {
    // expected-error @+1 {{unknown name 'lanes', expected one of elementwise.b, elementwise.bytes, elementwise.c}}
    schedule.vectorize "c" by "lanes"
  }
}
func.func private @fact(%x: tensor<3x4xf32>) -> tensor<3x4xf32>
    attributes {sepconv.pattern = ["elementwise"], sepconv.schedule = @s} {
  return %x : tensor<3x4xf32>
}

// -----

// expected-error @+1 {{'func.func' op refers to schedule @s, which is not there}}
func.func private @absent(%x: tensor<3x4xf32>) -> tensor<3x4xf32>
    attributes {sepconv.pattern = ["elementwise"], sepconv.schedule = @s} {
  return %x : tensor<3x4xf32>
}

// -----

schedule.schedule @s for ["elementwise"] {
  schedule.stage "elementwise" {
    // expected-error @+1 {{no stage 'pointwise_sum', expected one of 'elementwise'}}
    schedule.read_ahead "b" by "1" in "pointwise_sum" loop "kc"
  }
}
// expected-note @+1 {{for the kernel @ahead}}
func.func private @ahead(%x: tensor<3x4xf32>) -> tensor<3x4xf32>
    attributes {sepconv.pattern = ["elementwise"], sepconv.schedule = @s} {
  return %x : tensor<3x4xf32>
}

// -----

schedule.schedule @s for ["elementwise"] {
  schedule.stage "elementwise" {
    // expected-error @+1 {{no stage 'pointwise_sum', expected one of 'elementwise'}}
    schedule.prefetch_next "c" in "pointwise_sum" loop "kc"
  }
}
// expected-note @+1 {{for the kernel @next}}
func.func private @next(%x: tensor<3x4xf32>) -> tensor<3x4xf32>
    attributes {sepconv.pattern = ["elementwise"], sepconv.schedule = @s} {
  return %x : tensor<3x4xf32>
}

// -----

schedule.schedule @s for ["dense"] {
  schedule.stage "dense" {
    // expected-error @+1 {{'dense_sum' is not a sum with a packed weight}}
    schedule.prefetch_next "c" in "dense_sum" loop "kc"
  }
}
func.func private @loose(%x: tensor<3x4xf32>, %w: tensor<4x8xf32>, %init: tensor<3x8xf32>) -> tensor<3x8xf32>
    attributes {sepconv.pattern = ["dense"], sepconv.schedule = @s} {
  %0 = linalg.matmul ins(%x, %w : tensor<3x4xf32>, tensor<4x8xf32>) outs(%init : tensor<3x8xf32>) -> tensor<3x8xf32>
  return %0 : tensor<3x8xf32>
}

// -----

// expected-error @+1 {{uses definitions, which are resolved only in files of schedules (--schedules=DIR)}}
schedule.schedule @s for ["elementwise"] {
  schedule.use @tile("c")
}
func.func private @used(%x: tensor<3x4xf32>) -> tensor<3x4xf32>
    attributes {sepconv.pattern = ["elementwise"], sepconv.schedule = @s} {
  return %x : tensor<3x4xf32>
}
