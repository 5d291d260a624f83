// RUN: sed s/STACK/37000/ %s | sepconv-opt --sepconv-lower-kernels | FileCheck %s --check-prefixes=CHECK,OWN
// RUN: sed s/STACK/24100/ %s | sepconv-opt --sepconv-lower-kernels | FileCheck %s --check-prefixes=CHECK,TWO
// RUN: sed s/STACK/13000/ %s | sepconv-opt --sepconv-lower-kernels | FileCheck %s --check-prefixes=CHECK,SHARED
// RUN: sed s/STACK/12000/ %s | not sepconv-opt --sepconv-lower-kernels 2>&1 | FileCheck %s --check-prefix=NONE

// What is stored within a parallel loop is on the stack of a task. Halide computes the first and the last row of the image
// apart from those between, which have no padding, and stores the padded row of each anew: in buffers of their own while
// there is room, then in the one that is free. What there is no room for even so is an error.

// CHECK: scf.parallel
// OWN-COUNT-3: memref.alloca() {{.*}} : memref<3002xf32>
// TWO-COUNT-2: memref.alloca() {{.*}} : memref<3002xf32>
// SHARED: memref.alloca() {{.*}} : memref<3002xf32>
// CHECK-NOT: memref.alloca
// NONE: error: the schedule needs 12008 bytes of stack, more than 12000; use smaller tiles or compute the stage outside the parallel loop
module attributes {sepconv.facts = {stack_bytes = STACK : i64}} {
  schedule.schedule @s for ["elementwise"] {
    schedule.stage "elementwise" {
      schedule.parallel "b"
    }
    schedule.stage "pad" {
      schedule.compute_at "elementwise" loop "b"
    }
  }
  func.func private @k(%x: tensor<8x3000xf32>) -> tensor<10x3002xf32>
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
}
