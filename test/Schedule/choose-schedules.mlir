// RUN: sepconv-opt %s --sepconv-choose-schedules="target=x86-64-v3 schedules=%S/Inputs/first" | FileCheck %s
// RUN: sepconv-opt %s --sepconv-choose-schedules="target=x86-64-v4 schedules=%S/Inputs/first threads=callback remarks" 2>&1 | FileCheck %s --check-prefix=REMARK
// RUN: sepconv-opt %s --sepconv-choose-schedules=target=x86-64-v3 | FileCheck %s --check-prefix=ROOT

// The user's directory comes first; what a target leaves out is its parent's.
// CHECK: module attributes {sepconv.facts = {hiding_positions = 32 : i64, l1_bytes = 32768 : i64, l2_bytes = 262144 : i64, line_bytes = 64 : i64, registers = 16 : i64, threads = 0 : i64, vector_bytes = 32 : i64}}
// CHECK: schedule.schedule @mine for ["elementwise"] {
// CHECK-NEXT: schedule.param "lanes" = "vector_bytes / elementwise.bytes"
// CHECK-NEXT: schedule.search ["tile"] in ["divisors(elementwise.c)"] {
// CHECK-NEXT: schedule.require "tile >= lanes"
// CHECK-NEXT: schedule.minimize "abs(tile - 3 * lanes)"
// CHECK-NEXT: }
// CHECK-NEXT: schedule.stage "elementwise" {
// CHECK-NEXT: schedule.split "c" into ["co", "ci"] by "tile"
// CHECK-NEXT: schedule.rename "co" to "tiles"
// CHECK-NEXT: schedule.vectorize "ci" by "lanes"
// CHECK-NEXT: schedule.parallel "tiles"
// CHECK-NEXT: schedule.unroll "y" {when = "elementwise.rank == 4"}
// CHECK-NEXT: }
// CHECK-NEXT: }
// CHECK-NOT: schedule.schedule
// CHECK: func.func private @k0(%arg0: tensor<64xf32>) -> tensor<64xf32> attributes {sepconv.parameters = {lanes = 8 : i64, tile = 16 : i64}, sepconv.pattern = ["elementwise"], sepconv.schedule = @mine} {
// CHECK-NEXT: return %arg0 : tensor<64xf32>
// CHECK-NEXT: }
// CHECK: func.func private @k1{{.*}}sepconv.parameters = {lanes = 8 : i64, tile = 16 : i64}{{.*}}sepconv.schedule = @mine
// A schedule that the module has already stays.
// CHECK: func.func private @chosen{{.*}}sepconv.parameters = {}{{.*}}sepconv.schedule = @other
// The first of the candidates of least cost; no schedule of that pattern: the default one.
// CHECK: func.func private @none({{.*}}attributes {sepconv.pattern = ["elementwise", "elementwise"]}

// Each kernel's choice is reported, with what was tried before it.
// REMARK: choose-schedules.mlir:{{[0-9]+}}:1: remark: schedule @mine ({{.*}}Inputs{{.}}first{{.}}elementwise.mlir:11) with {lanes = 16 : i64, tile = 32 : i64}; not @never ({{.*}}elementwise.mlir:2): not `elementwise.c > 1000`; not @infeasible ({{.*}}elementwise.mlir:4): no (tile) with `elementwise.c % tile == 0`
// REMARK: remark: the default schedule: no schedule is for this pattern
// REMARK: threads = 1 : i64, vector_bytes = 64 : i64

// ROOT-NOT: @mine
func.func private @k0(%x: tensor<64xf32>) -> tensor<64xf32>
    attributes {sepconv.pattern = ["elementwise"]} {
  return %x : tensor<64xf32>
}
func.func private @k1(%x: tensor<16xf32>) -> tensor<16xf32> attributes {sepconv.pattern = ["elementwise"]} {
  return %x : tensor<16xf32>
}
func.func private @chosen(%x: tensor<16xf32>) -> tensor<16xf32> attributes {sepconv.pattern = ["elementwise"], sepconv.schedule = @other, sepconv.parameters = {}} {
  return %x : tensor<16xf32>
}
func.func private @none(%x: tensor<16xf32>, %y: tensor<16xf32>) -> (tensor<16xf32>, tensor<16xf32>) attributes {sepconv.pattern = ["elementwise", "elementwise"]} {
  return %x, %y : tensor<16xf32>, tensor<16xf32>
}
