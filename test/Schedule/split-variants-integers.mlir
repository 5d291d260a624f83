// Layers of integers have the variants of `integer_variants`, before the others; others do not.
// RUN: sepconv-opt %s --sepconv-split-variants=target=x86-64-multi | FileCheck %s

// CHECK: module @"x86-64-v4-vnni" attributes {sepconv.target = "x86-64-v4-vnni"} {
// CHECK: module @"x86-64-v4" attributes {sepconv.target = "x86-64-v4"} {
// CHECK: module @"x86-64-v3"
// CHECK: module @"x86-64-v2"
func.func @f(%x: tensor<1x4xi8>) -> tensor<1x4xi32> {
  %filter = arith.constant dense<1> : tensor<4x4xi8>
  %0 = sepconv.dense(%x, %filter) : (tensor<1x4xi8>, tensor<4x4xi8>) -> tensor<1x4xi32>
  return %0 : tensor<1x4xi32>
}
