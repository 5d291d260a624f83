// A window of 29 x 15 positions and 225 weights, with 27 channels at once: rows of whole vectors have no room in shared memory,
// though rows of 27 have.
// RUN: sepconv-compile %s -o %t --name=net --target=nvptx-sm_80 --emit=ptx --remarks 2>&1 | FileCheck %s
// CHECK-NOT: schedule @separable
// CHECK: remark: {{.*}}schedule

func.func @main(%x: tensor<1x14x5x45xf32>) -> tensor<1x1x1x58xf32> {
  %d = arith.constant dense<0.5> : tensor<15x15x45x3xf32>
  %p = arith.constant dense<0.25> : tensor<1x1x135x58xf32>
  %0 = sepconv.separable_conv2d(%x, %d, %p) {strides = array<i64: 2, 1>, dilations = array<i64: 2, 1>, padding = array<i64: 0, 15, 0, 10>}
    : (tensor<1x14x5x45xf32>, tensor<15x15x45x3xf32>, tensor<1x1x135x58xf32>) -> tensor<1x1x1x58xf32>
  return %0 : tensor<1x1x1x58xf32>
}
