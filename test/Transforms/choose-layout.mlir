// RUN: sepconv-opt %s --sepconv-choose-layout --canonicalize --split-input-file | FileCheck %s

// A block of a channels_first network is transposed at its ends only.
// CHECK-LABEL: func @block(
// CHECK: %[[X:.+]] = linalg.transpose ins(%arg0 : tensor<1x4x8x8xf32>) {{.*}} permutation = [0, 2, 3, 1]
// CHECK: %[[PAD:.+]] = tensor.pad %[[X]] low[0, 1, 2, 0] high[0, 3, 4, 0]
// CHECK: %[[D:.+]] = sepconv.depthwise_conv2d(%[[PAD]], %{{.+}}) : (tensor<1x12x14x4xf32>
// CHECK: %[[BN:.+]] = sepconv.batch_norm(%[[D]], {{.+}}) {axis = 3 : i64
// CHECK: %[[ACT:.+]] = sepconv.activation(%[[BN]])
// CHECK: %[[CROP:.+]] = tensor.extract_slice %[[ACT]][0, 1, 2, 0] [1, 8, 8, 4]
// CHECK: %[[CAT:.+]] = tensor.concat dim(3) %[[CROP]], %[[X]]
// CHECK: %[[POOL:.+]] = sepconv.pool2d(%[[CAT]])
// CHECK: %[[SOFTMAX:.+]] = linalg.softmax dimension(3) ins(%[[POOL]] :
// CHECK: %[[Y:.+]] = linalg.transpose ins(%[[SOFTMAX]] : tensor<1x4x4x8xf32>) {{.*}} permutation = [0, 3, 1, 2]
// CHECK: return %[[Y]]
func.func @block(%x: tensor<1x4x8x8xf32>, %f: tensor<3x3x4x1xf32>, %v: tensor<4xf32>)
    -> tensor<1x8x4x4xf32> {
  %zero = arith.constant 0.0 : f32
  %0 = tensor.pad %x low[0, 0, 1, 2] high[0, 0, 3, 4] {
  ^bb0(%b: index, %c: index, %h: index, %w: index):
    tensor.yield %zero : f32
  } : tensor<1x4x8x8xf32> to tensor<1x4x12x14xf32>
  %1 = sepconv.depthwise_conv2d(%0, %f) {data_format = #sepconv.data_format<NCHW>}
    : (tensor<1x4x12x14xf32>, tensor<3x3x4x1xf32>) -> tensor<1x4x10x12xf32>
  %2 = sepconv.batch_norm(%1, %v, %v, %v, %v) {axis = 1, epsilon = 1.0e-3}
    : tensor<1x4x10x12xf32>, tensor<4xf32>
  %3 = sepconv.activation(%2) {function = #sepconv.activation<relu>} : tensor<1x4x10x12xf32>
  %4 = tensor.extract_slice %3[0, 0, 1, 2] [1, 4, 8, 8] [1, 1, 1, 1]
    : tensor<1x4x10x12xf32> to tensor<1x4x8x8xf32>
  %5 = tensor.concat dim(1) %4, %x
    : (tensor<1x4x8x8xf32>, tensor<1x4x8x8xf32>) -> tensor<1x8x8x8xf32>
  %6 = sepconv.pool2d(%5) {kind = #sepconv.pool_kind<max>, window = array<i64: 2, 2>,
                           strides = array<i64: 2, 2>, data_format = #sepconv.data_format<NCHW>}
    : (tensor<1x8x8x8xf32>) -> tensor<1x8x4x4xf32>
  %empty = tensor.empty() : tensor<1x8x4x4xf32>
  %7 = linalg.softmax dimension(1) ins(%6 : tensor<1x8x4x4xf32>) outs(%empty : tensor<1x8x4x4xf32>)
    -> tensor<1x8x4x4xf32>
  return %7 : tensor<1x8x4x4xf32>
}

// -----

// Squeeze and excite: a factor for each channel, then upsampling. The transpose of the squeezed
// image moves dimensions of size 1 only.
// CHECK-DAG: #[[$ID:.+]] = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
// CHECK-DAG: #[[$CHANNEL:.+]] = affine_map<(d0, d1, d2, d3) -> (0, 0, 0, d3)>
// CHECK-DAG: #[[$NEAREST:.+]] = affine_map<(d0, d1, d2, d3) -> (d0, d1 floordiv 2, d2, d3)>
// CHECK-LABEL: func @squeeze(
// CHECK: %[[X:.+]] = linalg.transpose ins(%arg0
// CHECK: %[[POOL:.+]] = sepconv.pool2d(%[[X]])
// CHECK: %[[CONV:.+]] = sepconv.conv2d(%[[X]],
// CHECK: %[[SCALED:.+]] = linalg.generic {indexing_maps = [#[[$CHANNEL]], #[[$ID]], #[[$ID]]], {{.*}} ins(%[[POOL]], %[[CONV]] :
// CHECK: %[[UP:.+]] = linalg.generic {indexing_maps = [#[[$NEAREST]], #[[$ID]]], {{.*}} ins(%[[SCALED]] :
// CHECK: %[[UPPED:.+]] = linalg.transpose ins(%[[UP]] : tensor<1x8x4x8xf32>) {{.*}} permutation = [0, 3, 1, 2]
// CHECK: %[[FLAT:.+]] = tensor.collapse_shape %[[POOL]] {{\[\[}}0], [1, 2, 3]] : tensor<1x1x1x8xf32> into tensor<1x8xf32>
// CHECK: return %[[UPPED]], %[[FLAT]]
func.func @squeeze(%x: tensor<1x8x4x4xf32>, %p: tensor<1x1x8x8xf32>)
    -> (tensor<1x8x8x4xf32>, tensor<1x8xf32>) {
  %0 = sepconv.pool2d(%x) {kind = #sepconv.pool_kind<average>, window = array<i64: 4, 4>,
                           data_format = #sepconv.data_format<NCHW>}
    : (tensor<1x8x4x4xf32>) -> tensor<1x8x1x1xf32>
  %1 = sepconv.conv2d(%x, %p) {data_format = #sepconv.data_format<NCHW>}
    : (tensor<1x8x4x4xf32>, tensor<1x1x8x8xf32>) -> tensor<1x8x4x4xf32>
  %empty = tensor.empty() : tensor<1x8x4x4xf32>
  %2 = linalg.generic {
      indexing_maps = [affine_map<(d0, d1, d2, d3) -> (0, d1, 0, 0)>,
                       affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>,
                       affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%0, %1 : tensor<1x8x1x1xf32>, tensor<1x8x4x4xf32>) outs(%empty : tensor<1x8x4x4xf32>) {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %product = arith.mulf %a, %b : f32
    linalg.yield %product : f32
  } -> tensor<1x8x4x4xf32>
  %double = tensor.empty() : tensor<1x8x8x4xf32>
  %3 = linalg.generic {
      indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2 floordiv 2, d3)>,
                       affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%2 : tensor<1x8x4x4xf32>) outs(%double : tensor<1x8x8x4xf32>) {
  ^bb0(%a: f32, %out: f32):
    linalg.yield %a : f32
  } -> tensor<1x8x8x4xf32>
  %4 = tensor.collapse_shape %0 [[0], [1, 2, 3]] : tensor<1x8x1x1xf32> into tensor<1x8xf32>
  return %3, %4 : tensor<1x8x8x4xf32>, tensor<1x8xf32>
}

// -----

// The example in the pass's description.
// CHECK: func.func @example(%arg0: tensor<1x4x8x8xf32>, %arg1: tensor<3x3x4x1xf32>) -> tensor<1x4x6x6xf32> {
// CHECK-NEXT: %0 = tensor.empty() : tensor<1x8x8x4xf32>
// CHECK-NEXT: %transposed = linalg.transpose ins(%arg0 : tensor<1x4x8x8xf32>) outs(%0 : tensor<1x8x8x4xf32>) permutation = [0, 2, 3, 1]
// CHECK-NEXT: %1 = sepconv.depthwise_conv2d(%transposed, %arg1) : (tensor<1x8x8x4xf32>, tensor<3x3x4x1xf32>) -> tensor<1x6x6x4xf32>
// CHECK-NEXT: %2 = tensor.empty() : tensor<1x4x6x6xf32>
// CHECK-NEXT: %transposed_0 = linalg.transpose ins(%1 : tensor<1x6x6x4xf32>) outs(%2 : tensor<1x4x6x6xf32>) permutation = [0, 3, 1, 2]
// CHECK-NEXT: return %transposed_0 : tensor<1x4x6x6xf32>
// CHECK-NEXT: }
func.func @example(%x: tensor<1x4x8x8xf32>, %f: tensor<3x3x4x1xf32>) -> tensor<1x4x6x6xf32> {
  %0 = sepconv.depthwise_conv2d(%x, %f) {data_format = #sepconv.data_format<NCHW>}
    : (tensor<1x4x8x8xf32>, tensor<3x3x4x1xf32>) -> tensor<1x4x6x6xf32>
  return %0 : tensor<1x4x6x6xf32>
}
