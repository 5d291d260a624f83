// RUN: sepconv-opt %s --sepconv-plan-memory -split-input-file | FileCheck %s

// Kernel results are views of one workspace, the last one is the caller's output; constants are views
// of one blob, equal ones at the same place, packed as the kernel asks.

// The blob: 1 2 3 4 5 0 in tiles of three, then at 64 the other constant, used twice.
// CHECK: memref.global "private" constant @model_weights : memref<76xi8> =
// CHECK-SAME: dense<[0, 0, -128, 63, 0, 0, 0, 64, 0, 0, 64, 64, 0, 0, -128, 64, 0, 0, -96, 64, 0, 0, 0, 0,
// CHECK-LABEL: func.func @main(
// CHECK-SAME: %[[X:.+]]: memref<3xf32> {sepconv.name = "x"}, %[[Y:.+]]: memref<3xf32> {sepconv.name = "y"},
// CHECK-SAME: %[[WORKSPACE:.+]]: memref<{{.+}}xi8> {sepconv.name = "workspace"}, %[[WEIGHTS:.+]]: memref<76xi8>
// CHECK: %[[PACKED:.+]] = memref.view %[[WEIGHTS]][%{{.+}}][] : memref<76xi8> to memref<6xf32>
// CHECK: %[[A:.+]] = memref.view %[[WORKSPACE]]
// CHECK: call @first(%[[X]], %[[PACKED]], %[[A]])
// CHECK: call @second(%[[A]], %{{.+}}, %[[B:.+]]) :
// CHECK: call @second(%[[B]], %{{.+}}, %[[Y]]) :
// CHECK-NEXT: return
module {
  func.func private @first(%x: memref<3xf32>, %f: memref<6xf32> {sepconv.pack = {dim = 0, tile = 3}},
                           %out: memref<3xf32>) attributes {sepconv.pattern = ["elementwise"]} {
    return
  }
  func.func private @second(%x: memref<3xf32>, %f: memref<3xf32>, %out: memref<3xf32>)
      attributes {sepconv.pattern = ["elementwise"]} {
    return
  }
  func.func @main(%x: tensor<3xf32> {sepconv.name = "x"})
      -> (tensor<3xf32> {sepconv.name = "y"}) {
    %f = arith.constant dense<[1.0, 2.0, 3.0, 4.0, 5.0]> : tensor<5xf32>
    %g = arith.constant dense<[7.0, 8.0, 9.0]> : tensor<3xf32>
    %0 = sepconv.call @first(%x, %f) : (tensor<3xf32>, tensor<5xf32>) -> tensor<3xf32>
    %1 = sepconv.call @second(%0, %g) : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
    %2 = sepconv.call @second(%1, %g) : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
    return %2 : tensor<3xf32>
  }
}

// -----

// Constants without elements take no place.
// CHECK-LABEL: func.func @empty(
// CHECK-SAME: %{{.+}}: memref<0xf32>, %{{.+}}: memref<0xf32>, %{{.+}}: memref<0xi8> {sepconv.name = "workspace"}, %{{.+}}: memref<0xi8>
func.func @empty() -> (tensor<0xf32>, tensor<0xf32>) {
  %0 = arith.constant dense<> : tensor<0xf32>
  return %0, %0 : tensor<0xf32>, tensor<0xf32>
}

// -----

// The example in the pass's description.
// CHECK: func.func @main(%arg0: memref<4xf32> {sepconv.name = "x"}, %arg1: memref<4xf32> {sepconv.name = "y"}, %arg2: memref<64xi8> {sepconv.name = "workspace"}, %arg3: memref<0xi8> {sepconv.name = "weights"}) {
// CHECK-NEXT: %c0 = arith.constant 0 : index
// CHECK-NEXT: %view = memref.view %arg2[%c0][] : memref<64xi8> to memref<4xf32>
// CHECK-NEXT: call @k(%arg0, %view) : (memref<4xf32>, memref<4xf32>) -> ()
// CHECK-NEXT: call @k(%view, %arg1) : (memref<4xf32>, memref<4xf32>) -> ()
// CHECK-NEXT: return
// CHECK-NEXT: }
// CHECK-NEXT: func.func private @k(%arg0: memref<4xf32>, %arg1: memref<4xf32>) attributes {sepconv.pattern = ["elementwise"]} {
// CHECK-NEXT: return
// CHECK-NEXT: }
func.func @main(%x: tensor<4xf32> {sepconv.name = "x"}) -> (tensor<4xf32> {sepconv.name = "y"}) {
  %0 = sepconv.call @k(%x) : (tensor<4xf32>) -> tensor<4xf32>
  %1 = sepconv.call @k(%0) : (tensor<4xf32>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}
func.func private @k(%x: memref<4xf32>, %out: memref<4xf32>)
    attributes {sepconv.pattern = ["elementwise"]} {
  return
}
