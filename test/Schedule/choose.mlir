// RUN: rm -rf %t && split-file %s %t
// RUN: sepconv-opt %t/k.mlir --sepconv-choose-schedules=schedules=%t/mine | FileCheck %s
// RUN: not sepconv-opt %t/k.mlir --sepconv-choose-schedules=schedules=%t/wrong 2>&1 | FileCheck %s --check-prefix=WRONG
// RUN: not sepconv-opt %t/k.mlir --sepconv-choose-schedules=schedules=%t/infeasible 2>&1 | FileCheck %s --check-prefix=INFEASIBLE
// RUN: not sepconv-opt %t/k.mlir --sepconv-choose-schedules=schedules=%t/unknown 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// RUN: sepconv-opt %t/description.mlir | FileCheck %s --check-prefix=DESCRIPTION

// The search takes what is chosen for the kernel, and chooses as always for another one. A chosen schedule comes first.
// CHECK: func.func private @twelve({{.*}} attributes {{{.*}}sepconv.parameters = {step = 1 : i64, tile = 3 : i64}, {{.*}}sepconv.schedule = @s}
// CHECK: func.func private @eight({{.*}} attributes {{{.*}}sepconv.parameters = {step = 2 : i64, tile = 2 : i64}, {{.*}}sepconv.schedule = @s}
// CHECK: func.func private @six({{.*}} attributes {{{.*}}sepconv.parameters = {}, {{.*}}sepconv.schedule = @plain}
// WRONG: mine.mlir:1:1: error: 'schedule.choose' op S19: no schedule of the target is called @none
// WRONG: mine.mlir:2:1: error: 'schedule.choose' op S19: @s does not search for "tiles", but for "step", "tile"
// INFEASIBLE: mine.mlir:1:1: error: 'schedule.choose' op S19: no feasible candidate of @s has these values of tile
// UNKNOWN: mine.mlir:1:1: error: 'schedule.choose' op {{.*}}pool
// DESCRIPTION: schedule.choose @pointwise when "pointwise.y == 28" with {tile_x = 7 : i64, vectors = 4 : i64}

//--- description.mlir
schedule.choose @pointwise when "pointwise.y == 28" with {tile_x = 7, vectors = 4}
//--- k.mlir
func.func private @twelve(%x: tensor<12xf32>) -> tensor<12xf32> attributes {sepconv.pattern = ["elementwise"]} {
  return %x : tensor<12xf32>
}
func.func private @eight(%x: tensor<8xf32>) -> tensor<8xf32> attributes {sepconv.pattern = ["elementwise"]} {
  return %x : tensor<8xf32>
}
func.func private @six(%x: tensor<6xf32>) -> tensor<6xf32> attributes {sepconv.pattern = ["elementwise"]} {
  return %x : tensor<6xf32>
}
//--- mine/mine.mlir
schedule.schedule @s for ["elementwise"] {
  schedule.search ["tile"] in ["divisors(elementwise.c, 6)"] {
    schedule.minimize "tile"
    schedule.require "tile > 1"
  }
  schedule.search ["step"] in ["[4, 2, 1]"] {
    schedule.require "tile % step == 0"
  }
  schedule.stage "elementwise" {
    schedule.split "c" into ["co", "ci"] by "tile"
  }
}
schedule.schedule @plain for ["elementwise"] {}
schedule.choose @s when "elementwise.c == 12" with {tile = 3}
schedule.choose @plain when "elementwise.c == 6" with {}
//--- wrong/mine.mlir
schedule.choose @none with {}
schedule.choose @s with {tiles = 3}
schedule.schedule @s for ["elementwise"] {
  schedule.search ["tile"] in ["[2]"] {}
  schedule.search ["step"] in ["[2]"] {}
}
//--- infeasible/mine.mlir
schedule.choose @s with {tile = 5}
schedule.schedule @s for ["elementwise"] {
  schedule.search ["tile"] in ["divisors(elementwise.c, 6)"] {}
}
//--- unknown/mine.mlir
schedule.choose @s when "pool.c == 3" with {tile = 1}
schedule.schedule @s for ["elementwise"] {
  schedule.search ["tile"] in ["divisors(elementwise.c, 6)"] {}
}
