// RUN: rm -rf %t && split-file %s %t
// RUN: sepconv-opt %t/k.mlir --sepconv-list-candidates=schedules=%t/mine -o %t/out.mlir | FileCheck %s --strict-whitespace
// RUN: sepconv-opt %t/k.mlir --sepconv-list-candidates="schedules=%t/mine threads=callback" -o /dev/null | FileCheck %s --check-prefix=THREADS
// RUN: sepconv-opt %t/k.mlir --sepconv-list-candidates="target=x86-64-v4 schedules=%t/mine" -o /dev/null | %python -c "import json, sys; print(len([json.loads(line) for line in sys.stdin]))"
// RUN: not sepconv-opt %t/k.mlir --sepconv-list-candidates=target=z80 2>&1 | FileCheck %s --check-prefix=TARGET
// RUN: diff %t/k.mlir %t/out.mlir || FileCheck %s --check-prefix=SAME --input-file=%t/out.mlir

// What is chosen comes first; then what another candidate of each search leads to. A candidate with which a later
// search has none is not listed: tile 6 here.
// CHECK:{"kernel":"k","facts":{"elementwise.bytes":4,"elementwise.c":12,{{.+}}}}
// CHECK-NEXT:{"kernel":"k","schedule":"s","at":"{{.*}}s.mlir:1","costs":[1,0],"parameters":{"tile":4,"step":4}}
// CHECK-NEXT:{"kernel":"k","schedule":"s","at":"{{.*}}s.mlir:1","costs":[3,0],"parameters":{"tile":2,"step":2},"searched":["tile"]}
// CHECK-NEXT:{"kernel":"k","schedule":"s","at":"{{.*}}s.mlir:1","costs":[2,0],"parameters":{"tile":3,"step":1},"searched":["tile"]}
// CHECK-NEXT:{"kernel":"k","schedule":"s","at":"{{.*}}s.mlir:1","costs":[1,0],"parameters":{"tile":4,"step":2},"searched":["step"]}
// CHECK-NEXT:{"kernel":"k","schedule":"s","at":"{{.*}}s.mlir:1","costs":[1,0],"parameters":{"tile":4,"step":1},"searched":["step"]}
// Further schedules that fit are those that would be taken next.
// CHECK-NEXT:{"kernel":"k","schedule":"plain","at":"{{.*}}s.mlir:[[#]]","costs":[],"parameters":{}}
// CHECK-NEXT:{"kernel":"k","schedule":"elementwise_rows","at":"{{.*}}generic/elementwise.mlir:[[#]]",

// THREADS: "schedule":"s"
// THREADS: "schedule":"threaded"
// TARGET: unknown target 'z80'
// SAME: return

//--- k.mlir
func.func private @k(%x: tensor<12xf32>) -> tensor<12xf32>
    attributes {sepconv.pattern = ["elementwise"]} {
  return %x : tensor<12xf32>
}
//--- mine/s.mlir
schedule.schedule @s for ["elementwise"] {
  schedule.search ["tile"] in ["divisors(elementwise.c, 6)"] {
    schedule.require "tile > 1"
    schedule.minimize "select(tile == 6, 9, 5 - tile)"
  }
  schedule.search ["step"] in ["[4, 2, 1]"] {
    schedule.require "tile % step == 0 && tile < 6"
  }
  schedule.stage "elementwise" {
    schedule.split "c" into ["co", "ci"] by "tile"
  }
}
schedule.schedule @plain for ["elementwise"] {}
schedule.schedule @threaded for ["elementwise"] when "threads" {}
