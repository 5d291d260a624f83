// RUN: sepconv-opt %s --sepconv-lower-kernels --split-input-file --verify-diagnostics

// A GPU's loops are for targets that are one.

schedule.schedule @s for ["elementwise"] {
  schedule.stage "elementwise" {
    // expected-error @+1 {{'schedule.gpu_blocks' op is only valid on a GPU}}
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
  // expected-error @+1 {{the schedule needs 2048 threads in each block, more than the 1024 available; use smaller tiles}}
  func.func private @threads(%x: tensor<3x2048xf32>) -> tensor<3x2048xf32>
      attributes {sepconv.pattern = ["elementwise"], sepconv.schedule = @s} {
    return %x : tensor<3x2048xf32>
  }
}

// -----

// A schedule's budget is what there is.

module attributes {sepconv.facts = {gpu = 1 : i64, shared_bytes = 49152 : i64}} {
  // expected-note @+1 {{with this schedule}}
  schedule.schedule @s for ["elementwise"] {
    schedule.budget registers "32" shared_bytes "64"
    schedule.stage "elementwise" {
      schedule.gpu_blocks ["b"]
      schedule.gpu_threads ["c"]
    }
    schedule.stage "pad" {
      schedule.compute_at "elementwise" loop "b"
      schedule.store_in gpu_shared
      schedule.gpu_threads ["c"]
    }
  }
  // expected-error @+1 {{the schedule needs 128 bytes of shared memory in each block, more than the 64 available; use smaller tiles}}
  func.func private @budget(%x: tensor<8x30xf32>) -> tensor<8x32xf32>
      attributes {sepconv.pattern = ["elementwise"], sepconv.schedule = @s} {
    %zero = arith.constant 0.0 : f32
    %pad = tensor.pad %x low[0, 1] high[0, 1] {
    ^bb0(%i: index, %j: index):
      tensor.yield %zero : f32
    } : tensor<8x30xf32> to tensor<8x32xf32>
    %empty = tensor.empty() : tensor<8x32xf32>
    %0 = linalg.generic {indexing_maps = [affine_map<(b, c) -> (b, c)>, affine_map<(b, c) -> (b, c)>],
                         iterator_types = ["parallel", "parallel"]}
        ins(%pad : tensor<8x32xf32>) outs(%empty : tensor<8x32xf32>) {
    ^bb0(%in: f32, %out: f32):
      %1 = arith.mulf %in, %in : f32
      linalg.yield %1 : f32
    } -> tensor<8x32xf32>
    return %0 : tensor<8x32xf32>
  }
}
