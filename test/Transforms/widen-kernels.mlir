// Operations of one kernel pass on float32; what a kernel stores is rounded once.
// RUN: sepconv-opt %s --split-input-file --sepconv-widen-kernels | FileCheck %s

// The example in the pass's description.
// CHECK: #map = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-NEXT: module {
// CHECK-NEXT: func.func @example(%arg0: tensor<2x8xbf16>) -> tensor<2x8xbf16> {
// CHECK-NEXT: %0 = sepconv.kernel(%arg0) : (tensor<2x8xbf16>) -> tensor<2x8xbf16> {
// CHECK-NEXT: ^bb0(%arg1: tensor<2x8xbf16>):
// CHECK-NEXT: %1 = tensor.empty() : tensor<2x8xbf16>
// CHECK-NEXT: %2 = tensor.empty() : tensor<2x8xf32>
// CHECK-NEXT: %3 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]} ins(%arg1 : tensor<2x8xbf16>) outs(%2 : tensor<2x8xf32>) {
// CHECK-NEXT: ^bb0(%in: bf16, %out: f32):
// CHECK-NEXT: %5 = arith.extf %in : bf16 to f32
// CHECK-NEXT: %6 = math.exp %5 : f32
// CHECK-NEXT: linalg.yield %6 : f32
// CHECK-NEXT: } -> tensor<2x8xf32>
// CHECK-NEXT: %4 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]} ins(%3 : tensor<2x8xf32>) outs(%1 : tensor<2x8xbf16>) {
// CHECK-NEXT: ^bb0(%in: f32, %out: bf16):
// CHECK-NEXT: %5 = arith.addf %in, %in : f32
// CHECK-NEXT: %6 = arith.truncf %5 : f32 to bf16
// CHECK-NEXT: linalg.yield %6 : bf16
// CHECK-NEXT: } -> tensor<2x8xbf16>
// CHECK-NEXT: sepconv.yield %4 : tensor<2x8xbf16>
// CHECK-NEXT: }
// CHECK-NEXT: return %0 : tensor<2x8xbf16>
// CHECK-NEXT: }
// CHECK-NEXT: }
#map = affine_map<(b, c) -> (b, c)>
func.func @example(%x: tensor<2x8xbf16>) -> tensor<2x8xbf16> {
  %0 = sepconv.kernel(%x) : (tensor<2x8xbf16>) -> tensor<2x8xbf16> {
  ^bb0(%a: tensor<2x8xbf16>):
    %empty = tensor.empty() : tensor<2x8xbf16>
    %1 = linalg.generic {indexing_maps = [#map, #map],
        iterator_types = ["parallel", "parallel"]}
        ins(%a : tensor<2x8xbf16>) outs(%empty : tensor<2x8xbf16>) {
    ^bb1(%in: bf16, %out: bf16):
      %3 = arith.extf %in : bf16 to f32
      %4 = math.exp %3 : f32
      %5 = arith.truncf %4 : f32 to bf16
      linalg.yield %5 : bf16
    } -> tensor<2x8xbf16>
    %2 = linalg.generic {indexing_maps = [#map, #map],
        iterator_types = ["parallel", "parallel"]}
        ins(%1 : tensor<2x8xbf16>) outs(%empty : tensor<2x8xbf16>) {
    ^bb1(%in: bf16, %out: bf16):
      %3 = arith.extf %in : bf16 to f32
      %4 = arith.addf %3, %3 : f32
      %5 = arith.truncf %4 : f32 to bf16
      linalg.yield %5 : bf16
    } -> tensor<2x8xbf16>
    sepconv.yield %2 : tensor<2x8xbf16>
  }
  return %0 : tensor<2x8xbf16>
}
