// RUN: sepconv-opt %s --sepconv-lower-kernels-reference --sepconv-plan-memory --sepconv-lower-parallel | FileCheck %s

// CHECK: func.func
// CHECK: memref.view
module attributes {sepconv.model = "tiny"} {
  func.func private @dw(%in: tensor<1x4x4x2xf32>, %f: tensor<3x3x2xf32>) -> tensor<1x4x4x2xf32> attributes {sepconv.pattern = ["depthwise"]} {
    %zero = arith.constant 0.0 : f32
    %pad = tensor.pad %in low[0, 1, 1, 0] high[0, 1, 1, 0] {
    ^bb0(%i: index, %j: index, %k: index, %l: index):
      tensor.yield %zero : f32
    } : tensor<1x4x4x2xf32> to tensor<1x6x6x2xf32>
    %empty = tensor.empty() : tensor<1x4x4x2xf32>
    %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32>
    %0 = linalg.generic {indexing_maps = [affine_map<(b, y, x, c, ky, kx) -> (b, y + ky, x + kx, c)>, affine_map<(b, y, x, c, ky, kx) -> (ky, kx, c)>, affine_map<(b, y, x, c, ky, kx) -> (b, y, x, c)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]} ins(%pad, %f : tensor<1x6x6x2xf32>, tensor<3x3x2xf32>) outs(%init : tensor<1x4x4x2xf32>) {
    ^bb0(%a: f32, %b: f32, %acc: f32):
      %m = arith.mulf %a, %b : f32
      %s = arith.addf %acc, %m : f32
      linalg.yield %s : f32
    } -> tensor<1x4x4x2xf32>
    return %0 : tensor<1x4x4x2xf32>
  }
  func.func private @act(%in: tensor<1x4x4x2xf32>, %bias: tensor<2xf32>) -> tensor<1x4x4x2xf32> attributes {sepconv.pattern = ["elementwise"]} {
    %empty = tensor.empty() : tensor<1x4x4x2xf32>
    %0 = linalg.generic {indexing_maps = [affine_map<(b, y, x, c) -> (b, y, x, c)>, affine_map<(b, y, x, c) -> (c)>, affine_map<(b, y, x, c) -> (b, y, x, c)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%in, %bias : tensor<1x4x4x2xf32>, tensor<2xf32>) outs(%empty : tensor<1x4x4x2xf32>) {
    ^bb0(%a: f32, %b: f32, %o: f32):
      %s = arith.addf %a, %b : f32
      %t = math.tanh %s : f32
      linalg.yield %t : f32
    } -> tensor<1x4x4x2xf32>
    return %0 : tensor<1x4x4x2xf32>
  }
  func.func private @softmax(%in: tensor<1x32xf32>) -> tensor<1x32xf32> attributes {sepconv.pattern = ["reduce"]} {
    %empty = tensor.empty() : tensor<1x32xf32>
    %0 = linalg.softmax dimension(1) ins(%in : tensor<1x32xf32>) outs(%empty : tensor<1x32xf32>) -> tensor<1x32xf32>
    return %0 : tensor<1x32xf32>
  }
  func.func @main(%x: tensor<1x4x4x2xf32> {sepconv.name = "image"}) -> (tensor<1x32xf32> {sepconv.name = "probs"}) {
    %f = arith.constant dense<0.1> : tensor<3x3x2xf32>
    %bias = arith.constant dense<[0.5, -0.5]> : tensor<2xf32>
    %0 = sepconv.call @dw(%x, %f) : (tensor<1x4x4x2xf32>, tensor<3x3x2xf32>) -> tensor<1x4x4x2xf32>
    %1 = sepconv.call @act(%0, %bias) : (tensor<1x4x4x2xf32>, tensor<2xf32>) -> tensor<1x4x4x2xf32>
    %2 = sepconv.call @dw(%1, %f) : (tensor<1x4x4x2xf32>, tensor<3x3x2xf32>) -> tensor<1x4x4x2xf32>
    %3 = sepconv.call @act(%2, %bias) : (tensor<1x4x4x2xf32>, tensor<2xf32>) -> tensor<1x4x4x2xf32>
    %4 = tensor.collapse_shape %3 [[0], [1, 2, 3]] : tensor<1x4x4x2xf32> into tensor<1x32xf32>
    %5 = sepconv.call @softmax(%4) : (tensor<1x32xf32>) -> tensor<1x32xf32>
    return %5 : tensor<1x32xf32>
  }
}
