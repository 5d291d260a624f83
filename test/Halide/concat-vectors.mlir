// Vectors of a concatenation along the channels are loaded, not gathered, where its parts are groups of lanes.
// RUN: sepconv-compile %s --emit=asm --target=x86-64-v4 | FileCheck %s
// RUN: sepconv-compile %s --emit=asm --target=x86-64-v3 | FileCheck %s

// CHECK-LABEL: elementwise_0:
// CHECK-NOT: gather
// CHECK: ret
func.func @main(%x: tensor<1x8x8x128xf32>, %y: tensor<1x8x8x32xf32>) -> tensor<1x8x8x160xf32> {
  %0 = tensor.concat dim(3) %x, %y : (tensor<1x8x8x128xf32>, tensor<1x8x8x32xf32>) -> tensor<1x8x8x160xf32>
  return %0 : tensor<1x8x8x160xf32>
}
