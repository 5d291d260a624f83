// RUN: sepconv-opt %s --sepconv-lower-kernels-reference | FileCheck %s --check-prefix=KERNEL
// RUN: sepconv-opt %s --sepconv-lower-kernels-reference --sepconv-plan-memory | FileCheck %s --check-prefix=PLAN
// RUN: sepconv-opt %s '--sepconv-to-llvm=name=tiny lowering=reference' | FileCheck %s
// RUN: sepconv-compile %s --name=tiny --lowering=reference --emit=header | FileCheck %s --check-prefix=HEADER
// RUN: sepconv-compile %s --name=tiny --lowering=reference --emit=report-json | FileCheck %s --check-prefix=REPORT

// A kernel's buffers are those of the greatest size, 20 * 4 elements, and it fills their beginning.
// KERNEL: func.func private @pool_0(%[[X:[^:]+]]: memref<80xf32> {{.*}}, %[[H:[^:]+]]: index {{.*}}, %[[Y:[^:]+]]: memref<76xf32>,
// KERNEL: memref.reinterpret_cast %[[Y]] to offset: [0], sizes: [1, %{{.+}}, 4, 1]
// KERNEL: memref.reinterpret_cast %[[X]] to offset: [0], sizes: [1, %[[H]], 4, 1]

// The entry takes dynamic sizes behind its buffers; what it returns besides is copied as far as there is something.
// PLAN: func.func @main(%[[X:[^:]+]]: memref<80xf32> {{.*}}, %[[Y:[^:]+]]: memref<76xf32> {{.*}}, %[[COPY:[^:]+]]: memref<80xf32> {{.*}}, %{{[^:]+}}: memref<64xi8> {{.*}}, %{{[^:]+}}: memref<0xi8> {{.*}}, %[[H:[^:]+]]: index {sepconv.size
// PLAN: call @pool_0(%[[X]], %[[H]], %[[Y]], %{{.+}})
// PLAN: %[[FROM:.+]] = memref.subview %[[X]][0] [%[[N:.+]]] [1]
// PLAN: %[[TO:.+]] = memref.subview %[[COPY]][0] [%[[N]]] [1]
// PLAN: memref.copy %[[FROM]], %[[TO]]

// NAME_run computes what buffers need, and refuses sizes that there is no code for.
// CHECK: llvm.func @tiny_run(%[[HEIGHT:[^:]+]]: i64, %[[X:[^:]+]]: !llvm.ptr, %[[X_BYTES:[^:]+]]: i64,
// CHECK: %[[ROWS:.+]] = llvm.mul %{{.+}}, %[[HEIGHT]]
// CHECK: %[[NEEDED:.+]] = llvm.mul %{{.+}}, %{{.+}} : i64
// CHECK: llvm.intr.usub.sat(%{{.+}}, %[[X_BYTES]])
// CHECK: %[[LEAST:.+]] = llvm.mlir.constant(4 : i64)
// CHECK: llvm.icmp "ult" %[[HEIGHT]], %[[LEAST]]
// CHECK: %[[GREATEST:.+]] = llvm.mlir.constant(20 : i64)
// CHECK: llvm.icmp "ugt" %[[HEIGHT]], %[[GREATEST]]
// CHECK: %[[FACTOR:.+]] = llvm.mlir.constant(2 : i64)
// CHECK: llvm.urem %[[HEIGHT]], %[[FACTOR]]

// HEADER: /* height: 4 to 20, a multiple of 2 */
// HEADER-NEXT: #define TINY_LEAST_HEIGHT 4
// HEADER-NEXT: #define TINY_GREATEST_HEIGHT 20
// HEADER-NEXT: /* input x: float32[1][height][4][1] */
// HEADER-NEXT: #define TINY_INPUT_ELEMENTS(height) (1 * (size_t)(height) * 4 * 1)
// HEADER-NEXT: #define TINY_INPUT_BYTES(height) (TINY_INPUT_ELEMENTS(height) * 4)
// HEADER-NEXT: /* output y: float32[1][height - 1][4][1] */
// HEADER-NEXT: #define TINY_Y_ELEMENTS(height) (1 * ((size_t)(height) - 1) * 4 * 1)
// HEADER: TINY_ERROR_UNSUPPORTED_SIZE = 5
// HEADER: tiny_status tiny_run(
// HEADER-NEXT: size_t height,
// HEADER-NEXT: const float *input, size_t input_bytes,

// REPORT: "sizes":[{"name":"height","least":4,"greatest":20,"factor":2}]
// REPORT-SAME: "inputs":[{"name":"x","c_name":"input","dtype":"float32","shape":[1,"height",4,1],"bytes":320}]
// REPORT-SAME: "shape":[1,"height - 1",4,1],"bytes":304}
#map = affine_map<(d0) -> (1, d0 - 1, 4, 1)>
module attributes {sepconv.model = "tiny"} {
  func.func @main(%x: tensor<1x?x4x1xf32> {sepconv.name = "x", sepconv.sizes = [#sepconv.size<"height", least = 4, greatest = 20, factor = 2>]})
      -> (tensor<1x?x4x1xf32> {sepconv.name = "y", sepconv.shape = #map},
          tensor<1x?x4x1xf32> {sepconv.name = "copy", sepconv.shape = affine_map<(d0) -> (1, d0, 4, 1)>}) {
    %c1 = arith.constant 1 : index
    %h = tensor.dim %x, %c1 : tensor<1x?x4x1xf32>
    %0 = sepconv.call @pool_0(%x, %h) : (tensor<1x?x4x1xf32>, index) -> tensor<1x?x4x1xf32>
    return %0, %x : tensor<1x?x4x1xf32>, tensor<1x?x4x1xf32>
  }
  func.func private @pool_0(%x: tensor<1x?x4x1xf32> {sepconv.shape = affine_map<(d0) -> (1, d0, 4, 1)>},
                            %h: index {sepconv.size = #sepconv.size<"height", least = 4, greatest = 20, factor = 2>})
      -> tensor<1x?x4x1xf32> attributes {sepconv.pattern = ["pool"]} {
    %low = arith.constant -1.0 : f32
    %rows = affine.apply affine_map<()[s0] -> (s0 - 1)>()[%h]
    %empty = tensor.empty(%rows) : tensor<1x?x4x1xf32>
    %window = tensor.empty() : tensor<2x1xf32>
    %fill = linalg.fill ins(%low : f32) outs(%empty : tensor<1x?x4x1xf32>) -> tensor<1x?x4x1xf32>
    %0 = linalg.pooling_nhwc_max ins(%x, %window : tensor<1x?x4x1xf32>, tensor<2x1xf32>)
      outs(%fill : tensor<1x?x4x1xf32>) -> tensor<1x?x4x1xf32>
    return %0 : tensor<1x?x4x1xf32>
  }
}
