// RUN: sepconv-opt %s --sepconv-lower-kernels --split-input-file --verify-diagnostics

// A GPU's loops are for targets that are one.

schedule.schedule @s for ["elementwise"] {
  schedule.stage "elementwise" {
    // expected-error @+1 {{'schedule.gpu_blocks' op is not for a CPU}}
    schedule.gpu_blocks ["b"]
  }
}
func.func private @cpu(%x: tensor<3x4xf32>) -> tensor<3x4xf32>
    attributes {sepconv.pattern = ["elementwise"], sepconv.schedule = @s} {
  return %x : tensor<3x4xf32>
}

// -----

module attributes {sepconv.facts = {gpu = 1 : i64}} {
  // expected-note @+1 {{with this schedule}}
  schedule.schedule @s for ["elementwise"] {
    schedule.stage "elementwise" {
      schedule.gpu_blocks ["c"]
    }
  }
  // expected-error-re @+1 {{loop {{.*}}b would run on the host; put it into gpu_blocks or inside of them}}
  func.func private @host(%x: tensor<3x4xf32>) -> tensor<3x4xf32>
      attributes {sepconv.pattern = ["elementwise"], sepconv.schedule = @s} {
    return %x : tensor<3x4xf32>
  }
}

// -----

module attributes {sepconv.facts = {gpu = 1 : i64, threads_per_block = 1024 : i64}} {
  // expected-note @+1 {{with this schedule}}
  schedule.schedule @s for ["elementwise"] {
    schedule.stage "elementwise" {
      schedule.gpu_blocks ["b"]
      schedule.gpu_threads ["c"]
    }
  }
  // expected-error @+1 {{the schedule needs 2048 threads in each block, more than the 1024 that the target has; use smaller tiles}}
  func.func private @threads(%x: tensor<3x2048xf32>) -> tensor<3x2048xf32>
      attributes {sepconv.pattern = ["elementwise"], sepconv.schedule = @s} {
    return %x : tensor<3x2048xf32>
  }
}
