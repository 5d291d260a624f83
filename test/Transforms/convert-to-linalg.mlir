// RUN: sepconv-opt %s --sepconv-convert-to-linalg --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-DAG: #[[$WINDOW:.+]] = affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1 * 2 + d4, d2 + d5 * 3, d3 floordiv 2)>
// CHECK-DAG: #[[$TAPS:.+]] = affine_map<(d0, d1, d2, d3, d4, d5) -> (d4, d5, d3)>
// CHECK-DAG: #[[$PIXEL:.+]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d1, d2, d4)>
// CHECK-DAG: #[[$MATRIX:.+]] = affine_map<(d0, d1, d2, d3, d4) -> (d4, d3)>
// CHECK-DAG: #[[$CHANNEL:.+]] = affine_map<(d0, d1, d2, d3) -> (d3)>

// CHECK-LABEL: func @separable
// CHECK-SAME: (%[[X:.+]]: tensor<1x8x8x4xf32>, %[[D:.+]]: tensor<3x3x4x2xf32>, %[[P:.+]]: tensor<1x1x8x16xf32>, %[[B:.+]]: tensor<16xf32>)
func.func @separable(%x: tensor<1x8x8x4xf32>, %d: tensor<3x3x4x2xf32>, %p: tensor<1x1x8x16xf32>,
                     %b: tensor<16xf32>) -> tensor<1x4x4x16xf32> {
  // CHECK: %[[PADDED:.+]] = tensor.pad %[[X]] low[0, 0, 1, 0] high[0, 1, 1, 0]
  // CHECK: %[[DT:.+]] = tensor.collapse_shape %[[D]] {{\[\[}}0], [1], [2, 3]] : tensor<3x3x4x2xf32> into tensor<3x3x8xf32>
  // CHECK: %[[ZERO:.+]] = linalg.fill
  // CHECK: %[[DW:.+]] = linalg.generic {indexing_maps = [#[[$WINDOW]], #[[$TAPS]],
  // CHECK-SAME: iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]
  // CHECK-SAME: ins(%[[PADDED]], %[[DT]] : {{.*}}) outs(%[[ZERO]] :
  // CHECK: ^bb0(%[[IN:.+]]: f32, %[[F:.+]]: f32, %[[ACC:.+]]: f32):
  // CHECK: %[[PRODUCT:.+]] = arith.mulf %[[IN]], %[[F]]
  // CHECK: arith.addf %[[ACC]], %[[PRODUCT]]
  // CHECK: %[[PT:.+]] = tensor.collapse_shape %[[P]] {{\[\[}}0, 1, 2], [3]]
  // CHECK: %[[PW:.+]] = linalg.generic {indexing_maps = [#[[$PIXEL]], #[[$MATRIX]],
  // CHECK-SAME: ins(%[[DW]], %[[PT]] :
  // CHECK: linalg.generic {{.*}}#[[$CHANNEL]]{{.*}} ins(%[[PW]], %[[B]] :
  // CHECK: %[[SUM:.+]] = arith.addf
  // CHECK: %[[NEGATIVE:.+]] = arith.cmpf olt, %[[SUM]], %[[C0:.+]] : f32
  // CHECK: arith.select %[[NEGATIVE]], %[[C0]], %[[SUM]] : f32
  %0 = sepconv.separable_conv2d(%x, %d, %p, %b)
      {padding = array<i64: 0, 1, 1, 1>, strides = array<i64: 2, 1>, dilations = array<i64: 1, 3>,
       activation = #sepconv.activation<relu>}
    : (tensor<1x8x8x4xf32>, tensor<3x3x4x2xf32>, tensor<1x1x8x16xf32>, tensor<16xf32>)
    -> tensor<1x4x4x16xf32>
  return %0 : tensor<1x4x4x16xf32>
}

// -----

// CHECK-DAG: #[[$GROUP:.+]] = affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d1 + d4, d2 + d5, (d3 floordiv 8) * 2 + d6)>
// CHECK-DAG: #[[$PIXEL:.+]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d1 * 2, d2 * 2, d4)>

// CHECK-LABEL: func @conv
func.func @conv(%x: tensor<1x8x8x4xf32>, %f: tensor<3x3x2x16xf32>, %p: tensor<1x1x4x8xf32>)
    -> (tensor<1x6x6x16xf32>, tensor<1x4x4x8xf32>) {
  // CHECK: linalg.generic {indexing_maps = [#[[$GROUP]],
  %0 = sepconv.conv2d(%x, %f) {groups = 2 : i64}
    : (tensor<1x8x8x4xf32>, tensor<3x3x2x16xf32>) -> tensor<1x6x6x16xf32>
  // CHECK: linalg.generic {indexing_maps = [#[[$PIXEL]],
  // CHECK-NOT: linalg.generic
  %1 = sepconv.conv2d(%x, %p) {strides = array<i64: 2, 2>}
    : (tensor<1x8x8x4xf32>, tensor<1x1x4x8xf32>) -> tensor<1x4x4x8xf32>
  return %0, %1 : tensor<1x6x6x16xf32>, tensor<1x4x4x8xf32>
}

// -----

func.func @layout(%x: tensor<1x4x8x8xf32>, %f: tensor<3x3x4x1xf32>) -> tensor<1x4x6x6xf32> {
  // expected-error@+1 {{data_format must be NHWC to be lowered to linalg, got NCHW}}
  %0 = sepconv.depthwise_conv2d(%x, %f) {data_format = #sepconv.data_format<NCHW>}
    : (tensor<1x4x8x8xf32>, tensor<3x3x4x1xf32>) -> tensor<1x4x6x6xf32>
  return %0 : tensor<1x4x6x6xf32>
}

// -----

func.func @integers(%x: tensor<2x8xi32>) -> tensor<2x8xi32> {
  %0 = tensor.empty() : tensor<2x8xi32>
  // expected-error@+1 {{'linalg.softmax' op requires floating-point elements, got 'tensor<2x8xi32>'}}
  %1 = linalg.softmax dimension(1) ins(%x : tensor<2x8xi32>) outs(%0 : tensor<2x8xi32>) -> tensor<2x8xi32>
  return %1 : tensor<2x8xi32>
}

// -----

func.func @average(%x: tensor<1x2x16777217x1xf32>) -> (tensor<1x2x16777216x1xf32>, tensor<1x2x16777217x1xf32>) {
  %0 = sepconv.pool2d(%x) {kind = #sepconv.pool_kind<average>, window = array<i64: 1, 2>}
    : (tensor<1x2x16777217x1xf32>) -> tensor<1x2x16777216x1xf32>
  // expected-error@+1 {{an average with padding must have at most 16777216 windows along the width, got 16777217}}
  %1 = sepconv.pool2d(%x) {kind = #sepconv.pool_kind<average>, window = array<i64: 1, 2>, padding = array<i64: 0, 0, 0, 1>}
    : (tensor<1x2x16777217x1xf32>) -> tensor<1x2x16777217x1xf32>
  return %0, %1 : tensor<1x2x16777216x1xf32>, tensor<1x2x16777217x1xf32>
}

// -----

// Sums of narrow types are in f32, also between the two convolutions, and rounded at the end.

// CHECK-LABEL: func @narrow
func.func @narrow(%x: tensor<1x8x8x4xbf16>, %d: tensor<3x3x4x1xbf16>, %p: tensor<1x1x4x16xbf16>)
    -> (tensor<1x6x6x16xbf16>, tensor<1x7x7x4xbf16>) {
  // CHECK: %[[ZERO:.+]] = linalg.fill {{.*}} -> tensor<1x6x6x4xf32>
  // CHECK: %[[DW:.+]] = linalg.generic {{.*}} outs(%[[ZERO]] : tensor<1x6x6x4xf32>)
  // CHECK: ^bb0(%[[IN:.+]]: bf16, %[[F:.+]]: bf16, %[[ACC:.+]]: f32):
  // CHECK: %[[A:.+]] = arith.extf %[[IN]] : bf16 to f32
  // CHECK: %[[B:.+]] = arith.extf %[[F]] : bf16 to f32
  // CHECK: arith.mulf %[[A]], %[[B]] : f32
  // CHECK: %[[PW:.+]] = linalg.generic {{.*}} ins(%[[DW]], %{{.+}} : tensor<1x6x6x4xf32>, tensor<4x16xbf16>)
  // CHECK: linalg.generic {{.*}} ins(%[[PW]] : tensor<1x6x6x16xf32>)
  // CHECK-NEXT: ^bb0(%[[SUM:.+]]: f32, %{{.+}}: bf16):
  // CHECK: %[[Y:.+]] = arith.select {{.*}} : f32
  // CHECK: arith.truncf %[[Y]] : f32 to bf16
  %0 = sepconv.separable_conv2d(%x, %d, %p) {activation = #sepconv.activation<relu>}
    : (tensor<1x8x8x4xbf16>, tensor<3x3x4x1xbf16>, tensor<1x1x4x16xbf16>) -> tensor<1x6x6x16xbf16>
  // CHECK: tensor.empty() : tensor<2x2xf32>
  // CHECK: arith.maximumf {{.*}} : f32
  // CHECK: arith.truncf
  %1 = sepconv.pool2d(%x) {kind = #sepconv.pool_kind<max>, window = array<i64: 2, 2>}
    : (tensor<1x8x8x4xbf16>) -> tensor<1x7x7x4xbf16>
  return %0, %1 : tensor<1x6x6x16xbf16>, tensor<1x7x7x4xbf16>
}

// Integers are extended to the type of the sum, the input's without a sign if it says so; padding is the number that it says.
// CHECK-LABEL: func @integers(
func.func @integers(%x: tensor<1x8x8x4xi8>, %f: tensor<3x3x4x16xi8>, %b: tensor<16xi32>,
                    %w: tensor<1x8x8x4xi16>)
    -> (tensor<1x8x8x16xi32>, tensor<1x7x7x4xi8>, tensor<1x6x6x16xi64>) {
  // CHECK: arith.constant -56 : i8
  // CHECK: tensor.pad %arg0
  // CHECK: arith.extui %in : i8 to i32
  // CHECK: arith.extsi %{{in_.*}} : i8 to i32
  // CHECK: arith.muli
  // CHECK: arith.addi
  // CHECK: ins({{.*}} : tensor<1x8x8x16xi32>, tensor<16xi32>)
  // CHECK: arith.addi
  %0 = sepconv.conv2d(%x, %f, %b)
      {padding = array<i64: 1, 1, 1, 1>, padding_value = 200, unsigned_input}
    : (tensor<1x8x8x4xi8>, tensor<3x3x4x16xi8>, tensor<16xi32>) -> tensor<1x8x8x16xi32>
  // CHECK: arith.constant -128 : i8
  // CHECK: arith.maxsi
  %1 = sepconv.pool2d(%x) {kind = #sepconv.pool_kind<max>, window = array<i64: 2, 2>}
    : (tensor<1x8x8x4xi8>) -> tensor<1x7x7x4xi8>
  // CHECK: arith.extsi %in : i16 to i64
  // CHECK: arith.extsi %{{in_.*}} : i8 to i64
  %2 = sepconv.conv2d(%w, %f)
    : (tensor<1x8x8x4xi16>, tensor<3x3x4x16xi8>) -> tensor<1x6x6x16xi64>
  return %0, %1, %2 : tensor<1x8x8x16xi32>, tensor<1x7x7x4xi8>, tensor<1x6x6x16xi64>
}

// -----

// The example in the pass's description.
// CHECK: #map = affine_map<(d0, d1, d2) -> (d0, d2)>
// CHECK-NEXT: #map1 = affine_map<(d0, d1, d2) -> (d2, d1)>
// CHECK-NEXT: #map2 = affine_map<(d0, d1, d2) -> (d0, d1)>
// CHECK-NEXT: #map3 = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-NEXT: module {
// CHECK-NEXT: func.func @example(%arg0: tensor<1x8xf32>, %arg1: tensor<8x4xf32>) -> tensor<1x4xf32> {
// CHECK-NEXT: %cst = arith.constant 0.000000e+00 : f32
// CHECK-NEXT: %0 = tensor.empty() : tensor<1x4xf32>
// CHECK-NEXT: %1 = linalg.fill ins(%cst : f32) outs(%0 : tensor<1x4xf32>) -> tensor<1x4xf32>
// CHECK-NEXT: %2 = linalg.generic {indexing_maps = [#map, #map1, #map2], iterator_types = ["parallel", "parallel", "reduction"]} ins(%arg0, %arg1 : tensor<1x8xf32>, tensor<8x4xf32>) outs(%1 : tensor<1x4xf32>) {
// CHECK-NEXT: ^bb0(%in: f32, %in_0: f32, %out: f32):
// CHECK-NEXT: %5 = arith.mulf %in, %in_0 : f32
// CHECK-NEXT: %6 = arith.addf %out, %5 : f32
// CHECK-NEXT: linalg.yield %6 : f32
// CHECK-NEXT: } -> tensor<1x4xf32>
// CHECK-NEXT: %3 = tensor.empty() : tensor<1x4xf32>
// CHECK-NEXT: %4 = linalg.generic {indexing_maps = [#map3, #map3], iterator_types = ["parallel", "parallel"]} ins(%2 : tensor<1x4xf32>) outs(%3 : tensor<1x4xf32>) {
// CHECK-NEXT: ^bb0(%in: f32, %out: f32):
// CHECK-NEXT: %cst_0 = arith.constant 0.000000e+00 : f32
// CHECK-NEXT: %5 = arith.cmpf olt, %in, %cst_0 : f32
// CHECK-NEXT: %6 = arith.select %5, %cst_0, %in : f32
// CHECK-NEXT: linalg.yield %6 : f32
// CHECK-NEXT: } -> tensor<1x4xf32>
// CHECK-NEXT: return %4 : tensor<1x4xf32>
// CHECK-NEXT: }
// CHECK-NEXT: }
func.func @example(%x: tensor<1x8xf32>, %f: tensor<8x4xf32>) -> tensor<1x4xf32> {
  %0 = sepconv.dense(%x, %f) {activation = #sepconv.activation<relu>}
    : (tensor<1x8xf32>, tensor<8x4xf32>) -> tensor<1x4xf32>
  return %0 : tensor<1x4xf32>
}
