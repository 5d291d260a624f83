// One program for each way to break a rule of dialect/README.md on operations on kernels, and of batch_norm; the comments cite its number.
// RUN: sepconv-opt %s -verify-diagnostics -split-input-file

// C12: the axis is a dimension of the input.
func.func @axis(%x: tensor<1x8x8x4xf32>, %v: tensor<4xf32>) {
  // expected-error@+1 {{C12: axis must be a dimension of the input of rank 4, got -1}}
  %0 = sepconv.batch_norm(%x, %v, %v, %v, %v) {axis = -1, epsilon = 1.0e-3}
    : tensor<1x8x8x4xf32>, tensor<4xf32>
  return
}

// -----

// C12: the statistics have one element for each element along the axis.
func.func @statistics(%x: tensor<1x8x8x4xf32>, %v: tensor<8xf32>) {
  // expected-error@+1 {{C12: gamma, beta, mean and variance must have shape [4], got 'tensor<8xf32>'}}
  %0 = sepconv.batch_norm(%x, %v, %v, %v, %v) {axis = 3, epsilon = 1.0e-3}
    : tensor<1x8x8x4xf32>, tensor<8xf32>
  return
}

// -----

// C13: the body's arguments are the inputs.
func.func @kernel_arguments(%x: tensor<4xf32>) {
  // expected-error@+1 {{C13: the body's arguments must have the inputs' types}}
  %0 = sepconv.kernel(%x) : (tensor<4xf32>) -> tensor<5xf32> {
  ^bb0(%in: tensor<5xf32>):
    sepconv.yield %in : tensor<5xf32>
  }
  return
}

// -----

// C13: the yielded values are the results.
func.func @kernel_results(%x: tensor<4xf32>) {
  // expected-error@+1 {{C13: the yielded values must have the results' types}}
  %0 = sepconv.kernel(%x) : (tensor<4xf32>) -> tensor<5xf32> {
  ^bb0(%in: tensor<4xf32>):
    sepconv.yield %in : tensor<4xf32>
  }
  return
}

// -----

// C14: the callee exists.
func.func @no_callee(%x: tensor<4xf32>) {
  // expected-error@+1 {{C14: no function 'absent' in the module}}
  %0 = sepconv.call @absent(%x) : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func private @callee(%x: tensor<4xf32>) -> tensor<4xf32>

// C14: the call has the callee's type.
func.func @callee_type(%x: tensor<5xf32>) {
  // expected-error@+1 {{C14: the callee has type '(tensor<4xf32>) -> tensor<4xf32>', the call '(tensor<5xf32>) -> tensor<5xf32>'}}
  %0 = sepconv.call @callee(%x) : (tensor<5xf32>) -> tensor<5xf32>
  return
}

// -----

// The result's type is the one that the rules infer.
func.func @result(%x: tensor<1x8x8x4xf32>, %f: tensor<3x3x4x16xf32>) {
  // expected-error@+2 {{inferred type(s) 'tensor<1x6x6x16xf32>' are incompatible with return type(s) of operation 'tensor<1x8x8x16xf32>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = sepconv.conv2d(%x, %f) : (tensor<1x8x8x4xf32>, tensor<3x3x4x16xf32>) -> tensor<1x8x8x16xf32>
  return
}

// -----

// A kernel sees nothing but its arguments.
func.func @isolated(%x: tensor<4xf32>) {
  // expected-note@+1 {{required by region isolation constraints}}
  %0 = sepconv.kernel() : () -> tensor<4xf32> {
    // expected-error@+1 {{using value defined outside the region}}
    sepconv.yield %x : tensor<4xf32>
  }
  return
}

// -----

// expected-error@+1 {{unknown activation 'rellu'}}
func.func private @kind() attributes {a = #sepconv.activation<rellu>}

// -----

// expected-error@+1 {{unknown parameter 'beta', expected alpha, max_value or threshold}}
func.func private @parameter() attributes {a = #sepconv.activation<relu, beta = 1.0>}

// -----

// C15: the task of a parallel call takes an index and the captured values.
func.func private @task(%i: index)
func.func @parallel_call(%n: index, %x: memref<8xf32>, %p: !llvm.ptr) {
  // expected-error @+1 {{C15: the task has type '(index) -> ()', expected an index and the captured values}}
  sepconv.parallel_call @task(%n to %n)(%x) by(%p, %p) : (memref<8xf32>), !llvm.ptr, !llvm.ptr
  return
}

// -----

// C15: each captured value is memory of a task or not.
func.func private @task(%i: index, %x: memref<8xf32>)
func.func @parallel_call_offsets(%n: index, %x: memref<8xf32>, %p: !llvm.ptr) {
  // expected-error @+1 {{C15: expected a number of task_offsets for each of the 1 captured values, got 2}}
  sepconv.parallel_call @task(%n to %n)(%x) by(%p, %p) {task_offsets = array<i64: 0, -1>}
    : (memref<8xf32>), !llvm.ptr, !llvm.ptr
  return
}
