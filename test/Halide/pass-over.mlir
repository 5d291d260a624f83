// RUN: sepconv-opt %s --sepconv-lower-kernels --split-input-file 2>&1 | FileCheck %s --implicit-check-not=remark
// RUN: sepconv-opt %s --sepconv-lower-kernels=remarks --split-input-file 2>&1 >%t | FileCheck %s --check-prefix=REMARK

// A choice that is not legal is passed over, with a remark, and the next one taken. Nothing of it stays.

// REMARK: remark: schedule @wide is passed over for @narrow: the schedule accesses a buffer out of bounds: Input buffer argument0, dimension 0 counted from the innermost, is accessed at -4 to 3, its bounds are 0 to 3; use a smaller tile or another tail strategy
// CHECK: func.func private @next({{.*}}) attributes {sepconv.parameters = {lanes = 2 : i64}, sepconv.pattern = ["elementwise"], sepconv.schedule = @narrow}
// CHECK-NOT: vector<8xf32>
// CHECK: vector<2xf32>
schedule.schedule @wide for ["elementwise"] {
  schedule.stage "elementwise" {
    schedule.split "c" into ["co", "ci"] by "lanes" tail shift_inwards
    schedule.vectorize "ci"
  }
}
schedule.schedule @narrow for ["elementwise"] {
  schedule.stage "elementwise" {
    schedule.vectorize "c" by "lanes"
  }
}
func.func private @next(%x: tensor<3x4xf32>) -> tensor<3x4xf32>
    attributes {sepconv.pattern = ["elementwise"], sepconv.schedule = @wide, sepconv.parameters = {lanes = 8 : i64},
                sepconv.alternatives = [{schedule = @narrow, parameters = {lanes = 2 : i64}}, {}]} {
  return %x : tensor<3x4xf32>
}

// -----

// What is wrong with a directive is said with its place. The default schedule is an empty alternative.

// REMARK: remark: schedule @nowhere is passed over for the default one: {{.*}}pass-over.mlir:[[#@LINE+5]]: 'schedule.vectorize' op no loop 'z' in stage 'elementwise', expected one of 'b', 'c'
// CHECK: func.func private @last({{.*}}) attributes {sepconv.pattern = ["elementwise"]}
// CHECK: scf.for
schedule.schedule @nowhere for ["elementwise"] {
  schedule.stage "elementwise" {
    schedule.vectorize "z"
  }
}
func.func private @last(%x: tensor<3x4xf32>) -> tensor<3x4xf32>
    attributes {sepconv.pattern = ["elementwise"], sepconv.schedule = @nowhere, sepconv.alternatives = [{}]} {
  return %x : tensor<3x4xf32>
}

// -----

// The functions of a launch that a GPU has not the threads for are gone.

// REMARK: remark: schedule @large is passed over for the default one: the schedule needs 2048 threads in each block, more than the 1024
// CHECK: gpu.module @kernels
// CHECK: gpu.func @gpu_0({{.*}}known_block_size = array<i32: 256, 1, 1>
// CHECK-NOT: gpu.func
module attributes {sepconv.facts = {gpu = 1 : i64, threads_per_block = 1024 : i64, default_threads = 256 : i64}} {
  schedule.schedule @large for ["elementwise"] {
    schedule.stage "elementwise" {
      schedule.gpu_blocks ["b"]
      schedule.gpu_threads ["c"]
    }
  }
  func.func private @gpu(%x: tensor<3x2048xf32>) -> tensor<3x2048xf32>
      attributes {sepconv.pattern = ["elementwise"], sepconv.schedule = @large, sepconv.alternatives = [{}]} {
    return %x : tensor<3x2048xf32>
  }
}

// -----

// What a kernel cannot be formed by, a wrapper whose groups do not divide the channels, is passed over too.

// REMARK: remark: schedule @groups is passed over for the default one: the factor of wrap must divide the last dimension of the operand
// CHECK: func.func private @formed({{.*}}) attributes {sepconv.pattern = ["dense"]}
schedule.schedule @groups for ["dense"] {
  schedule.stage "dense_sum" {
    schedule.wrap "input" as "tile" by "4"
  }
  schedule.stage "dense" {}
  schedule.stage "tile" {
    schedule.compute_root
  }
}
func.func private @formed(%x: tensor<1x6xf32>, %w: tensor<6x4xf32>, %init: tensor<1x4xf32>) -> tensor<1x4xf32>
    attributes {sepconv.pattern = ["dense"], sepconv.schedule = @groups, sepconv.alternatives = [{}]} {
  %0 = linalg.matmul ins(%x, %w : tensor<1x6xf32>, tensor<6x4xf32>) outs(%init : tensor<1x4xf32>) -> tensor<1x4xf32>
  return %0 : tensor<1x4xf32>
}
