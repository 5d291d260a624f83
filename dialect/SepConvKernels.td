//===- SepConvKernels.td - kernels and calls of them ------------*- tablegen -*-===//
#ifndef SEPCONV_KERNELS
#define SEPCONV_KERNELS

include "SepConvBase.td"

def SepConv_KernelOp : SepConv_Op<"kernel", [IsolatedFromAbove,
    SingleBlockImplicitTerminator<"YieldOp">, RecursiveMemoryEffects]> {
  let summary = "operations that are fused and scheduled as one loop nest";
  let description = [{
    The unit of fusion and scheduling. The inputs are the arguments of the body's block; the body
    uses no other value from outside, and returns its results with `sepconv.yield`. Inputs of type
    `index` are the dynamic dimensions of the tensors. `sepconv-form-kernels` creates kernels,
    `sepconv-outline-kernels` turns them into functions.

    Errors: rule C13 of dialect/README.md.

    Example (`test/IR/ops.mlir`):

    ```mlir
    %0 = sepconv.kernel(%x) : (tensor<1x8x8x4xf32>) -> tensor<1x8x8x4xf32> {
    ^bb0(%in: tensor<1x8x8x4xf32>):
      %1 = sepconv.activation(%in) {function = #sepconv.activation<relu>} : tensor<1x8x8x4xf32>
      sepconv.yield %1 : tensor<1x8x8x4xf32>
    }
    ```
  }];
  let arguments = (ins Variadic<AnyTypeOf<[AnyRankedTensor, Index]>>:$inputs);
  let results = (outs Variadic<AnyRankedTensor>:$outputs);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    `(` $inputs `)` attr-dict `:` functional-type($inputs, $outputs) $body
  }];
  let hasVerifier = 1;
}

def SepConv_YieldOp : SepConv_Op<"yield", [Pure, ReturnLike, Terminator, HasParent<"KernelOp">]> {
  let summary = "return the results of a kernel";
  let description = [{
    Terminates the body of a `sepconv.kernel`. Its operands have the types of the kernel's results.

    Errors: rule C13 of dialect/README.md, reported on the kernel.

    Example (`test/IR/ops.mlir`):

    ```mlir
    sepconv.yield %1 : tensor<1x8x8x4xf32>
    ```
  }];
  let arguments = (ins Variadic<AnyRankedTensor>:$operands);
  let assemblyFormat = "attr-dict ($operands^ `:` type($operands))?";
  let builders = [OpBuilder<(ins), [{ build($_builder, $_state, ValueRange()); }]>];
}

def SepConv_CallOp : SepConv_Op<"call", [Pure,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "call of an outlined kernel";
  let description = [{
    The callee is a private function that `sepconv-outline-kernels` made. It takes the tensors, and
    behind them their dynamic dimensions as indices. A lowered kernel takes buffers instead
    (arguments, then results, then scratch), while the call stays on tensors until
    `sepconv-plan-memory` assigns the buffers.

    Errors: rule C14 of dialect/README.md.

    Example (`test/IR/ops.mlir`):

    ```mlir
    %0 = sepconv.call @callee(%x) : (tensor<4xf32>) -> tensor<4xf32>
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$callee,
                       Variadic<AnyTypeOf<[AnyRankedTensor, Index]>>:$operands);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let assemblyFormat = [{
    $callee `(` $operands `)` attr-dict `:` functional-type($operands, results)
  }];
}

def SepConv_ParallelCallOp : SepConv_Op<"parallel_call", [
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "run a task for each index of a range, on the caller's threads";
  let description = [{
    Calls the task with each index from `lower` (inclusive) to `upper` (exclusive), and with the
    captured values, through the caller's parallel-for: in any order and concurrently. If
    `parallel_for` is null, the calls run one after the other, in order. A captured value whose
    `task_offsets` is not negative is memory that each running task has for itself: the address of
    the first task's, so many bytes behind its start.
    `sepconv-lower-parallel` creates it.

    Errors: rule C15 of dialect/README.md.

    Example (`test/IR/ops.mlir`):

    ```mlir
    sepconv.parallel_call @task(%lower to %upper)(%x, %out) by(%parallel_for, %pool)
      : (memref<8xf32>, memref<8xf32>), !llvm.ptr, !llvm.ptr
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$task, Index:$lower, Index:$upper,
                       Variadic<AnyType>:$captures, AnyType:$parallel_for, AnyType:$pool,
    OptionalAttr<DenseI64ArrayAttr>:$task_offsets);
  let assemblyFormat = [{
    $task `(` $lower `to` $upper `)` `(` $captures `)` `by` `(` $parallel_for `,` $pool `)`
    attr-dict
    `:` `(` type($captures) `)` `,` type($parallel_for) `,` type($pool)
  }];
}

#endif // SEPCONV_KERNELS
