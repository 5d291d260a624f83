// RUN: sepconv-opt %s --sepconv-print-kernel-stages | FileCheck %s

#bc = affine_map<(b, y, x, c) -> (c)>
#id = affine_map<(b, y, x, c) -> (b, y, x, c)>
#dw_in = affine_map<(b, y, x, c, ky, kx) -> (b, y * 2 + ky, x * 2 + kx * 3, c)>
#dw_filter = affine_map<(b, y, x, c, ky, kx) -> (ky, kx, c)>
#dw_out = affine_map<(b, y, x, c, ky, kx) -> (b, y, x, c)>
#pw_in = affine_map<(b, y, x, c, kc) -> (b, y, x, kc)>
#pw_filter = affine_map<(b, y, x, c, kc) -> (kc, c)>
#pw_out = affine_map<(b, y, x, c, kc) -> (b, y, x, c)>

// A window without channels is depthwise, channels alone are pointwise; bias and activation are
// folded into the point; a weight is seen through its reshape.
// CHECK-LABEL: @separable: ["depthwise", "pointwise"]
// CHECK-NEXT:    pad: b=1 y=10 x=14 c=8
// CHECK-NEXT:    depthwise_sum: b=1 y=4 x=4 c=8, ky=3 kx=3, strides 1 2 2 1, dilations 1 1 3 1, weight %arg1 (constant) dimension 2
// CHECK-NEXT:    depthwise: b=1 y=4 x=4 c=8
// CHECK-NEXT:    pointwise_sum: b=1 y=4 x=4 c=16, kc=8, strides 1 1 1 1, dilations 1 1 1 1, weight %arg2 dimension 1
// CHECK-NEXT:    pointwise: b=1 y=4 x=4 c=16
func.func private @separable(%x: tensor<1x8x8x8xf32>, %f: tensor<3x3x8x1xf32> {sepconv.weight},
    %p: tensor<8x16xf32>, %b: tensor<16xf32> {sepconv.weight}) -> tensor<1x4x4x16xf32> {
  %zero = arith.constant 0.0 : f32
  %padded = tensor.pad %x low[0, 1, 3, 0] high[0, 1, 3, 0] {
  ^bb0(%i0: index, %i1: index, %i2: index, %i3: index):
    tensor.yield %zero : f32
  } : tensor<1x8x8x8xf32> to tensor<1x10x14x8xf32>
  %filter = tensor.collapse_shape %f [[0], [1], [2, 3]] : tensor<3x3x8x1xf32> into tensor<3x3x8xf32>
  %e0 = tensor.empty() : tensor<1x4x4x8xf32>
  %i0 = linalg.fill ins(%zero : f32) outs(%e0 : tensor<1x4x4x8xf32>) -> tensor<1x4x4x8xf32>
  %dw = linalg.generic {indexing_maps = [#dw_in, #dw_filter, #dw_out],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]}
      ins(%padded, %filter : tensor<1x10x14x8xf32>, tensor<3x3x8xf32>)
      outs(%i0 : tensor<1x4x4x8xf32>) {
  ^bb0(%in: f32, %w: f32, %acc: f32):
    %m = arith.mulf %in, %w : f32
    %a = arith.addf %acc, %m : f32
    linalg.yield %a : f32
  } -> tensor<1x4x4x8xf32>
  %e1 = tensor.empty() : tensor<1x4x4x16xf32>
  %i1 = linalg.fill ins(%zero : f32) outs(%e1 : tensor<1x4x4x16xf32>) -> tensor<1x4x4x16xf32>
  %pw = linalg.generic {indexing_maps = [#pw_in, #pw_filter, #pw_out],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
      ins(%dw, %p : tensor<1x4x4x8xf32>, tensor<8x16xf32>) outs(%i1 : tensor<1x4x4x16xf32>) {
  ^bb0(%in: f32, %w: f32, %acc: f32):
    %m = arith.mulf %in, %w : f32
    %a = arith.addf %acc, %m : f32
    linalg.yield %a : f32
  } -> tensor<1x4x4x16xf32>
  %r = linalg.generic {indexing_maps = [#id, #bc, #id],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%pw, %b : tensor<1x4x4x16xf32>, tensor<16xf32>) outs(%e1 : tensor<1x4x4x16xf32>) {
  ^bb0(%in: f32, %bias: f32, %out: f32):
    %s = arith.addf %in, %bias : f32
    %m = arith.maximumf %s, %zero : f32
    linalg.yield %m : f32
  } -> tensor<1x4x4x16xf32>
  return %r : tensor<1x4x4x16xf32>
}

// Two reductions in one stage: the last gives the name, the other is numbered. The group of a
// grouped convolution is no window.
#gr_in = affine_map<(b, y, x, c, ky, kx, kc) -> (b, y + ky, x + kx, (c floordiv 8) * 4 + kc)>
#gr_filter = affine_map<(b, y, x, c, ky, kx, kc) -> (ky, kx, kc, c)>
#gr_out = affine_map<(b, y, x, c, ky, kx, kc) -> (b, y, x, c)>
#st_in = affine_map<(b, y, x, c, kc) -> (b, y * 2, x * 2, kc)>
// CHECK-LABEL: @residual: ["pointwise"]
// CHECK-NEXT:    conv_1_sum: b=1 y=2 x=2 c=16, ky=3 kx=3 kc=4, strides 1 1 1 1, dilations 1 1 1 1, weight %arg1 dimension 3
// CHECK-NEXT:    pointwise_sum: b=1 y=2 x=2 c=16, kc=8, strides 1 2 2 1, dilations 1 1 1 1, weight %arg2 dimension 1
// CHECK-NEXT:    pointwise: b=1 y=2 x=2 c=16
func.func private @residual(%x: tensor<1x4x4x8xf32>, %f: tensor<3x3x4x16xf32>, %p: tensor<8x16xf32>,
                            %init: tensor<1x2x2x16xf32>) -> tensor<1x2x2x16xf32> {
  %conv = linalg.generic {indexing_maps = [#gr_in, #gr_filter, #gr_out],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction",
                        "reduction"]}
      ins(%x, %f : tensor<1x4x4x8xf32>, tensor<3x3x4x16xf32>) outs(%init : tensor<1x2x2x16xf32>) {
  ^bb0(%in: f32, %w: f32, %acc: f32):
    %m = arith.mulf %in, %w : f32
    %a = arith.addf %acc, %m : f32
    linalg.yield %a : f32
  } -> tensor<1x2x2x16xf32>
  %pw = linalg.generic {indexing_maps = [#st_in, #pw_filter, #pw_out],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %p : tensor<1x4x4x8xf32>, tensor<8x16xf32>) outs(%init : tensor<1x2x2x16xf32>) {
  ^bb0(%in: f32, %w: f32, %acc: f32):
    %m = arith.mulf %in, %w : f32
    %a = arith.addf %acc, %m : f32
    linalg.yield %a : f32
  } -> tensor<1x2x2x16xf32>
  %r = linalg.generic {indexing_maps = [#id, #id, #id],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%conv, %pw : tensor<1x2x2x16xf32>, tensor<1x2x2x16xf32>)
      outs(%init : tensor<1x2x2x16xf32>) {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<1x2x2x16xf32>
  return %r : tensor<1x2x2x16xf32>
}

// A pool's window is a shape that the body does not read. What a reduction reads is a point of its
// own, the reshape of an argument is not; equal names are numbered.
#pool_in = affine_map<(b, y, x, c, ky, kx) -> (b, y * 2 + ky, x * 2 + kx, c)>
#pool_window = affine_map<(b, y, x, c, ky, kx) -> (ky, kx)>
#dense_in = affine_map<(b, c, kc) -> (b, kc)>
#dense_filter = affine_map<(b, c, kc) -> (kc, c)>
#dense_out = affine_map<(b, c, kc) -> (b, c)>
// CHECK-LABEL: @head: ["pool", "dense", "dense", "elementwise"]
// CHECK-NEXT:    pool_sum: b=1 y=2 x=2 c=4, ky=2 kx=2, strides 1 2 2 1, dilations 1 1 1 1
// CHECK-NEXT:    pool: b=1 c=16
// CHECK-NEXT:    dense_sum: b=1 c=16, kc=16, strides 1 1, dilations 1 1, weight %arg1 dimension 1
// CHECK-NEXT:    dense: b=1 c=16
// CHECK-NEXT:    dense_1_sum: b=1 c=16, kc=16, strides 1 1, dilations 1 1, weight %arg1 dimension 1
// CHECK-NEXT:    dense_1: b=1 c=16
// CHECK-NEXT:    elementwise: b=1 c=16
func.func private @head(%x: tensor<1x64xf32>, %f: tensor<16x16xf32>)
    -> (tensor<1x16xf32>, tensor<1x16xf32>) {
  %low = arith.constant 0xFF800000 : f32
  %image = tensor.expand_shape %x [[0], [1, 2, 3]] output_shape [1, 4, 4, 4]
    : tensor<1x64xf32> into tensor<1x4x4x4xf32>
  %window = tensor.empty() : tensor<2x2xf32>
  %e0 = tensor.empty() : tensor<1x2x2x4xf32>
  %i0 = linalg.fill ins(%low : f32) outs(%e0 : tensor<1x2x2x4xf32>) -> tensor<1x2x2x4xf32>
  %pool = linalg.generic {indexing_maps = [#pool_in, #pool_window, #dw_out],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]}
      ins(%image, %window : tensor<1x4x4x4xf32>, tensor<2x2xf32>) outs(%i0 : tensor<1x2x2x4xf32>) {
  ^bb0(%in: f32, %w: f32, %acc: f32):
    %m = arith.maximumf %in, %acc : f32
    linalg.yield %m : f32
  } -> tensor<1x2x2x4xf32>
  %flat = tensor.collapse_shape %pool [[0], [1, 2, 3]] : tensor<1x2x2x4xf32> into tensor<1x16xf32>
  %init = arith.constant dense<0.0> : tensor<1x16xf32>
  %d0 = linalg.generic {indexing_maps = [#dense_in, #dense_filter, #dense_out],
      iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%flat, %f : tensor<1x16xf32>, tensor<16x16xf32>) outs(%init : tensor<1x16xf32>) {
  ^bb0(%in: f32, %w: f32, %acc: f32):
    %m = arith.mulf %in, %w : f32
    %a = arith.addf %acc, %m : f32
    linalg.yield %a : f32
  } -> tensor<1x16xf32>
  %d1 = linalg.generic {indexing_maps = [#dense_in, #dense_filter, #dense_out],
      iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%d0, %f : tensor<1x16xf32>, tensor<16x16xf32>) outs(%init : tensor<1x16xf32>) {
  ^bb0(%in: f32, %w: f32, %acc: f32):
    %m = arith.mulf %in, %w : f32
    %a = arith.addf %acc, %m : f32
    linalg.yield %a : f32
  } -> tensor<1x16xf32>
  %n = linalg.generic {indexing_maps = [affine_map<(b, c) -> (b, c)>, affine_map<(b, c) -> (b, c)>],
      iterator_types = ["parallel", "parallel"]}
      ins(%d0 : tensor<1x16xf32>) outs(%init : tensor<1x16xf32>) {
  ^bb0(%in: f32, %out: f32):
    %m = arith.negf %in : f32
    linalg.yield %m : f32
  } -> tensor<1x16xf32>
  return %d1, %n : tensor<1x16xf32>, tensor<1x16xf32>
}

// A mean over a whole image without the dimensions it is over, and one over another dimension.
#mean_in = affine_map<(b, c, r0, r1) -> (b, r0, r1, c)>
#mean_out = affine_map<(b, c, r0, r1) -> (b, c)>
// CHECK-LABEL: @means: ["reduce", "reduce"]
// CHECK-NEXT:    reduce_sum: b=1 c=8, ky=4 kx=4, strides 1 1, dilations 1 1
// CHECK-NEXT:    reduce: b=1 c=8
// CHECK-NEXT:    reduce_1_sum: c=1, kc=8, strides 1, dilations 1
// CHECK-NEXT:    reduce_1: c=1
func.func private @means(%x: tensor<1x4x4x8xf32>, %init: tensor<1x8xf32>, %init1: tensor<1xf32>)
    -> tensor<1xf32> {
  %r = linalg.generic {indexing_maps = [#mean_in, #mean_out],
      iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
      ins(%x : tensor<1x4x4x8xf32>) outs(%init : tensor<1x8xf32>) {
  ^bb0(%in: f32, %acc: f32):
    %a = arith.addf %in, %acc : f32
    linalg.yield %a : f32
  } -> tensor<1x8xf32>
  %s = linalg.generic {indexing_maps = [affine_map<(c, r) -> (c, r)>, affine_map<(c, r) -> (c)>],
      iterator_types = ["parallel", "reduction"]}
      ins(%r : tensor<1x8xf32>) outs(%init1 : tensor<1xf32>) {
  ^bb0(%in: f32, %acc: f32):
    %m = arith.maximumf %in, %acc : f32
    linalg.yield %m : f32
  } -> tensor<1xf32>
  return %s : tensor<1xf32>
}

// A product of matrices is `dense` if the last dimension of the first one is summed over, and no other.
// CHECK-LABEL: @transposed: ["reduce"]
// CHECK-NEXT:    reduce_sum: b=8 c=8, r0=5, strides 1 1, dilations 1 1
func.func private @transposed(%x: tensor<5x8xf32>, %init: tensor<8x8xf32>) -> tensor<8x8xf32> {
  %0 = linalg.generic {indexing_maps = [affine_map<(i, j, k) -> (k, i)>, affine_map<(i, j, k) -> (k, j)>,
                                        affine_map<(i, j, k) -> (i, j)>],
      iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %x : tensor<5x8xf32>, tensor<5x8xf32>) outs(%init : tensor<8x8xf32>) {
  ^bb0(%a: f32, %b: f32, %acc: f32):
    %m = arith.mulf %a, %b : f32
    %s = arith.addf %acc, %m : f32
    linalg.yield %s : f32
  } -> tensor<8x8xf32>
  return %0 : tensor<8x8xf32>
}

// The example in the pass's description.
// CHECK: @example: ["dense"]
// CHECK-NEXT: dense_sum: b=1 c=6, kc=8, strides 1 1, dilations 1 1, weight %arg1 (constant) dimension 1
// CHECK-NEXT: dense: b=1 c=6
func.func private @example(%x: tensor<1x8xf32>, %f: tensor<8x6xf32> {sepconv.weight})
    -> tensor<1x6xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<1x6xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x6xf32>) -> tensor<1x6xf32>
  %0 = linalg.matmul ins(%x, %f : tensor<1x8xf32>, tensor<8x6xf32>)
                     outs(%init : tensor<1x6xf32>) -> tensor<1x6xf32>
  return %0 : tensor<1x6xf32>
}
