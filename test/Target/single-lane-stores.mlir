// RUN: sepconv-compile %s --target=x86-64-v4 --emit=asm --name=net -o %t && FileCheck %s < %t/net.s

// The last of 17 channels is a masked store of one lane, which becomes one of a byte. LLVM 22 stores the wide element that
// was truncated, over what follows.

// CHECK-LABEL: net_pointwise_0:
// CHECK:       vpmovdb %zmm{{[0-9]+}}, (%[[OUT:.*]])
// CHECK-NOT:   vmov{{.*}}, 16(%[[OUT]])
// CHECK:       movb %{{.*}}, 16(%[[OUT]])
func.func @main(%x: tensor<1x1x1x16xi8>) -> tensor<1x1x1x17xi8> {
  %w = arith.constant dense<3> : tensor<1x1x16x17xi8>
  %sums = sepconv.conv2d(%x, %w) : (tensor<1x1x1x16xi8>, tensor<1x1x16x17xi8>) -> tensor<1x1x1x17xi32>
  %empty = tensor.empty() : tensor<1x1x1x17xi8>
  %bytes = linalg.generic {indexing_maps = [affine_map<(b, y, x, c) -> (b, y, x, c)>, affine_map<(b, y, x, c) -> (b, y, x, c)>],
                           iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%sums : tensor<1x1x1x17xi32>) outs(%empty : tensor<1x1x1x17xi8>) {
  ^bb0(%sum: i32, %out: i8):
    %shift = arith.constant 5 : i32
    %scaled = arith.shrsi %sum, %shift : i32
    %byte = arith.trunci %scaled : i32 to i8
    linalg.yield %byte : i8
  } -> tensor<1x1x1x17xi8>
  return %bytes : tensor<1x1x1x17xi8>
}
