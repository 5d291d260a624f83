// RUN: sepconv-opt %s --sepconv-form-kernels --sepconv-outline-kernels --sepconv-choose-schedules=remarks 2>&1 | FileCheck %s
//
// What outlining calls a kernel is what its schedule is looked up by.

// An interpolation sums over one dimension of a window, which no schedule of pointwise layers is for. What copies is
// elementwise.
// CHECK: remark: schedule @reduce
// CHECK: remark: schedule @elementwise
// CHECK-LABEL: func @stretch
// CHECK: sepconv.call @reduce_0
// CHECK: sepconv.call @elementwise_0
// CHECK: func private @reduce_0
// CHECK-SAME: sepconv.pattern = ["reduce"], sepconv.schedule = @reduce
// CHECK: func private @elementwise_0
// CHECK-SAME: sepconv.pattern = ["elementwise"], sepconv.schedule = @elementwise
#rows_in = affine_map<(b, y, x, c, k) -> (b, k, x, c)>
#rows_factors = affine_map<(b, y, x, c, k) -> (y, k)>
#rows_out = affine_map<(b, y, x, c, k) -> (b, y, x, c)>
func.func @stretch(%x: tensor<1x2x4x3xf32>, %f: tensor<4x2xf32>) -> tensor<1x6x4x3xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<1x4x4x3xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x4x4x3xf32>) -> tensor<1x4x4x3xf32>
  %0 = linalg.generic {indexing_maps = [#rows_in, #rows_factors, #rows_out],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %f : tensor<1x2x4x3xf32>, tensor<4x2xf32>) outs(%fill : tensor<1x4x4x3xf32>) {
  ^bb0(%in: f32, %factor: f32, %sum: f32):
    %product = arith.mulf %in, %factor : f32
    %next = arith.addf %sum, %product : f32
    linalg.yield %next : f32
  } -> tensor<1x4x4x3xf32>
  %padded = tensor.pad %0 low[0, 1, 0, 0] high[0, 1, 0, 0] {
  ^bb0(%i0: index, %i1: index, %i2: index, %i3: index):
    tensor.yield %zero : f32
  } : tensor<1x4x4x3xf32> to tensor<1x6x4x3xf32>
  return %padded : tensor<1x6x4x3xf32>
}
