// Tensors between layers are of another type of floats; inputs and results are the model's.
// RUN: sepconv-opt %s --split-input-file --sepconv-convert-floats=compute=bf16 | FileCheck %s
// RUN: sepconv-opt %s --split-input-file '--sepconv-convert-floats=compute=f32 io=f32' | FileCheck %s --check-prefix=WIDE

// The example in the pass's description.
// CHECK: #map = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
// CHECK-NEXT: module {
// CHECK-NEXT: func.func @example(%arg0: tensor<1x4x4x8xf32>) -> tensor<1x4x4x8xf32> {
// CHECK-NEXT: %cst = arith.constant dense<1.000980e-01> : tensor<3x3x8x1xbf16>
// CHECK-NEXT: %0 = tensor.empty() : tensor<1x4x4x8xbf16>
// CHECK-NEXT: %1 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%arg0 : tensor<1x4x4x8xf32>) outs(%0 : tensor<1x4x4x8xbf16>) {
// CHECK-NEXT: ^bb0(%in: f32, %out: bf16):
// CHECK-NEXT: %5 = arith.truncf %in : f32 to bf16
// CHECK-NEXT: linalg.yield %5 : bf16
// CHECK-NEXT: } -> tensor<1x4x4x8xbf16>
// CHECK-NEXT: %2 = sepconv.depthwise_conv2d(%1, %cst) {padding = array<i64: 1, 1, 1, 1>} : (tensor<1x4x4x8xbf16>, tensor<3x3x8x1xbf16>) -> tensor<1x4x4x8xbf16>
// CHECK-NEXT: %3 = tensor.empty() : tensor<1x4x4x8xf32>
// CHECK-NEXT: %4 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%2 : tensor<1x4x4x8xbf16>) outs(%3 : tensor<1x4x4x8xf32>) {
// CHECK-NEXT: ^bb0(%in: bf16, %out: f32):
// CHECK-NEXT: %5 = arith.extf %in : bf16 to f32
// CHECK-NEXT: linalg.yield %5 : f32
// CHECK-NEXT: } -> tensor<1x4x4x8xf32>
// CHECK-NEXT: return %4 : tensor<1x4x4x8xf32>
// CHECK-NEXT: }
// CHECK-NEXT: }
func.func @example(%x: tensor<1x4x4x8xf32>) -> tensor<1x4x4x8xf32> {
  %filter = arith.constant dense<0.1> : tensor<3x3x8x1xf32>
  %0 = sepconv.depthwise_conv2d(%x, %filter) {padding = array<i64: 1, 1, 1, 1>}
    : (tensor<1x4x4x8xf32>, tensor<3x3x8x1xf32>) -> tensor<1x4x4x8xf32>
  return %0 : tensor<1x4x4x8xf32>
}

// -----

// A softmax computes in float32, and a result of the model is not rounded.
// CHECK-LABEL: func @softmax
// CHECK: sepconv.dense{{.*}} : (tensor<2x8xbf16>, tensor<8x8xbf16>, tensor<8xbf16>) -> tensor<2x8xbf16>
// CHECK: arith.extf
// CHECK: %[[S:.*]] = linalg.softmax dimension(1) ins({{.*}} : tensor<2x8xf32>)
// CHECK-NEXT: return %[[S]]
func.func @softmax(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %filter = arith.constant dense<0.1> : tensor<8x8xf32>
  %bias = arith.constant dense<0.1> : tensor<8xf32>
  %0 = sepconv.dense(%x, %filter, %bias) : (tensor<2x8xf32>, tensor<8x8xf32>, tensor<8xf32>) -> tensor<2x8xf32>
  %empty = tensor.empty() : tensor<2x8xf32>
  %1 = linalg.softmax dimension(1) ins(%0 : tensor<2x8xf32>) outs(%empty : tensor<2x8xf32>) -> tensor<2x8xf32>
  return %1 : tensor<2x8xf32>
}

// -----

