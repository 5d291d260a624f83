// RUN: env SEPCONV_SCHEDULES=%S/Inputs/machines sepconv-opt %s --sepconv-form-kernels="remarks=true target=small" --split-input-file --verify-diagnostics | FileCheck %s
// RUN: sepconv-opt %s --sepconv-form-kernels="remarks=true target=nvptx-sm_80" --split-input-file 2>&1 | FileCheck %s --check-prefix=GPU
//
// Elementwise operations that are no epilogue join the pointwise convolution that alone reads them.

#image = affine_map<(b, y, x, c) -> (b, y, x, c)>
#scale = affine_map<(b, y, x, c) -> (b, 0, 0, c)>

// Squeeze-and-excite: the image is also what the scale is computed of.
// CHECK-LABEL: func @scaled
// CHECK: sepconv.kernel(%{{.+}}) : (tensor<1x8x8x4xf32>, tensor<1x1x1x4xf32>, tensor<1x1x4x4xf32>)
// CHECK: linalg.generic
// CHECK: sepconv.conv2d
// CHECK: sepconv.yield
// CHECK-NOT: sepconv.kernel
// GPU: remark: not fused with the elementwise operations before it, because each block of output channels would compute the elements again
func.func @scaled(%x: tensor<1x8x8x4xf32>, %s: tensor<1x1x1x4xf32>, %p: tensor<1x1x4x4xf32>)
    -> tensor<1x8x8x4xf32> {
  %empty = tensor.empty() : tensor<1x8x8x4xf32>
  %0 = linalg.generic {indexing_maps = [#image, #scale, #image],
                       iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%x, %s : tensor<1x8x8x4xf32>, tensor<1x1x1x4xf32>) outs(%empty : tensor<1x8x8x4xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %product = arith.mulf %a, %b : f32
    linalg.yield %product : f32
  } -> tensor<1x8x8x4xf32>
  // expected-remark@+1 {{fused elementwise with pointwise, saves 2048 bytes}}
  %1 = sepconv.conv2d(%0, %p)
    : (tensor<1x8x8x4xf32>, tensor<1x1x4x4xf32>) -> tensor<1x8x8x4xf32>
  return %1 : tensor<1x8x8x4xf32>
}

// -----

// CHECK-LABEL: func @not_fused
// CHECK-COUNT-6: sepconv.kernel
func.func @not_fused(%x: tensor<1x8x8x4xf32>, %wide: tensor<1x2x64x16xf32>, %q: tensor<1x8x8x4xi8>,
                     %p: tensor<1x1x4x4xf32>, %w: tensor<1x1x16x4xf32>, %i: tensor<1x1x4x4xi8>)
    -> (tensor<1x8x8x4xf32>, tensor<1x8x8x4xf32>, tensor<1x2x64x4xf32>, tensor<1x8x8x4xi32>) {
  %0 = sepconv.activation(%x) {function = #sepconv.activation<relu>} : tensor<1x8x8x4xf32>
  // expected-remark@+1 {{not fused with the elementwise operations before it, because the elementwise result has other users}}
  %1 = sepconv.conv2d(%0, %p)
    : (tensor<1x8x8x4xf32>, tensor<1x1x4x4xf32>) -> tensor<1x8x8x4xf32>
  %2 = sepconv.activation(%wide) {function = #sepconv.activation<relu>} : tensor<1x2x64x16xf32>
  // expected-remark@+1 {{because a row of the elementwise result takes 4096 bytes, more than half of the 4096 bytes of L2}}
  %3 = sepconv.conv2d(%2, %w)
    : (tensor<1x2x64x16xf32>, tensor<1x1x16x4xf32>) -> tensor<1x2x64x4xf32>
  %empty = tensor.empty() : tensor<1x8x8x4xi8>
  %4 = linalg.add ins(%q, %q : tensor<1x8x8x4xi8>, tensor<1x8x8x4xi8>)
                  outs(%empty : tensor<1x8x8x4xi8>) -> tensor<1x8x8x4xi8>
  // expected-remark@+1 {{because sums of integers are added up by instructions, from what is in memory}}
  %5 = sepconv.conv2d(%4, %i)
    : (tensor<1x8x8x4xi8>, tensor<1x1x4x4xi8>) -> tensor<1x8x8x4xi32>
  return %0, %1, %3, %5
    : tensor<1x8x8x4xf32>, tensor<1x8x8x4xf32>, tensor<1x2x64x4xf32>, tensor<1x8x8x4xi32>
}

// -----

#image = affine_map<(b, y, x, c) -> (b, y, x, c)>

// Pixels are scaled where the rows are copied to be padded.
// CHECK-LABEL: func @pixels
// CHECK-COUNT-1: sepconv.kernel
// CHECK-NOT: sepconv.kernel
// GPU: remark: not fused with the elementwise operations before it, because each block of output channels would compute the elements again
func.func @pixels(%x: tensor<1x8x8x3xf32>, %w: tensor<3x3x3x4xf32>) -> tensor<1x4x4x4xf32> {
  %scale = arith.constant 2.0 : f32
  %empty = tensor.empty() : tensor<1x8x8x3xf32>
  %0 = linalg.generic {indexing_maps = [#image, #image],
                       iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%x : tensor<1x8x8x3xf32>) outs(%empty : tensor<1x8x8x3xf32>) {
  ^bb0(%a: f32, %b: f32):
    %product = arith.mulf %a, %scale : f32
    linalg.yield %product : f32
  } -> tensor<1x8x8x3xf32>
  // expected-remark@+1 {{fused elementwise with convolution, saves 1152 bytes}}
  %1 = sepconv.conv2d(%0, %w) {strides = array<i64: 2, 2>, padding = array<i64: 0, 1, 0, 1>}
    : (tensor<1x8x8x3xf32>, tensor<3x3x3x4xf32>) -> tensor<1x4x4x4xf32>
  return %1 : tensor<1x4x4x4xf32>
}

// -----

// CHECK-LABEL: func @not_copied
// CHECK-COUNT-6: sepconv.kernel
func.func @not_copied(%x: tensor<1x8x8x3xf32>, %w: tensor<3x3x3x4xf32>)
    -> (tensor<1x6x6x4xf32>, tensor<1x8x8x4xf32>, tensor<1x8x8x4xf32>) {
  %empty = tensor.empty() : tensor<1x8x8x3xf32>
  %0 = linalg.add ins(%x, %x : tensor<1x8x8x3xf32>, tensor<1x8x8x3xf32>)
                  outs(%empty : tensor<1x8x8x3xf32>) -> tensor<1x8x8x3xf32>
  // expected-remark@+1 {{because the convolution is neither 1x1 nor padded}}
  %1 = sepconv.conv2d(%0, %w)
    : (tensor<1x8x8x3xf32>, tensor<3x3x3x4xf32>) -> tensor<1x6x6x4xf32>
  %2 = sepconv.activation(%x) {function = #sepconv.activation<tanh>} : tensor<1x8x8x3xf32>
  // expected-remark@+1 {{because more than sums and products would be computed for each window}}
  %3 = sepconv.conv2d(%2, %w) {padding = array<i64: 1, 1, 1, 1>}
    : (tensor<1x8x8x3xf32>, tensor<3x3x3x4xf32>) -> tensor<1x8x8x4xf32>
  %4 = linalg.mul ins(%x, %x : tensor<1x8x8x3xf32>, tensor<1x8x8x3xf32>)
                  outs(%empty : tensor<1x8x8x3xf32>) -> tensor<1x8x8x3xf32>
  // expected-remark@+1 {{because computing rows again for windows of 3 rows costs as much as moving 1536 bytes, not less than the 1536 bytes that it saves}}
  %5 = sepconv.conv2d(%4, %w) {padding = array<i64: 1, 1, 1, 1>}
    : (tensor<1x8x8x3xf32>, tensor<3x3x3x4xf32>) -> tensor<1x8x8x4xf32>
  return %1, %3, %5 : tensor<1x6x6x4xf32>, tensor<1x8x8x4xf32>, tensor<1x8x8x4xf32>
}
