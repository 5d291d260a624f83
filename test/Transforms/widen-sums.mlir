// Long sums of float32 accumulate in float64.
// RUN: sepconv-opt %s --split-input-file --sepconv-widen-sums | FileCheck %s

// The example in the pass's description.
// CHECK: #map = affine_map<(d0, d1) -> (d1, d0)>
// CHECK-NEXT: #map1 = affine_map<(d0, d1) -> (d0)>
// CHECK-NEXT: #map2 = affine_map<(d0) -> (d0)>
// CHECK-NEXT: module {
// CHECK-NEXT: func.func @example(%arg0: tensor<300x8xf32>) -> tensor<8xf32> {
// CHECK-NEXT: %cst = arith.constant 0.000000e+00 : f32
// CHECK-NEXT: %0 = tensor.empty() : tensor<8xf32>
// CHECK-NEXT: %1 = linalg.fill ins(%cst : f32) outs(%0 : tensor<8xf32>) -> tensor<8xf32>
// CHECK-NEXT: %2 = arith.extf %cst : f32 to f64
// CHECK-NEXT: %3 = tensor.empty() : tensor<8xf64>
// CHECK-NEXT: %4 = linalg.fill ins(%2 : f64) outs(%3 : tensor<8xf64>) -> tensor<8xf64>
// CHECK-NEXT: %5 = linalg.generic {indexing_maps = [#map, #map1], iterator_types = ["parallel", "reduction"]} ins(%arg0 : tensor<300x8xf32>) outs(%4 : tensor<8xf64>) {
// CHECK-NEXT: ^bb0(%in: f32, %out: f64):
// CHECK-NEXT: %8 = arith.extf %in : f32 to f64
// CHECK-NEXT: %9 = arith.addf %out, %8 : f64
// CHECK-NEXT: linalg.yield %9 : f64
// CHECK-NEXT: } -> tensor<8xf64>
// CHECK-NEXT: %6 = tensor.empty() : tensor<8xf32>
// CHECK-NEXT: %7 = linalg.generic {indexing_maps = [#map2, #map2], iterator_types = ["parallel"]} ins(%5 : tensor<8xf64>) outs(%6 : tensor<8xf32>) {
// CHECK-NEXT: ^bb0(%in: f64, %out: f32):
// CHECK-NEXT: %8 = arith.truncf %in : f64 to f32
// CHECK-NEXT: linalg.yield %8 : f32
// CHECK-NEXT: } -> tensor<8xf32>
// CHECK-NEXT: return %7 : tensor<8xf32>
// CHECK-NEXT: }
// CHECK-NEXT: }
func.func @example(%x: tensor<300x8xf32>) -> tensor<8xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<8xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<8xf32>) -> tensor<8xf32>
  %0 = linalg.generic {
      indexing_maps = [affine_map<(c, r) -> (r, c)>, affine_map<(c, r) -> (c)>],
      iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<300x8xf32>) outs(%init : tensor<8xf32>) {
  ^bb0(%element: f32, %sum: f32):
    %1 = arith.addf %sum, %element : f32
    linalg.yield %1 : f32
  } -> tensor<8xf32>
  return %0 : tensor<8xf32>
}

// -----

// Of 256 terms, and of products, they do not; a dynamic number of terms may be large.
// CHECK-LABEL: func @short
// CHECK-NOT: f64
// CHECK-LABEL: func @dynamic
// CHECK: linalg.generic
// CHECK-SAME: tensor<8xf64>
#rows = affine_map<(c, r) -> (r, c)>
#columns = affine_map<(c, r) -> (c)>
func.func @short(%x: tensor<256x8xf32>, %init: tensor<8xf32>) -> tensor<8xf32> {
  %zero = arith.constant 0.0 : f32
  %start = linalg.fill ins(%zero : f32) outs(%init : tensor<8xf32>) -> tensor<8xf32>
  %0 = linalg.generic {indexing_maps = [#rows, #columns], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<256x8xf32>) outs(%start : tensor<8xf32>) {
  ^bb0(%element: f32, %sum: f32):
    %1 = arith.addf %element, %sum : f32
    linalg.yield %1 : f32
  } -> tensor<8xf32>
  return %0 : tensor<8xf32>
}
func.func @product(%x: tensor<4x300xf32>, %f: tensor<300x8xf32>, %init: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %zero = arith.constant 0.0 : f32
  %start = linalg.fill ins(%zero : f32) outs(%init : tensor<4x8xf32>) -> tensor<4x8xf32>
  %0 = linalg.generic {
      indexing_maps = [affine_map<(b, c, k) -> (b, k)>, affine_map<(b, c, k) -> (k, c)>,
                       affine_map<(b, c, k) -> (b, c)>],
      iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %f : tensor<4x300xf32>, tensor<300x8xf32>) outs(%start : tensor<4x8xf32>) {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %1 = arith.mulf %a, %b : f32
    %2 = arith.addf %sum, %1 : f32
    linalg.yield %2 : f32
  } -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}
func.func @dynamic(%x: tensor<?x8xf32>, %init: tensor<8xf32>) -> tensor<8xf32> {
  %zero = arith.constant 0.0 : f32
  %start = linalg.fill ins(%zero : f32) outs(%init : tensor<8xf32>) -> tensor<8xf32>
  %0 = linalg.generic {indexing_maps = [#rows, #columns], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<?x8xf32>) outs(%start : tensor<8xf32>) {
  ^bb0(%element: f32, %sum: f32):
    %1 = arith.mulf %element, %element : f32
    %2 = arith.addf %sum, %1 : f32
    linalg.yield %2 : f32
  } -> tensor<8xf32>
  return %0 : tensor<8xf32>
}