// What moves elements moves those of the type.
// CHECK-LABEL: func @transposed
// CHECK: linalg.transpose ins({{.*}} : tensor<2x8xbf16>) outs({{.*}} : tensor<8x2xbf16>)
// CHECK-LABEL: func @moved
// CHECK: tensor.concat dim(3) {{.*}} -> tensor<1x4x4x4xbf16>
// CHECK: tensor.yield %{{.*}} : bf16
// CHECK: sepconv.pool2d{{.*}} -> tensor<1x2x2x4xbf16>
func.func @transposed(%x: tensor<2x8xf32>) -> tensor<8x8xf32> {
  %f = arith.constant dense<0.1> : tensor<8x8xf32>
  %g = arith.constant dense<0.1> : tensor<2x8xf32>
  %empty = tensor.empty() : tensor<8x2xf32>
  %0 = sepconv.dense(%x, %f) : (tensor<2x8xf32>, tensor<8x8xf32>) -> tensor<2x8xf32>
  %1 = linalg.transpose ins(%0 : tensor<2x8xf32>) outs(%empty : tensor<8x2xf32>) permutation = [1, 0]
  %2 = sepconv.dense(%1, %g) : (tensor<8x2xf32>, tensor<2x8xf32>) -> tensor<8x8xf32>
  return %2 : tensor<8x8xf32>
}
func.func @moved(%x: tensor<1x4x4x2xf32>, %y: tensor<1x4x4x2xf32>) -> tensor<1x2x2x4xf32> {
  %zero = arith.constant 0.0 : f32
  %f = arith.constant dense<0.1> : tensor<1x1x2x2xf32>
  %0 = sepconv.conv2d(%x, %f) : (tensor<1x4x4x2xf32>, tensor<1x1x2x2xf32>) -> tensor<1x4x4x2xf32>
  %1 = sepconv.conv2d(%y, %f) : (tensor<1x4x4x2xf32>, tensor<1x1x2x2xf32>) -> tensor<1x4x4x2xf32>
  %2 = tensor.concat dim(3) %0, %1 : (tensor<1x4x4x2xf32>, tensor<1x4x4x2xf32>) -> tensor<1x4x4x4xf32>
  %3 = tensor.pad %2 low[0, 0, 0, 0] high[0, 2, 2, 0] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero : f32
  } : tensor<1x4x4x4xf32> to tensor<1x6x6x4xf32>
  %4 = sepconv.pool2d(%3) {window = array<i64: 3, 3>, strides = array<i64: 3, 3>, kind = #sepconv.pool_kind<max>} : (tensor<1x6x6x4xf32>) -> tensor<1x2x2x4xf32>
  return %4 : tensor<1x2x2x4xf32>
}

// -----

// Another type's rounding is dropped; `io` changes the arguments and results.
// CHECK-LABEL: func @wide
// CHECK-SAME: tensor<2x8xf16>) -> tensor<2x8xf16>
// CHECK: sepconv.dense{{.*}} -> tensor<2x8xbf16>
// WIDE-LABEL: func @wide
// WIDE-SAME: tensor<2x8xf32>) -> tensor<2x8xf32>
// WIDE-NOT: f16
#map = affine_map<(b, c) -> (b, c)>
func.func @wide(%x: tensor<2x8xf16>) -> tensor<2x8xf16> {
  %filter = arith.constant dense<0.1> : tensor<8x8xf16>
  %0 = sepconv.dense(%x, %filter) : (tensor<2x8xf16>, tensor<8x8xf16>) -> tensor<2x8xf16>
  %empty = tensor.empty() : tensor<2x8xf16>
  %1 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]} ins(%0 : tensor<2x8xf16>) outs(%empty : tensor<2x8xf16>) {
  ^bb0(%a: f16, %out: f16):
    %2 = arith.extf %a : f16 to f32
    %3 = math.exp %2 : f32
    %4 = arith.truncf %3 : f32 to f16
    linalg.yield %4 : f16
  } -> tensor<2x8xf16>
  %5 = sepconv.dense(%1, %filter) : (tensor<2x8xf16>, tensor<8x8xf16>) -> tensor<2x8xf16>
  return %5 : tensor<2x8xf16>
}
