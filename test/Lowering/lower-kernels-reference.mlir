// RUN: sepconv-opt %s --sepconv-lower-kernels-reference --split-input-file | FileCheck %s

// A kernel becomes a function on one-dimensional buffers: inputs, output, and scratch for what is in
// between (the padded image of 1x6x6x2 floats here).

// CHECK-LABEL: func.func private @dw(
// CHECK-SAME: %[[IN:.+]]: memref<32xf32>, %[[F:.+]]: memref<18xf32>, %[[OUT:.+]]: memref<32xf32>,
// CHECK-SAME: %[[SCRATCH:.+]]: memref<320xi8>)
// CHECK-SAME: sepconv.scratch_bytes = 320 : i64
// CHECK: %[[PAD:.+]] = memref.view %[[SCRATCH]]{{.*}} to memref<1x6x6x2xf32>
// CHECK-COUNT-5: scf.for
// CHECK: arith.mulf
// CHECK: arith.addf
// CHECK-LABEL: func.func private @act(
// CHECK: math.tanh
// CHECK-NOT: memref.alloc
module
      attributes {sepconv.model = "tiny"} {
  func.func private @dw(%in: tensor<1x4x4x2xf32>, %f: tensor<3x3x2xf32>) -> tensor<1x4x4x2xf32>
      attributes {sepconv.pattern = ["depthwise"]} {
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
  func.func private @act(%in: tensor<1x4x4x2xf32>, %bias: tensor<2xf32>) -> tensor<1x4x4x2xf32>
      attributes {sepconv.pattern = ["elementwise"]} {
    %empty = tensor.empty() : tensor<1x4x4x2xf32>
    %0 = linalg.generic {indexing_maps = [affine_map<(b, y, x, c) -> (b, y, x, c)>, affine_map<(b, y, x, c) -> (c)>, affine_map<(b, y, x, c) -> (b, y, x, c)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%in, %bias : tensor<1x4x4x2xf32>, tensor<2xf32>) outs(%empty : tensor<1x4x4x2xf32>) {
    ^bb0(%a: f32, %b: f32, %o: f32):
      %s = arith.addf %a, %b : f32
      %t = math.tanh %s : f32
      linalg.yield %t : f32
    } -> tensor<1x4x4x2xf32>
    return %0 : tensor<1x4x4x2xf32>
  }
}

// -----

// The example in the pass's description.
// CHECK: func.func private @example(%arg0: memref<4xf32>, %arg1: memref<4xf32>) attributes {sepconv.pattern = ["elementwise"]} {
// CHECK-NEXT: %c0 = arith.constant 0 : index
// CHECK-NEXT: %c4 = arith.constant 4 : index
// CHECK-NEXT: %c1 = arith.constant 1 : index
// CHECK-NEXT: scf.for %arg2 = %c0 to %c4 step %c1 {
// CHECK-NEXT: %0 = memref.load %arg0[%arg2] : memref<4xf32>
// CHECK-NEXT: %1 = math.exp %0 : f32
// CHECK-NEXT: memref.store %1, %arg1[%arg2] : memref<4xf32>
// CHECK-NEXT: }
// CHECK-NEXT: return
// CHECK-NEXT: }
func.func private @example(%x: tensor<4xf32>) -> tensor<4xf32>
    attributes {sepconv.pattern = ["elementwise"]} {
  %empty = tensor.empty() : tensor<4xf32>
  %0 = linalg.generic {indexing_maps = [affine_map<(c) -> (c)>, affine_map<(c) -> (c)>],
                       iterator_types = ["parallel"]}
      ins(%x : tensor<4xf32>) outs(%empty : tensor<4xf32>) {
  ^bb0(%in: f32, %out: f32):
    %1 = math.exp %in : f32
    linalg.yield %1 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
