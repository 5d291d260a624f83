// RUN: sepconv-opt %s --sepconv-split-variants=target=x86-64-multi | FileCheck %s
// RUN: sepconv-opt %s --sepconv-split-variants=target=x86-64-multi --sepconv-merge-variants | FileCheck %s --check-prefix=MERGED
// RUN: sepconv-opt %s --sepconv-split-variants=target=x86-64-v3 | FileCheck %s --check-prefix=SAME
// What was split and merged is not split again.
// RUN: sepconv-opt %s --sepconv-split-variants=target=x86-64-multi --sepconv-merge-variants \
// RUN:   --sepconv-split-variants=target=x86-64-multi | FileCheck %s --check-prefix=MERGED
// RUN: not sepconv-opt %s --sepconv-split-variants=target=z80 2>&1 | FileCheck %s --check-prefix=UNKNOWN

// CHECK: module @"x86-64-v4" attributes {sepconv.target = "x86-64-v4"} {
// CHECK-NEXT: func.func @f(%arg0: tensor<4xf32>) -> tensor<4xf32> {
// CHECK-NEXT: %0 = call @helper(%arg0) : (tensor<4xf32>) -> tensor<4xf32>
// CHECK-NEXT: return %0 : tensor<4xf32>
// CHECK-NEXT: }
// CHECK-NEXT: func.func private @helper(%arg0: tensor<4xf32>) -> tensor<4xf32> {
// CHECK-NEXT: return %arg0 : tensor<4xf32>
// CHECK-NEXT: }
// CHECK-NEXT: }
// CHECK-NEXT: module @"x86-64-v3" attributes {sepconv.target = "x86-64-v3"} {
// CHECK: module @"x86-64-v2" attributes {sepconv.target = "x86-64-v2"} {
// CHECK-NOT: module

// MERGED-NOT: module @
// MERGED: func.func @f_x86_64_v4({{.*}} attributes {sepconv.target = "x86-64-v4"}
// MERGED: call @helper_x86_64_v4(
// MERGED: func.func private @helper_x86_64_v4(
// MERGED: func.func @f_x86_64_v3(
// MERGED: call @helper_x86_64_v3(
// MERGED: func.func @f_x86_64_v2(
// MERGED: func.func private @helper_x86_64_v2({{.*}} attributes {sepconv.target = "x86-64-v2"}
// MERGED-NOT: func.func

// SAME-NOT: module @
// SAME: func.func @f(
// SAME-NOT: func.func @

// UNKNOWN: error: unknown target 'z80'
func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = call @helper(%x) : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
func.func private @helper(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}
