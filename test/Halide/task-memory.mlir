// RUN: sepconv-opt %s --sepconv-lower-kernels | FileCheck %s
// RUN: sepconv-opt %s --sepconv-lower-kernels --sepconv-plan-memory --sepconv-lower-parallel=threads=callback | FileCheck %s --check-prefix=TASK

// What is stored within a parallel loop is memory of a task: an argument for each level of nested storage. Halide computes
// the first and the last row of the image apart from those between, which have no padding, and stores the padded row of each
// anew: they use the same memory, one after the other.

// CHECK-LABEL: func.func private @large(
// CHECK-SAME: %{{.+}}: memref<24000xf32>, %{{.+}}: memref<30020xf32>, %[[MEMORY:.+]]: memref<12032xi8> {sepconv.task_offset = 0 : i64})
// CHECK-NOT: memref.alloca
// CHECK: scf.parallel
// CHECK-COUNT-3: memref.view %[[MEMORY]][%{{.+}}][] : memref<12032xi8> to memref<3002xf32>
// CHECK-NOT: memref.alloca

// A task is called with the memory of a slot: which captured values that are, the call says.
// TASK-LABEL: func.func private @large_task_0(
// TASK-SAME: memref<12032xi8> {sepconv.task_offset = 0 : i64}
// TASK: sepconv.parallel_call @large_task_0({{.*}}task_offsets = array<i64: {{.*}}0{{.*}}>}

// The entry passes that of the first slot. Before it are the flag of the slot and the header of all slots.
// TASK-LABEL: func.func @main(
// TASK-SAME: memref<12160xi8> {sepconv.name = "workspace"}
// TASK-DAG: %[[AT:.+]] = arith.constant 128 : index
// TASK: memref.view %{{.+}}[%[[AT]]][] : memref<12160xi8> to memref<12032xi8>
// TASK: call @large(
module {
  schedule.schedule @s for ["elementwise"] {
    schedule.stage "elementwise" {
      schedule.parallel "b"
    }
    schedule.stage "pad" {
      schedule.compute_at "elementwise" loop "b"
    }
  }
  func.func private @large(%x: tensor<8x3000xf32>) -> tensor<10x3002xf32>
      attributes {sepconv.pattern = ["elementwise"], sepconv.schedule = @s} {
    %zero = arith.constant 0.0 : f32
    %pad = tensor.pad %x low[1, 1] high[1, 1] {
    ^bb0(%i: index, %j: index):
      tensor.yield %zero : f32
    } : tensor<8x3000xf32> to tensor<10x3002xf32>
    %empty = tensor.empty() : tensor<10x3002xf32>
    %0 = linalg.generic {indexing_maps = [affine_map<(b, c) -> (b, c)>, affine_map<(b, c) -> (b, c)>],
                         iterator_types = ["parallel", "parallel"]}
        ins(%pad : tensor<10x3002xf32>) outs(%empty : tensor<10x3002xf32>) {
    ^bb0(%in: f32, %out: f32):
      %1 = arith.mulf %in, %in : f32
      linalg.yield %1 : f32
    } -> tensor<10x3002xf32>
    return %0 : tensor<10x3002xf32>
  }
  func.func @main(%x: tensor<8x3000xf32>) -> tensor<10x3002xf32> {
    %0 = sepconv.call @large(%x) : (tensor<8x3000xf32>) -> tensor<10x3002xf32>
    return %0 : tensor<10x3002xf32>
  }
}
