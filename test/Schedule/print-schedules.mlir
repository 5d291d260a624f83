// RUN: sepconv-opt %s --sepconv-choose-schedules=target=x86-64-v3 --sepconv-print-schedules | FileCheck %s

// Numbers stand in place of expressions; what does not apply (the parallel loop here) is left out.
// CHECK:      @k: schedule.schedule @elementwise_rows for ["elementwise"] {
// CHECK-NEXT:   schedule.stage "elementwise" {
// CHECK-NEXT:     schedule.split "c" into ["co", "ci"] by "8" tail shift_inwards
// CHECK-NEXT:     schedule.vectorize "ci"
// CHECK-NEXT:   }
// CHECK-NEXT: }
func.func private @k(%x: tensor<1x8xf32>) -> tensor<1x8xf32>
    attributes {sepconv.pattern = ["elementwise"]} {
  return %x : tensor<1x8xf32>
}

// CHECK-NEXT: @image: schedule.schedule @elementwise for ["elementwise"] {
// CHECK-NEXT:   schedule.stage "elementwise" {
// CHECK-NEXT:     schedule.split "c" into ["co", "ci"] by "8" tail shift_inwards
// CHECK-NEXT:     schedule.fuse ["y", "b"] into "rows"
// CHECK-NEXT:     schedule.vectorize "ci"
// CHECK-NEXT:   }
// CHECK-NEXT: }
func.func private @image(%x: tensor<1x2x2x8xf32>) -> tensor<1x2x2x8xf32> attributes {sepconv.pattern = ["elementwise"]} {
  return %x : tensor<1x2x2x8xf32>
}

// Updates come before stages.
// CHECK:      @dense: schedule.schedule @dense
// CHECK-NEXT:   schedule.update "dense_sum" {
// CHECK:        schedule.stage "dense" {
// CHECK:        schedule.stage "dense_sum" {
func.func private @dense(%x: tensor<4x8xf32>, %w: tensor<8x4xf32>, %init: tensor<4x4xf32>) -> tensor<4x4xf32>
    attributes {sepconv.pattern = ["dense"]} {
  %0 = linalg.matmul ins(%x, %w : tensor<4x8xf32>, tensor<8x4xf32>) outs(%init : tensor<4x4xf32>) -> tensor<4x4xf32>
  return %0 : tensor<4x4xf32>
}

// CHECK: @none: default
func.func private @none(%x: tensor<16xf32>, %y: tensor<16xf32>) -> (tensor<16xf32>, tensor<16xf32>)
    attributes {sepconv.pattern = ["elementwise", "elementwise"]} {
  return %x, %y : tensor<16xf32>, tensor<16xf32>
}
