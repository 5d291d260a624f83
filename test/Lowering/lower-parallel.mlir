// RUN: sepconv-opt %s --sepconv-lower-parallel | FileCheck %s
// RUN: sepconv-opt %s --sepconv-lower-parallel=threads=callback | FileCheck %s --check-prefix=TASK

// Without threads a parallel loop is a serial one, and what it has on the stack is there once.

// CHECK-LABEL: func.func private @k(
// CHECK: %[[TILE:.+]] = memref.alloca() {alignment = 64 : i64} : memref<4xf32>
// CHECK: scf.for
// CHECK: memref.store %{{.+}}, %[[TILE]]
// CHECK-NOT: scf.parallel

// With a callback the body is a function of the index and of what it uses; its constants go along, and
// so does its stack. The entry takes the caller's parallel-for and hands it on.

// TASK-LABEL: func.func private @k_task_0(
// TASK-SAME: %[[I:.+]]: index, %[[X:.+]]: memref<8xf32>, %[[OUT:.+]]: memref<8xf32>)
// TASK: memref.alloca
// TASK: memref.load %[[X]][%[[I]]]
// TASK-LABEL: func.func private @k(
// TASK-SAME: [[FOR:%[a-z0-9]+]]: !llvm.ptr, [[POOL:%[a-z0-9]+]]: !llvm.ptr)
// TASK: sepconv.parallel_call @k_task_0(%{{.+}} to %{{.+}}) (%{{.+}}, %{{.+}}) by([[FOR]], [[POOL]])
// TASK-LABEL: func.func @main(
// TASK-SAME: %[[ARG:.+]]: memref<8xf32>, [[FOR:%[a-z0-9]+]]: !llvm.ptr, [[POOL:%[a-z0-9]+]]: !llvm.ptr)
// TASK: call @k(%[[ARG]], %[[ARG]], [[FOR]], [[POOL]])
func.func private @k(%x: memref<8xf32>, %out: memref<8xf32>)
    attributes {sepconv.pattern = ["elementwise"]} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  scf.parallel (%i) = (%c0) to (%c8) step (%c1) {
    %tile = memref.alloca() {alignment = 64 : i64} : memref<4xf32>
    %0 = memref.load %x[%i] : memref<8xf32>
    memref.store %0, %tile[%c0] : memref<4xf32>
    %1 = memref.load %tile[%c0] : memref<4xf32>
    memref.store %1, %out[%i] : memref<8xf32>
  }
  return
}
func.func @main(%x: memref<8xf32>) {
  call @k(%x, %x) : (memref<8xf32>, memref<8xf32>) -> ()
  return
}

// The example in the pass's description.
// TASK: func.func private @example_task_0(%arg0: index, %arg1: memref<8xf32>, %arg2: memref<8xf32>) attributes {sepconv.task} {
// TASK-NEXT: %0 = memref.load %arg1[%arg0] : memref<8xf32>
// TASK-NEXT: memref.store %0, %arg2[%arg0] : memref<8xf32>
// TASK-NEXT: return
// TASK-NEXT: }
// TASK-NEXT: func.func private @example(%arg0: memref<8xf32>, %arg1: memref<8xf32>, %arg2: !llvm.ptr, %arg3: !llvm.ptr) attributes {sepconv.pattern = ["elementwise"]} {
// TASK-NEXT: %c0 = arith.constant 0 : index
// TASK-NEXT: %c1 = arith.constant 1 : index
// TASK-NEXT: %c8 = arith.constant 8 : index
// TASK-NEXT: sepconv.parallel_call @example_task_0(%c0 to %c8) (%arg0, %arg1) by(%arg2, %arg3) : (memref<8xf32>, memref<8xf32>), !llvm.ptr, !llvm.ptr
// TASK-NEXT: return
// TASK-NEXT: }
func.func private @example(%x: memref<8xf32>, %out: memref<8xf32>)
    attributes {sepconv.pattern = ["elementwise"]} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  scf.parallel (%i) = (%c0) to (%c8) step (%c1) {
    %0 = memref.load %x[%i] : memref<8xf32>
    memref.store %0, %out[%i] : memref<8xf32>
  }
  return
}
