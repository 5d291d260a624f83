// Tensors of truth values become tensors of bytes; bodies still compute with truth values.
// RUN: sepconv-opt %s --sepconv-store-truth-values --split-input-file --verify-diagnostics | FileCheck %s

// The example in the pass's description.
// CHECK: func.func @move(%arg0: tensor<2x4xi8> {sepconv.dtype = "bool"}) -> (tensor<4x2xi8> {sepconv.dtype = "bool"}) {
// CHECK-NEXT: %0 = tensor.empty() : tensor<4x2xi8>
// CHECK-NEXT: %transposed = linalg.transpose ins(%arg0 : tensor<2x4xi8>) outs(%0 : tensor<4x2xi8>) permutation = [1, 0]
// CHECK-NEXT: return %transposed : tensor<4x2xi8>
// CHECK-NEXT: }
func.func @move(%x: tensor<2x4xi1>) -> tensor<4x2xi1> {
  %empty = tensor.empty() : tensor<4x2xi1>
  %0 = linalg.transpose ins(%x : tensor<2x4xi1>) outs(%empty : tensor<4x2xi1>)
                        permutation = [1, 0]
  return %0 : tensor<4x2xi1>
}

// -----

// What is read is compared with 0, what is yielded is 0 or 1; constants, fills and paddings are bytes.
#id = affine_map<(b) -> (b)>
#none = affine_map<(b) -> ()>
// CHECK-LABEL: func.func private @fold(%arg0: tensor<4xi8>, %arg1: tensor<4xf32>) -> tensor<i8>
// CHECK: arith.constant dense<[1, 0, 1, 1, 0, 0]> : tensor<6xi8>
// CHECK: tensor.pad %arg0 low[1] high[1]
// CHECK: %[[FALSE:.*]] = arith.extui %{{.*}} : i1 to i8
// CHECK: tensor.yield %[[FALSE]] : i8
// CHECK: linalg.fill ins(%{{.*}} : i8) outs(%{{.*}} : tensor<i8>)
// CHECK: linalg.generic
// CHECK: ^bb0(%[[IN:.*]]: i8, %[[MASK:.*]]: i8, %[[OUT:.*]]: i8):
// CHECK: %[[A:.*]] = arith.cmpi ne, %[[IN]], %{{.*}} : i8
// CHECK: %[[B:.*]] = arith.cmpi ne, %[[MASK]], %{{.*}} : i8
// CHECK: %[[C:.*]] = arith.cmpi ne, %[[OUT]], %{{.*}} : i8
// CHECK: arith.andi %[[A]], %[[B]] : i1
// CHECK: %[[RESULT:.*]] = arith.extui %{{.*}} : i1 to i8
// CHECK: linalg.yield %[[RESULT]] : i8
func.func private @fold(%x: tensor<4xi1>, %y: tensor<4xf32>) -> tensor<i1> {
  %false = arith.constant false
  %mask = arith.constant dense<[true, false, true, true, false, false]> : tensor<6xi1>
  %padded = tensor.pad %x low[1] high[1] {
  ^bb0(%i: index):
    tensor.yield %false : i1
  } : tensor<4xi1> to tensor<6xi1>
  %empty = tensor.empty() : tensor<i1>
  %init = linalg.fill ins(%false : i1) outs(%empty : tensor<i1>) -> tensor<i1>
  %any = linalg.generic {indexing_maps = [#id, #id, #none], iterator_types = ["reduction"]}
      ins(%padded, %mask : tensor<6xi1>, tensor<6xi1>) outs(%init : tensor<i1>) {
  ^bb0(%in: i1, %m: i1, %out: i1):
    %0 = arith.andi %in, %m : i1
    %1 = arith.ori %0, %out : i1
    linalg.yield %1 : i1
  } -> tensor<i1>
  return %any : tensor<i1>
}

// -----

func.func @unknown(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xi1> {
  // expected-error@+1 {{cannot compute with a tensor of truth values; expected linalg.generic}}
  %0 = arith.cmpf olt, %x, %y : tensor<4xf32>
  return %0 : tensor<4xi1>
}
