// RUN: sepconv-opt %s --sepconv-loops-to-llvm | FileCheck %s

// A task with memory of its own runs in a slot: it claims one, adds what it lies behind the first to the addresses that it
// captured, and releases it. The header of the slots lies before the flag and the memory of the first.

// CHECK-LABEL: llvm.func @prepare_slots(
// CHECK-LABEL: llvm.func @claim_slot(
// CHECK: llvm.load %{{.+}} atomic monotonic
// CHECK: llvm.cmpxchg %{{.+}} acquire monotonic
// CHECK-LABEL: llvm.func @release_slot(
// CHECK: llvm.store %{{.+}} atomic release
// CHECK-LABEL: llvm.func @task_shim(
// CHECK: %[[X:.+]] = llvm.load %{{.+}} : !llvm.ptr -> !llvm.ptr
// CHECK: %[[SECOND:.+]] = llvm.load %{{.+}} : !llvm.ptr -> !llvm.ptr
// CHECK: %[[FIRST:.+]] = llvm.load %{{.+}} : !llvm.ptr -> !llvm.ptr
// CHECK: %[[HEADER:.+]] = llvm.getelementptr %[[SECOND]][-192]
// CHECK: %[[SLOT:.+]] = llvm.call @claim_slot(%[[HEADER]]) : (!llvm.ptr) -> i64
// CHECK: %[[OWN_SECOND:.+]] = llvm.getelementptr %[[SECOND]][%[[SLOT]]]
// CHECK: %[[OWN_FIRST:.+]] = llvm.getelementptr %[[FIRST]][%[[SLOT]]]
// CHECK: llvm.call @task(%{{.+}}, %[[X]], %[[OWN_SECOND]], %[[OWN_FIRST]])
// CHECK: llvm.call @release_slot(%[[HEADER]], %[[SLOT]])

func.func private @task(%i: index, %x: memref<8xf32>, %second: memref<64xi8> {sepconv.task_offset = 64 : i64},
                        %first: memref<64xi8> {sepconv.task_offset = 0 : i64}) attributes {sepconv.task} {
  return
}
func.func private @k(%n: index, %x: memref<8xf32>, %first: memref<64xi8>, %second: memref<64xi8>, %p: !llvm.ptr) {
  sepconv.parallel_call @task(%n to %n)(%x, %second, %first) by(%p, %p) {task_offsets = array<i64: -1, 64, 0>}
    : (memref<8xf32>, memref<64xi8>, memref<64xi8>), !llvm.ptr, !llvm.ptr
  return
}
