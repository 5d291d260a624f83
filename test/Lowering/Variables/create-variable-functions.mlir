// Functions on the weights that are arguments: one for each initializer and shape, called with what the name is
// hashed to; regularizers and constraints of trainable weights only.
// RUN: split-file %s %t
// RUN: sepconv-opt %t/model.mlir '--sepconv-to-loops=weights=arguments with=init,loss,constraints lowering=reference' | FileCheck %s
// RUN: sepconv-opt %t/model.mlir '--sepconv-to-llvm=name=tiny weights=arguments with=init,loss,constraints lowering=reference' | FileCheck %s --check-prefix=C
// RUN: sepconv-opt %t/example.mlir --sepconv-plan-memory --sepconv-create-variable-functions=functions=init | FileCheck %s --check-prefix=EXAMPLE
// RUN: not sepconv-opt %t/model.mlir '--sepconv-to-loops=weights=arguments with=train lowering=reference' 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// RUN: not sepconv-opt %t/none.mlir '--sepconv-to-loops=weights=arguments with=init lowering=reference' 2>&1 | FileCheck %s --check-prefix=NONE
// RUN: not sepconv-opt %t/none.mlir --sepconv-create-variable-functions=functions=init 2>&1 | FileCheck %s --check-prefix=EARLY

// A model may have functions of the same names; those of the random numbers are reserved.
// RUN: sepconv-opt %t/names.mlir '--sepconv-to-loops=weights=arguments with=init,loss,constraints lowering=reference' | FileCheck %s --check-prefix=NAMES
// RUN: sed 's/variables_init/sepconv.mix/' %t/names.mlir | not sepconv-opt '--sepconv-to-loops=weights=arguments with=init lowering=reference' 2>&1 | FileCheck %s --check-prefix=RESERVED

// CHECK: sepconv.interface = {{.*}}functions = ["init", "regularization_loss", "apply_constraints"]
// CHECK: func.func private @variables_init(%[[SEED:.*]]: i64, %[[W:.*]]: memref<16xf32>, %[[V:.*]]: memref<16xf32>, %{{.*}}: memref<4xf32>) attributes {sepconv.function = "init"}
// CHECK: %[[STREAM:.*]] = arith.constant [[W_STREAM:.*]] : i64
// CHECK: call @[[INITIALIZE:.*]](%[[W]], %[[SEED]], %[[STREAM]])
// CHECK-NOT: arith.constant [[W_STREAM]]
// CHECK: call @[[INITIALIZE]](%[[V]],
// CHECK: call @sepconv.random_key(
// CHECK: scf.for
// CHECK: call @sepconv.random_uniform(
// CHECK: llvm.intr.fma
// CHECK: func.func private @variables_regularization_loss({{.*}}, %[[LOSS:.*]]: memref<1xf32>)
// CHECK-COUNT-1: call @regularize
// CHECK-NOT: call @regularize
// CHECK: memref.store %{{.*}}, %[[LOSS]]
// CHECK: func.func private @regularize(
// CHECK: func.func private @variables_apply_constraints(
// CHECK-COUNT-1: call @constrain
// CHECK-NOT: call @constrain
// CHECK: return

// C-DAG: llvm.func @tiny_init(%{{[^:]*}}: i64, %{{[^:]*}}: !llvm.ptr) -> i32
// C-DAG: llvm.func @tiny_regularization_loss(%{{[^:]*}}: !llvm.ptr, %{{[^:]*}}: !llvm.ptr, %{{[^:]*}}: i64) -> i32
// C-DAG: llvm.func @tiny_apply_constraints(%{{[^:]*}}: !llvm.ptr) -> i32
// C-DAG: llvm.func internal @tiny_variables_init(

// The example in the pass's description.
// EXAMPLE: func.func private @variables_init(%arg0: i64, %arg1: memref<4xf32>) attributes {sepconv.function = "init"} {
// EXAMPLE-NEXT: %c-5985590712037982679_i64 = arith.constant -5985590712037982679 : i64
// EXAMPLE-NEXT: call @initialize(%arg1, %arg0, %c-5985590712037982679_i64) : (memref<4xf32>, i64, i64) -> ()
// EXAMPLE-NEXT: return
// EXAMPLE-NEXT: }
// EXAMPLE: func.func private @initialize(%arg0: memref<4xf32>, %arg1: i64, %arg2: i64) {
// EXAMPLE-NEXT: %cst = arith.constant 5.000000e-01 : f64
// EXAMPLE-NEXT: %c4 = arith.constant 4 : index
// EXAMPLE-NEXT: %c0 = arith.constant 0 : index
// EXAMPLE-NEXT: %c1 = arith.constant 1 : index
// EXAMPLE-NEXT: scf.for %arg3 = %c0 to %c4 step %c1 {
// EXAMPLE-NEXT: %0 = arith.truncf %cst : f64 to f32
// EXAMPLE-NEXT: memref.store %0, %arg0[%arg3] : memref<4xf32>
// EXAMPLE-NEXT: }
// EXAMPLE-NEXT: return
// EXAMPLE-NEXT: }

// UNKNOWN: error: unknown function 'train', expected init, loss or constraints
// NONE: error: weight 'w' has no initializer, which the function init needs
// EARLY: error: expected the attribute 'sepconv.interface' that sepconv-plan-memory writes

// NAMES: func.func private @initialize()
// NAMES: func.func private @variables_init()
// NAMES: func.func private @variables_init_0({{.*}}) attributes {sepconv.function = "init"}
// NAMES: call @initialize_{{[0-9]+}}(
// RESERVED: error: redefinition of symbol named 'sepconv.mix'

//--- names.mlir
func.func private @initialize()
func.func private @variables_init()
func.func @main(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %w = sepconv.variable "w" {initializer = #sepconv.initializer<orthogonal>} : tensor<4x4xf32>
  %0 = sepconv.dense(%x, %w) : (tensor<1x4xf32>, tensor<4x4xf32>) -> tensor<1x4xf32>
  return %0 : tensor<1x4xf32>
}

//--- model.mlir
func.func @main(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %w = sepconv.variable "w" {initializer = #sepconv.initializer<random_uniform>,
                             regularizer = #sepconv.regularizer<l1_l2, l2 = 0.5>,
                             constraint = #sepconv.constraint<unit_norm>} : tensor<4x4xf32>
  %v = sepconv.variable "v" {initializer = #sepconv.initializer<random_uniform>} : tensor<4x4xf32>
  %b = sepconv.variable "b" {initializer = #sepconv.initializer<constant>, trainable = false,
                             regularizer = #sepconv.regularizer<l1_l2, l2 = 0.5>,
                             constraint = #sepconv.constraint<non_neg>} : tensor<4xf32>
  %0 = sepconv.dense(%x, %w, %b)
    : (tensor<1x4xf32>, tensor<4x4xf32>, tensor<4xf32>) -> tensor<1x4xf32>
  %1 = sepconv.dense(%0, %v) : (tensor<1x4xf32>, tensor<4x4xf32>) -> tensor<1x4xf32>
  return %1 : tensor<1x4xf32>
}

//--- none.mlir
func.func @main(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %w = sepconv.variable "w" : tensor<4x4xf32>
  %0 = sepconv.dense(%x, %w) : (tensor<1x4xf32>, tensor<4x4xf32>) -> tensor<1x4xf32>
  return %0 : tensor<1x4xf32>
}

//--- example.mlir
func.func @main(%w: tensor<4xf32> {sepconv.name = "w", sepconv.weight,
                sepconv.initializer = #sepconv.initializer<constant, value = 0.5>})
    -> tensor<4xf32> {
  return %w : tensor<4xf32>
}
