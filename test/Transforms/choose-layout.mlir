// RUN: sepconv-opt %s --sepconv-choose-layout --canonicalize | FileCheck %s

// A block of a channels_first network is transposed at its ends only.
// CHECK-LABEL: func @block(
// CHECK: %[[PADDED:.+]] = tensor.pad %arg0 low[0, 0, 1, 2] high[0, 0, 3, 4]
// CHECK: %[[PAD:.+]] = linalg.transpose ins(%[[PADDED]] : tensor<1x4x12x14xf32>) {{.*}} permutation = [0, 2, 3, 1]
// CHECK: %[[D:.+]] = sepconv.depthwise_conv2d(%[[PAD]], %{{.+}}) {dilations = array<i64: 1, 1>, {{.*}}} : (tensor<1x12x14x4xf32>
// CHECK: %[[BN:.+]] = sepconv.batch_norm(%[[D]], {{.+}}) {axis = 3 : i64
// CHECK: %[[ACT:.+]] = sepconv.activation(%[[BN]])
// CHECK: %[[CROP:.+]] = tensor.extract_slice %[[ACT]][0, 1, 2, 0] [1, 8, 8, 4]
// CHECK: %[[CAT:.+]] = tensor.concat dim(3) %[[CROP]], %{{.+}}
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
