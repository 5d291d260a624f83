// RUN: sepconv-compile %s --target=x86-64-v4 --emit=asm --name=net -o %t && FileCheck %s < %t/net.s

// A number that is rounded to the nearest even one, clamped and converted: the conversion rounds. A rounded number that
// something else uses too is rounded.

// CHECK-LABEL: net_elementwise_0:
// CHECK-NOT:   vrndscaleps
// CHECK:       vcvtps2dq
// CHECK-NOT:   vcvttps2dq
// CHECK-LABEL: net_elementwise_1:
// CHECK:       vrndscaleps
// CHECK:       vcvttps2dq

#id = affine_map<(b, c) -> (b, c)>

func.func @main(%x: tensor<2x64xf32>, %y: tensor<2x64xf32>) -> (tensor<2x64xi8>, tensor<2x64xf32>) {
  %empty = tensor.empty() : tensor<2x64xi8>
  %bytes = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<2x64xf32>) outs(%empty : tensor<2x64xi8>) {
  ^bb0(%in: f32, %out: i8):
    %least = arith.constant -128.0 : f32
    %most = arith.constant 127.0 : f32
    %0 = math.roundeven %in : f32
    %1 = arith.maximumf %0, %least : f32
    %2 = arith.minimumf %1, %most : f32
    %3 = arith.fptosi %2 : f32 to i32
    %4 = arith.trunci %3 : i32 to i8
    linalg.yield %4 : i8
  } -> tensor<2x64xi8>
  %floats = tensor.empty() : tensor<2x64xf32>
  %rests = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%y : tensor<2x64xf32>) outs(%floats : tensor<2x64xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = math.roundeven %in : f32
    %1 = arith.fptosi %0 : f32 to i32
    %2 = arith.sitofp %1 : i32 to f32
    %3 = arith.subf %in, %0 : f32
    %4 = arith.addf %2, %3 : f32
    linalg.yield %4 : f32
  } -> tensor<2x64xf32>
  return %bytes, %rests : tensor<2x64xi8>, tensor<2x64xf32>
}
