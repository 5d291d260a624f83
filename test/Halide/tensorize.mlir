// RUN: sepconv-opt %s --split-input-file --verify-diagnostics --sepconv-lower-kernels | FileCheck %s

// A sum of products of bytes, four of which an instruction adds up at once. The input is signed and the instruction's is
// not: its bytes are copied as x + 128, in front of each tile of the weights is what the sums begin with, and the last
// group of the 6 terms is moved inwards.

#input = affine_map<(b, c, k) -> (b, k)>
#weight = affine_map<(b, c, k) -> (k, c)>
#result = affine_map<(b, c, k) -> (b, c)>

// CHECK-LABEL: func.func private @dot
// CHECK-SAME: memref<12xi8>
// CHECK-SAME: memref<48xi32> {sepconv.pack = {along = array<i64: 0>, dim = 1 : i64, shift = -128 : i64, terms = 4 : i64, tile = 16 : i64}, sepconv.weight}
// CHECK: %[[BYTES:.*]] = memref.alloca() {{.*}} : memref<12xi8>
// CHECK: arith.xori %{{.*}}, %c-128_i8
// CHECK: vector.load %arg1[%c0{{.*}}] : memref<48xi32>, vector<16xi32>
// CHECK: vector.load %[[BYTES]][%{{.*}}] : memref<12xi8>, vector<4xi8>
// CHECK: vector.load %arg1[%c16{{.*}}] : memref<48xi32>, vector<16xi32>
// CHECK: llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"
// CHECK: %[[LAST:.*]] = arith.addi %{{.*}}, %c2{{.*}} : index
// CHECK: vector.load %[[BYTES]][%[[LAST]]] : memref<12xi8>, vector<4xi8>
// CHECK: vector.load %arg1[%c32{{.*}}] : memref<48xi32>, vector<16xi32>
// CHECK: llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"(%{{.*}}) : (vector<16xi32>, vector<64xi8>, vector<64xi8>) -> vector<16xi32>
module attributes {sepconv.facts = {vpdpbusd_terms = 4}} {
  schedule.schedule @tensorized for ["dense"] {
    schedule.update "dense_sum" {
      schedule.tensorize ["kc"] into "groups" by "vpdpbusd"
      schedule.reorder ["c", "groups"]
      schedule.vectorize "c" by "16"
    }
    schedule.stage "dense_sum" {
      schedule.wrap "input" as "bytes"
      schedule.pack "c" by "16"
      schedule.vectorize "c" by "16"
    }
  }
  func.func private @dot(%x: tensor<2x6xi8>, %w: tensor<6x16xi8> {sepconv.weight}) -> tensor<2x16xi32>
      attributes {sepconv.pattern = ["dense"], sepconv.schedule = @tensorized} {
    %zero = arith.constant 0 : i32
    %empty = tensor.empty() : tensor<2x16xi32>
    %zeros = linalg.fill ins(%zero : i32) outs(%empty : tensor<2x16xi32>) -> tensor<2x16xi32>
    %sums = linalg.generic {indexing_maps = [#input, #weight, #result], iterator_types = ["parallel", "parallel", "reduction"]}
        ins(%x, %w : tensor<2x6xi8>, tensor<6x16xi8>) outs(%zeros : tensor<2x16xi32>) {
    ^bb0(%a: i8, %b: i8, %sum: i32):
      %0 = arith.extsi %a : i8 to i32
      %1 = arith.extsi %b : i8 to i32
      %2 = arith.muli %0, %1 : i32
      %3 = arith.addi %sum, %2 : i32
      linalg.yield %3 : i32
    } -> tensor<2x16xi32>
    return %sums : tensor<2x16xi32>
  }
}
