// RUN: sepconv-opt %s --sepconv-lower-kernels --split-input-file --verify-diagnostics

// S17: what directives make is bounded before Halide sees them. (S14, of searches: searches-invalid.mlir.)

schedule.schedule @s for ["elementwise"] {
  schedule.stage "elementwise" {
    // expected-error @+1 {{'schedule.unroll' op S17: makes 50000 unrolled iterations, more than 4096}}
    schedule.unroll "c" by "50000"
  }
}
// expected-note @+1 {{for the kernel @unrolled}}
func.func private @unrolled(%x: tensor<3x4xf32>) -> tensor<3x4xf32>
    attributes {sepconv.pattern = ["elementwise"], sepconv.schedule = @s} {
  return %x : tensor<3x4xf32>
}

// -----

// Whole loops count with the sizes of the layer, and all unrolled loops of a stage together.
schedule.schedule @s for ["elementwise"] {
  schedule.stage "elementwise" {
    schedule.unroll "b"
    // expected-error @+1 {{'schedule.unroll' op S17: makes 4100 unrolled iterations, more than 4096}}
    schedule.unroll "c"
  }
}
// expected-note @+1 {{for the kernel @whole}}
func.func private @whole(%x: tensor<41x100xf32>) -> tensor<41x100xf32>
    attributes {sepconv.pattern = ["elementwise"], sepconv.schedule = @s} {
  return %x : tensor<41x100xf32>
}

// -----

schedule.schedule @s for ["elementwise"] {
  schedule.stage "elementwise" {
    schedule.fuse ["c", "b"] into "f"
    schedule.split "f" into ["fo", "fi"] by "65535" tail guard_with_if
    // expected-error @+1 {{'schedule.vectorize' op S17: makes 65535 vector lanes, more than 1024}}
    schedule.vectorize "fi"
  }
}
// expected-note @+1 {{for the kernel @lanes}}
func.func private @lanes(%x: tensor<3x4xf32>) -> tensor<3x4xf32>
    attributes {sepconv.pattern = ["elementwise"], sepconv.schedule = @s} {
  return %x : tensor<3x4xf32>
}

// -----

schedule.schedule @s for ["dense"] {
  schedule.stage "dense" {}
  schedule.stage "dense_sum" {
    // expected-error @+1 {{'schedule.pack' op S17: makes 2147483647 channels in a tile, more than 4096}}
    schedule.pack "c" by "2147483647"
  }
}
// expected-note @+1 {{for the kernel @tile}}
func.func private @tile(%x: tensor<1x8xf32>, %w: tensor<8x4xf32> {sepconv.weight}, %init: tensor<1x4xf32>) -> tensor<1x4xf32>
    attributes {sepconv.pattern = ["dense"], sepconv.schedule = @s} {
  %0 = linalg.matmul ins(%x, %w : tensor<1x8xf32>, tensor<8x4xf32>) outs(%init : tensor<1x4xf32>) -> tensor<1x4xf32>
  return %0 : tensor<1x4xf32>
}

// -----

// The terms of a sum are unrolled wherever the sum is computed.
schedule.schedule @s for ["dense"] {
  schedule.update "dense_sum" {
    // expected-error @+1 {{'schedule.unroll' op S17: makes 5000 unrolled iterations, more than 4096}}
    schedule.unroll "kc"
  }
  schedule.stage "dense" {}
  schedule.stage "dense_sum" {
    schedule.compute_at "dense" loop "c"
  }
}
// expected-note @+1 {{for the kernel @terms}}
func.func private @terms(%x: tensor<1x5000xf32>, %w: tensor<5000x4xf32>, %init: tensor<1x4xf32>) -> tensor<1x4xf32>
    attributes {sepconv.pattern = ["dense"], sepconv.schedule = @s} {
  %0 = linalg.matmul ins(%x, %w : tensor<1x5000xf32>, tensor<5000x4xf32>) outs(%init : tensor<1x4xf32>) -> tensor<1x4xf32>
  return %0 : tensor<1x4xf32>
}

// -----

// What is computed in unrolled loops is unrolled as often.
schedule.schedule @s for ["dense"] {
  schedule.update "dense_sum" {
    schedule.unroll "kc"
  }
  schedule.stage "dense" {
    schedule.split "c" into ["co", "ci"] by "128"
    schedule.unroll "ci"
  }
  schedule.stage "dense_sum" {
    // expected-error @+1 {{'schedule.compute_at' op S17: makes 128000 unrolled iterations in those of 'dense', more than 65536}}
    schedule.compute_at "dense" loop "co"
  }
}
// expected-note @+1 {{for the kernel @nested}}
func.func private @nested(%x: tensor<1x1000xf32>, %w: tensor<1000x256xf32>, %init: tensor<1x256xf32>) -> tensor<1x256xf32>
    attributes {sepconv.pattern = ["dense"], sepconv.schedule = @s} {
  %0 = linalg.matmul ins(%x, %w : tensor<1x1000xf32>, tensor<1000x256xf32>) outs(%init : tensor<1x256xf32>) -> tensor<1x256xf32>
  return %0 : tensor<1x256xf32>
}
