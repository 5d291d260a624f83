// RUN: sepconv-opt %s '--sepconv-to-llvm=name=tiny lowering=reference' | FileCheck %s
// RUN: sepconv-opt %s --sepconv-to-loops | sepconv-opt --sepconv-to-llvm=name=tiny | FileCheck %s
// RUN: sepconv-opt %s '--sepconv-to-llvm=name=tiny lowering=reference target=x86-64-multi' | FileCheck %s --check-prefix=MULTI
// RUN: sepconv-compile %s --name=tiny --weights=arguments --emit=header | FileCheck %s --check-prefix=HEADER
// RUN: sepconv-compile %s --name=tiny --weights=arguments --emit=report-json | FileCheck %s --check-prefix=REPORT

// NAME_run takes the batch first and calls the entry for each image; weights and workspace stay. As many images as the
// size given has room for are compared with the batch, so that no product of sizes overflows.

// CHECK: module attributes {sepconv.dynamic_batch,
// CHECK: llvm.func @tiny_run(%[[BATCH:[^:]+]]: i64, %[[X:[^:]+]]: !llvm.ptr, %[[X_BYTES:[^:]+]]: i64, %[[Y:[^:]+]]: !llvm.ptr, %{{[^:]+}}: i64, %[[WEIGHTS:[^:]+]]: !llvm.ptr, %[[WORKSPACE:[^:]+]]: !llvm.ptr, %{{[^:]+}}: i64) -> i32
// CHECK: llvm.icmp "eq" %[[WEIGHTS]],
// CHECK: %[[W_AT:.+]] = llvm.getelementptr %[[WEIGHTS]][0]
// CHECK-NEXT: %[[W:.+]] = llvm.load %[[W_AT]] : !llvm.ptr -> !llvm.ptr
// CHECK-NEXT: %[[W_BYTES_AT:.+]] = llvm.getelementptr %[[WEIGHTS]][1]
// CHECK-NEXT: %[[W_BYTES:.+]] = llvm.load %[[W_BYTES_AT]] : !llvm.ptr -> i64
// CHECK: %[[SIXTEEN:.+]] = llvm.mlir.constant(16 : i64)
// CHECK: %[[ROOM:.+]] = llvm.udiv %[[X_BYTES]], %[[SIXTEEN]]
// CHECK: llvm.intr.usub.sat(%[[BATCH]], %[[ROOM]])
// CHECK: llvm.intr.usub.sat(%{{.+}}, %[[W_BYTES]])
// CHECK: %[[EMPTY:.+]] = llvm.icmp "eq" %[[BATCH]], %{{.+}} : i64
// CHECK: %[[OK:.+]] = llvm.mlir.constant(0 : i32)
// CHECK: %[[STATUS:.+]] = llvm.select %[[EMPTY]], %[[OK]], %{{.+}}
// CHECK: llvm.cond_br %{{.+}}, ^[[GOOD:.+]], ^[[END:.+]](%[[STATUS]] : i32)
// CHECK: ^[[HEAD:bb[0-9]+]](%[[INDEX:.+]]: i64):
// CHECK: llvm.icmp "ult" %[[INDEX]], %[[BATCH]]
// CHECK: %[[X_OFFSET:.+]] = llvm.mul %[[INDEX]], %{{.+}}
// CHECK: %[[X_IMAGE:.+]] = llvm.getelementptr %[[X]][%[[X_OFFSET]]] : (!llvm.ptr, i64) -> !llvm.ptr, i8
// CHECK: %[[Y_IMAGE:.+]] = llvm.getelementptr %[[Y]]
// CHECK-NOT: llvm.getelementptr
// CHECK: llvm.call @tiny_main(%[[X_IMAGE]], %[[W]], %[[Y_IMAGE]], %[[WORKSPACE]], %{{.+}})
// CHECK: llvm.br ^[[HEAD]](%{{.+}} : i64)

// MULTI: llvm.func @tiny_run(%[[BATCH:.+]]: i64, %[[X:[^:]+]]: !llvm.ptr,
// MULTI: llvm.call @tiny_processor()
// MULTI: ^[[HEAD:bb[0-9]+]](%[[INDEX:.+]]: i64):
// MULTI: llvm.select %{{.*}} : i1, !llvm.ptr
// MULTI: %[[BEST:.+]] = llvm.select %{{.*}} : i1, !llvm.ptr
// MULTI-NEXT: llvm.call %[[BEST]](
// MULTI: llvm.br ^[[HEAD]](

// A name of the parameter's own is another one.
// HEADER: /* ELEMENTS and BYTES of inputs and outputs are those of one image. */
// HEADER-NEXT: /* input x: float32[batch][4] */
// HEADER-NEXT: #define TINY_INPUT_ELEMENTS 4
// HEADER-NEXT: #define TINY_INPUT_BYTES 16
// HEADER-NEXT: /* output y: float32[batch][4] */
// HEADER-NEXT: #define TINY_OUTPUT_ELEMENTS 4
// HEADER: /* weight batch: float32[1][4] */
// HEADER-NEXT: #define TINY_BATCH_1_ELEMENTS 4
// HEADER: typedef struct tiny_weights {
// HEADER-NEXT: const float *batch_1; size_t batch_1_bytes;
// HEADER-NEXT: } tiny_weights;
// HEADER: /* Runs the model on batch images, which are contiguous in each input and output. A batch of 0
// HEADER: tiny_status tiny_run(
// HEADER-NEXT: size_t batch,
// HEADER-NEXT: const float *input, size_t input_bytes,
// HEADER-NEXT: float *output, size_t output_bytes,
// HEADER-NEXT: const tiny_weights *weights,

// REPORT: "batch":null,"inputs":[{"name":"x","c_name":"input","dtype":"float32","shape":[null,4],"bytes":16}]
// REPORT-SAME: "outputs":[{"name":"y","c_name":"output","dtype":"float32","shape":[null,4],"bytes":16}]
// REPORT-SAME: "arguments":[{"name":"batch","c_name":"batch_1","dtype":"float32","shape":[1,4],"bytes":16}]
module attributes {sepconv.dynamic_batch, sepconv.model = "tiny"} {
  func.func @main(%x: tensor<1x4xf32> {sepconv.name = "x"}, %w: tensor<1x4xf32> {sepconv.name = "batch", sepconv.weight})
      -> (tensor<1x4xf32> {sepconv.name = "y"}) {
    %0 = linalg.add ins(%x, %w : tensor<1x4xf32>, tensor<1x4xf32>) outs(%x : tensor<1x4xf32>) -> tensor<1x4xf32>
    return %0 : tensor<1x4xf32>
  }
}
