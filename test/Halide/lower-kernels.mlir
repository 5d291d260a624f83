// RUN: sepconv-opt %s --sepconv-lower-kernels --canonicalize --cse --split-input-file | FileCheck %s

// Without a schedule a stage has loops of its own; buffers are one-dimensional.

// CHECK-LABEL: func.func private @default(
// CHECK-SAME: %[[X:.+]]: memref<12xf32>, %[[OUT:.+]]: memref<12xf32>)
// CHECK: scf.for
// CHECK: scf.for
// CHECK: memref.load %[[X]]
// CHECK: memref.store %{{.+}}, %[[OUT]]
#id = affine_map<(b, c) -> (b, c)>
func.func private @default(%x: tensor<3x4xf32>) -> tensor<3x4xf32>
    attributes {sepconv.pattern = ["elementwise"]} {
  %empty = tensor.empty() : tensor<3x4xf32>
  %0 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<3x4xf32>) outs(%empty : tensor<3x4xf32>) {
  ^bb0(%in: f32, %out: f32):
    %1 = math.exp %in : f32
    linalg.yield %1 : f32
  } -> tensor<3x4xf32>
  return %0 : tensor<3x4xf32>
}

// -----

// The directives' loops, vectors and tasks; a parameter and a fact of the target in expressions.

// CHECK-LABEL: func.func private @scheduled(
// CHECK: scf.parallel
// CHECK: vector.load %{{.+}} : memref<64xf32>, vector<4xf32>
// CHECK: arith.cmpf olt
// CHECK: arith.select
// CHECK: vector.store
module attributes {sepconv.facts = {vector_bytes = 16 : i64}} {
  schedule.schedule @s for ["elementwise"] {
    schedule.stage "elementwise" {
      schedule.split "c" into ["co", "ci"] by "min(lanes, vector_bytes / elementwise.bytes)"
      schedule.vectorize "ci"
      schedule.parallel "b"
      schedule.unroll "co" {when = "lanes > 4"}
    }
  }
  func.func private @scheduled(%x: tensor<8x8xf32>) -> tensor<8x8xf32>
      attributes {sepconv.pattern = ["elementwise"], sepconv.schedule = @s,
                  sepconv.parameters = {lanes = 4 : i64}} {
    %zero = arith.constant 0.0 : f32
    %empty = tensor.empty() : tensor<8x8xf32>
    %0 = linalg.generic {indexing_maps = [affine_map<(b, c) -> (b, c)>, affine_map<(b, c) -> (b, c)>],
                         iterator_types = ["parallel", "parallel"]}
        ins(%x : tensor<8x8xf32>) outs(%empty : tensor<8x8xf32>) {
    ^bb0(%in: f32, %out: f32):
      %1 = arith.cmpf olt, %in, %zero : f32
      %2 = arith.select %1, %zero, %in : f32
      linalg.yield %2 : f32
    } -> tensor<8x8xf32>
    return %0 : tensor<8x8xf32>
  }
}

// -----

// A packed weight is stored in tiles, the last one filled up; the sum is in scratch.

// CHECK-LABEL: func.func private @packed(
// CHECK-SAME: memref<8xf32>
// CHECK-SAME: memref<64xf32> {sepconv.pack = {dim = 1 : i64, tile = 4 : i64}, sepconv.weight}
// CHECK-SAME: memref<6xf32>
module {
  schedule.schedule @s for ["dense"] {
    schedule.stage "dense_sum" {
      schedule.compute_at "dense" loop "c"
      schedule.pack "c" by "4"
    }
    schedule.stage "dense" {
    }
  }
  func.func private @packed(%x: tensor<1x8xf32>, %f: tensor<8x6xf32> {sepconv.weight})
      -> tensor<1x6xf32> attributes {sepconv.pattern = ["dense"], sepconv.schedule = @s} {
    %zero = arith.constant 0.0 : f32
    %empty = tensor.empty() : tensor<1x6xf32>
    %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x6xf32>) -> tensor<1x6xf32>
    %0 = linalg.generic {
        indexing_maps = [affine_map<(b, c, kc) -> (b, kc)>, affine_map<(b, c, kc) -> (kc, c)>,
                         affine_map<(b, c, kc) -> (b, c)>],
        iterator_types = ["parallel", "parallel", "reduction"]}
        ins(%x, %f : tensor<1x8xf32>, tensor<8x6xf32>) outs(%init : tensor<1x6xf32>) {
    ^bb0(%in: f32, %weight: f32, %sum: f32):
      %1 = arith.mulf %in, %weight : f32
      %2 = arith.addf %sum, %1 : f32
      linalg.yield %2 : f32
    } -> tensor<1x6xf32>
    return %0 : tensor<1x6xf32>
  }
}

// -----

// The example in the pass's description.
// CHECK: func.func private @example(%arg0: memref<4xf32>, %arg1: memref<4xf32>) attributes {sepconv.pattern = ["elementwise"]} {
// CHECK-NEXT: %c1 = arith.constant 1 : index
// CHECK-NEXT: %c0 = arith.constant 0 : index
// CHECK-NEXT: %c4 = arith.constant 4 : index
// CHECK-NEXT: scf.for %arg2 = %c0 to %c4 step %c1 {
// CHECK-NEXT: %0 = memref.load %arg0[%arg2] : memref<4xf32>
// CHECK-NEXT: %1 = math.exp %0 : f32
// CHECK-NEXT: memref.store %1, %arg1[%arg2] : memref<4xf32>
// CHECK-NEXT: }
// CHECK-NEXT: return
// CHECK-NEXT: }
func.func private @example(%x: tensor<4xf32>) -> tensor<4xf32>
    attributes {sepconv.pattern = ["elementwise"]} {
  %empty = tensor.empty() : tensor<4xf32>
  %0 = linalg.generic {indexing_maps = [affine_map<(c) -> (c)>, affine_map<(c) -> (c)>],
                       iterator_types = ["parallel"]}
      ins(%x : tensor<4xf32>) outs(%empty : tensor<4xf32>) {
  ^bb0(%in: f32, %out: f32):
    %1 = math.exp %in : f32
    linalg.yield %1 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
