// RUN: sepconv-opt %s --sepconv-split-concatenations=most=2 | FileCheck %s --check-prefix=EXAMPLE
// A concatenation of more than 16 tensors becomes a tree in which as few as possible are copied twice.
// RUN: sepconv-opt %s --sepconv-split-concatenations | FileCheck %s
// RUN: %python %source/test/support/large_models.py concat 1000 > %t.mlir
// RUN: sepconv-opt %t.mlir --sepconv-split-concatenations -o %t.split.mlir
// RUN: grep -c "tensor.concat" %t.split.mlir | FileCheck %s --check-prefix=COUNT
// Of 16 operands each: 63 leave 63 tensors, 4 leave 16 for the last one.
// COUNT: {{^}}68{{$}}

// EXAMPLE: func.func @example(%[[ARG0:.+]]: tensor<1x2xf32>) -> tensor<1x6xf32> {
// EXAMPLE-NEXT: %[[CONCAT:.+]] = tensor.concat dim(1) %[[ARG0]], %[[ARG0]] : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x4xf32>
// EXAMPLE-NEXT: %[[CONCAT_0:.+]] = tensor.concat dim(1) %[[CONCAT]], %[[ARG0]] : (tensor<1x4xf32>, tensor<1x2xf32>) -> tensor<1x6xf32>
// EXAMPLE-NEXT: return %[[CONCAT_0]] : tensor<1x6xf32>
// EXAMPLE-NEXT: }
func.func @example(%x: tensor<1x2xf32>) -> tensor<1x6xf32> {
  %0 = tensor.concat dim(1) %x, %x, %x
    : (tensor<1x2xf32>, tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x6xf32>
  return %0 : tensor<1x6xf32>
}

// Sixteen stay as they are; a dynamic size is the sum of the parts.
// CHECK-LABEL: func.func @dynamic(
// CHECK: tensor.concat dim(0) %{{.+}}, %{{.+}} : (tensor<?xf32>, tensor<2xf32>) -> tensor<?xf32>
// CHECK: tensor.concat dim(0) {{.*}} -> tensor<?xf32>
// CHECK-NOT: tensor.concat
func.func @dynamic(%x: tensor<?xf32>, %y: tensor<2xf32>) -> tensor<?xf32> {
  %0 = tensor.concat dim(0) %x, %y, %y, %y, %y, %y, %y, %y, %y, %y, %y, %y, %y, %y, %y, %y, %y
    : (tensor<?xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>,
       tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>,
       tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<?xf32>
  return %0 : tensor<?xf32>
}
