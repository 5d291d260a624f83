// RUN: rm -rf %t && mkdir -p %t && sed -n '/^schedule/,/^}/p' %s > %t/s.mlir
// RUN: sed '/^schedule/,/^}/d' %s > %t/k.mlir
// RUN: sepconv-opt %t/k.mlir --sepconv-choose-schedules=schedules=%t --sepconv-lower-kernels --canonicalize --cse | FileCheck %s

// A directive that does not apply makes no stage: what is said of the stage is left out, by what verifies a schedule
// as by what applies it. 32 terms are added up in two parts, 6 in none; 32 through a copy of the weight, 6 without.

// CHECK-LABEL: func.func private @long(
// CHECK-DAG: memref.alloca() {{.*}} : memref<8xf32>
// CHECK-DAG: memref.alloca() {{.*}} : memref<128xf32>
// CHECK: scf.for {{.*}} to %c16 step
// CHECK-LABEL: func.func private @short(
// CHECK: memref.alloca() {{.*}} : memref<4xf32>
// CHECK-NOT: memref.alloca
// CHECK: scf.for {{.*}} to %c6 step
// CHECK-NOT: memref.alloca

schedule.schedule @parts for ["dense"] {
  schedule.update "dense_sum" {
    schedule.split "kc" into ["step", "slice"] by "2" {when = "dense_sum.kc > 8"}
    schedule.rfactor "slice" as "part" {when = "dense_sum.kc > 8"}
  }
  schedule.update "part_sum" {
    schedule.reorder ["c", "slice", "step"]
  }
  schedule.stage "dense" {}
  schedule.stage "dense_sum" {
    schedule.wrap "weight" as "filter" {when = "dense_sum.kc > 8"}
  }
  schedule.stage "part" {
    schedule.compute_root
  }
  schedule.stage "part_sum" {
    schedule.compute_root
  }
  schedule.stage "filter" {
    schedule.vectorize "c"
  }
}

func.func private @long(%x: tensor<1x32xf32>, %w: tensor<32x4xf32>, %init: tensor<1x4xf32>) -> tensor<1x4xf32>
    attributes {sepconv.pattern = ["dense"]} {
  %0 = linalg.matmul ins(%x, %w : tensor<1x32xf32>, tensor<32x4xf32>) outs(%init : tensor<1x4xf32>) -> tensor<1x4xf32>
  return %0 : tensor<1x4xf32>
}
func.func private @short(%x: tensor<1x6xf32>, %w: tensor<6x4xf32>, %init: tensor<1x4xf32>) -> tensor<1x4xf32>
    attributes {sepconv.pattern = ["dense"]} {
  %0 = linalg.matmul ins(%x, %w : tensor<1x6xf32>, tensor<6x4xf32>) outs(%init : tensor<1x4xf32>) -> tensor<1x4xf32>
  return %0 : tensor<1x4xf32>
}
