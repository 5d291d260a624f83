//===- SepConvOps.td - operations of the sepconv dialect --------*- tablegen -*-===//
#ifndef SEPCONV_OPS
#define SEPCONV_OPS

include "SepConvDialect.td"
include "mlir/Interfaces/CallInterfaces.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "mlir/IR/BuiltinAttributes.td"
include "mlir/IR/SymbolInterfaces.td"

class SepConv_Op<string mnemonic, list<Trait> traits = []>
    : Op<SepConv_Dialect, mnemonic, traits>;

// Sums of float16 and bfloat16 are computed in float32.
def SepConv_Tensor : RankedTensorOf<[F16, BF16, F32, F64]>;

// An operation of the convolution family: the attributes all of them share. `same` is TensorFlow's
// SAME where the padding depends on a size that is known only when the product runs.
class SepConv_WindowOp<string mnemonic, list<Trait> traits = []>
    : SepConv_Op<mnemonic, !listconcat([Pure,
        DeclareOpInterfaceMethods<InferTypeOpInterface, ["inferReturnTypes"]>], traits)> {
  let hasVerifier = 1;
  let results = (outs SepConv_Tensor:$output);
}

//===----------------------------------------------------------------------===//
// The convolution family
//===----------------------------------------------------------------------===//

def SepConv_Conv2DOp : SepConv_WindowOp<"conv2d"> {
  let summary = "2-D convolution, dense or grouped";
  let description = [{
    output[b, i, j, k] = activation(bias[k] + sum over di, dj, q of
        input[b, strides[0]*i + dilations[0]*di - top, strides[1]*j + dilations[1]*dj - left,
              g*Q + q]
        * filter[di, dj, q, k]), with Q = channels / groups and g = k / (K / groups); input is zero
    outside its bounds. `padding` is [top, bottom, left, right].

    Shapes: input [B, H, W, C] (or [B, C, H, W]), filter [KH, KW, C / groups, K], bias [K].
    Rules: C1-C7 and C16 of dialect/README.md.

    ```mlir
    %0 = sepconv.conv2d(%x, %f, %b) {padding = array<i64: 1, 1, 1, 1>}
      : (tensor<1x8x8x3xf32>, tensor<3x3x3x16xf32>, tensor<16xf32>) -> tensor<1x8x8x16xf32>
    ```
  }];
  let arguments = (ins
    SepConv_Tensor:$input, SepConv_Tensor:$filter, Optional<SepConv_Tensor>:$bias,
    DefaultValuedAttr<DenseI64ArrayAttr, "{1, 1}">:$strides,
    DefaultValuedAttr<DenseI64ArrayAttr, "{1, 1}">:$dilations,
    DefaultValuedAttr<DenseI64ArrayAttr, "{0, 0, 0, 0}">:$padding,
    UnitAttr:$same,
    DefaultValuedAttr<SepConv_DataFormatAttr, "DataFormat::NHWC">:$data_format,
    DefaultValuedAttr<I64Attr, "1">:$groups,
    OptionalAttr<SepConv_ActivationAttr>:$activation);
  let assemblyFormat = [{
    `(` $input `,` $filter (`,` $bias^)? `)` attr-dict `:` functional-type(operands, results)
  }];
}

def SepConv_DepthwiseConv2DOp : SepConv_WindowOp<"depthwise_conv2d"> {
  let summary = "2-D convolution of each channel on its own";
  let description = [{
    output[b, i, j, q*M + r] = activation(bias[q*M + r] + sum over di, dj of
        input[b, strides[0]*i + dilations[0]*di - top, strides[1]*j + dilations[1]*dj - left, q]
        * filter[di, dj, q, r]). M is the depth multiplier.

    Shapes: input [B, H, W, C] (or [B, C, H, W]), filter [KH, KW, C, M], bias [C*M].
    Rules: C1-C6, C8 and C16.

    ```mlir
    %0 = sepconv.depthwise_conv2d(%x, %f) {strides = array<i64: 2, 2>}
      : (tensor<1x9x9x8xf32>, tensor<3x3x8x2xf32>) -> tensor<1x4x4x16xf32>
    ```
  }];
  let arguments = (ins
    SepConv_Tensor:$input, SepConv_Tensor:$filter, Optional<SepConv_Tensor>:$bias,
    DefaultValuedAttr<DenseI64ArrayAttr, "{1, 1}">:$strides,
    DefaultValuedAttr<DenseI64ArrayAttr, "{1, 1}">:$dilations,
    DefaultValuedAttr<DenseI64ArrayAttr, "{0, 0, 0, 0}">:$padding,
    UnitAttr:$same,
    DefaultValuedAttr<SepConv_DataFormatAttr, "DataFormat::NHWC">:$data_format,
    OptionalAttr<SepConv_ActivationAttr>:$activation);
  let assemblyFormat = [{
    `(` $input `,` $filter (`,` $bias^)? `)` attr-dict `:` functional-type(operands, results)
  }];
}

def SepConv_SeparableConv2DOp : SepConv_WindowOp<"separable_conv2d"> {
  let summary = "depthwise convolution followed by a pointwise one";
  let description = [{
    output[b, i, j, k] = activation(bias[k] + sum over di, dj, q, r of
        input[b, strides[0]*i + dilations[0]*di - top, strides[1]*j + dilations[1]*dj - left, q]
        * depthwise_filter[di, dj, q, r] * pointwise_filter[0, 0, q*M + r, k]).

    Shapes: input [B, H, W, C] (or [B, C, H, W]), depthwise_filter [KH, KW, C, M],
    pointwise_filter [1, 1, C*M, K], bias [K]. Rules: C1-C6, C8, C9 and C16.

    ```mlir
    %0 = sepconv.separable_conv2d(%x, %d, %p, %b)
        {padding = array<i64: 1, 1, 1, 1>, activation = #sepconv.activation<relu>}
      : (tensor<1x8x8x4xf32>, tensor<3x3x4x1xf32>, tensor<1x1x4x16xf32>, tensor<16xf32>)
      -> tensor<1x8x8x16xf32>
    ```
  }];
  let arguments = (ins
    SepConv_Tensor:$input, SepConv_Tensor:$depthwise_filter, SepConv_Tensor:$pointwise_filter,
    Optional<SepConv_Tensor>:$bias,
    DefaultValuedAttr<DenseI64ArrayAttr, "{1, 1}">:$strides,
    DefaultValuedAttr<DenseI64ArrayAttr, "{1, 1}">:$dilations,
    DefaultValuedAttr<DenseI64ArrayAttr, "{0, 0, 0, 0}">:$padding,
    UnitAttr:$same,
    DefaultValuedAttr<SepConv_DataFormatAttr, "DataFormat::NHWC">:$data_format,
    OptionalAttr<SepConv_ActivationAttr>:$activation);
  let assemblyFormat = [{
    `(` $input `,` $depthwise_filter `,` $pointwise_filter (`,` $bias^)? `)` attr-dict
    `:` functional-type(operands, results)
  }];
}

def SepConv_Pool2DOp : SepConv_WindowOp<"pool2d"> {
  let summary = "maximum or average of a window of each channel";
  let description = [{
    The maximum or the average over the window of the input's elements; positions outside the input
    are left out, of the average's count too. Shapes: input [B, H, W, C] (or [B, C, H, W]).
    Rules: C1-C4 and C6; C10: every window holds at least one element of the input.

    ```mlir
    %0 = sepconv.pool2d(%x) {kind = #sepconv.pool_kind<max>, window = array<i64: 2, 2>,
                             strides = array<i64: 2, 2>}
      : (tensor<1x8x8x4xf32>) -> tensor<1x4x4x4xf32>
    ```
  }];
  let arguments = (ins
    SepConv_Tensor:$input,
    SepConv_PoolKindAttr:$kind,
    DenseI64ArrayAttr:$window,
    DefaultValuedAttr<DenseI64ArrayAttr, "{1, 1}">:$strides,
    DefaultValuedAttr<DenseI64ArrayAttr, "{0, 0, 0, 0}">:$padding,
    UnitAttr:$same,
    DefaultValuedAttr<SepConv_DataFormatAttr, "DataFormat::NHWC">:$data_format);
  let assemblyFormat = [{
    `(` $input `)` attr-dict `:` functional-type(operands, results)
  }];
}

//===----------------------------------------------------------------------===//
// The other layers
//===----------------------------------------------------------------------===//

def SepConv_DenseOp : SepConv_Op<"dense", [Pure,
    DeclareOpInterfaceMethods<InferTypeOpInterface, ["inferReturnTypes"]>]> {
  let summary = "matrix product over the last dimension";
  let description = [{
    output[..., k] = activation(bias[k] + sum over q of input[..., q] * filter[q, k]).
    Shapes: input [..., C], filter [C, K], bias [K]. Rules: C5, C11 and C16.

    ```mlir
    %0 = sepconv.dense(%x, %f, %b)
      : (tensor<1x64xf32>, tensor<64x10xf32>, tensor<10xf32>) -> tensor<1x10xf32>
    ```
  }];
  let arguments = (ins
    SepConv_Tensor:$input, SepConv_Tensor:$filter, Optional<SepConv_Tensor>:$bias,
    OptionalAttr<SepConv_ActivationAttr>:$activation);
  let results = (outs SepConv_Tensor:$output);
  let assemblyFormat = [{
    `(` $input `,` $filter (`,` $bias^)? `)` attr-dict `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

def SepConv_BatchNormOp : SepConv_Op<"batch_norm", [Pure,
    AllTypesMatch<["input", "output"]>,
    AllTypesMatch<["gamma", "beta", "mean", "variance"]>]> {
  let summary = "batch normalization at inference";
  let description = [{
    output = gamma * (input - mean) / sqrt(variance + epsilon) + beta, along dimension `axis`.
    Shapes: gamma, beta, mean and variance [dim(input, axis)]. Rules: C12 and C16.

    ```mlir
    %0 = sepconv.batch_norm(%x, %gamma, %beta, %mean, %variance) {axis = 3, epsilon = 1.0e-3}
      : tensor<1x8x8x4xf32>, tensor<4xf32>
    ```
  }];
  let arguments = (ins
    SepConv_Tensor:$input, SepConv_Tensor:$gamma, SepConv_Tensor:$beta, SepConv_Tensor:$mean,
    SepConv_Tensor:$variance, I64Attr:$axis, F64Attr:$epsilon);
  let results = (outs SepConv_Tensor:$output);
  let assemblyFormat = [{
    `(` $input `,` $gamma `,` $beta `,` $mean `,` $variance `)` attr-dict
    `:` type($input) `,` type($gamma)
  }];
  let hasVerifier = 1;
}

def SepConv_ActivationOp : SepConv_Op<"activation", [Pure, SameOperandsAndResultType]> {
  let summary = "an activation function of each element";
  let description = [{
    ```mlir
    %0 = sepconv.activation(%x) {function = #sepconv.activation<silu>} : tensor<1x8x8x4xf32>
    ```
  }];
  let arguments = (ins SepConv_Tensor:$input, SepConv_ActivationAttr:$function);
  let results = (outs SepConv_Tensor:$output);
  let assemblyFormat = "`(` $input `)` attr-dict `:` type($input)";
  let hasFolder = 1;
}

//===----------------------------------------------------------------------===//
// Variables
//===----------------------------------------------------------------------===//

def SepConv_VariableOp : SepConv_Op<"variable", [Pure]> {
  let summary = "a weight whose values are not in the program";
  let description = [{
    Its values are made by its initializer when the model is compiled, or they are the caller's:
    then the product has functions that initialize and constrain it and compute its part of the
    loss. Its random numbers depend on the seed, its name and the positions of its elements.
    Rules: V1-V4 of dialect/README.md.

    ```mlir
    %0 = sepconv.variable "conv/kernel"
        {initializer = #sepconv.initializer<variance_scaling, mode = fan_avg,
                                            distribution = uniform>,
         regularizer = #sepconv.regularizer<l1_l2, l2 = 0.01>,
         constraint = #sepconv.constraint<max_norm, axis = [0, 1, 2]>} : tensor<3x3x4x16xf32>
    ```
  }];
  let arguments = (ins
    StrAttr:$name,
    OptionalAttr<SepConv_InitializerAttr>:$initializer,
    OptionalAttr<SepConv_RegularizerAttr>:$regularizer,
    OptionalAttr<SepConv_ConstraintAttr>:$constraint,
    DefaultValuedAttr<BoolAttr, "true">:$trainable);
  let results = (outs RankedTensorOf<[AnyFloat]>:$value);
  let assemblyFormat = "$name attr-dict `:` type($value)";
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Kernels
//===----------------------------------------------------------------------===//

def SepConv_KernelOp : SepConv_Op<"kernel", [IsolatedFromAbove,
    SingleBlockImplicitTerminator<"YieldOp">, RecursiveMemoryEffects]> {
  let summary = "what is fused and scheduled as one";
  let description = [{
    The operations of the body run as one loop nest. Inputs become the arguments of the body's
    block; nothing else is visible inside. C13: block arguments have the inputs' types, the yielded
    values the results' types.

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
  let summary = "the results of a kernel";
  let description = [{
    ```mlir
    sepconv.yield %0 : tensor<1x8x8x4xf32>
    ```
  }];
  let arguments = (ins Variadic<AnyRankedTensor>:$operands);
  let assemblyFormat = "attr-dict ($operands^ `:` type($operands))?";
  let builders = [OpBuilder<(ins), [{ build($_builder, $_state, ValueRange()); }]>];
}

def SepConv_CallOp : SepConv_Op<"call", [Pure,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "a call of an outlined kernel";
  let description = [{
    The kernel is a private function: on tensors before it is lowered, afterwards on buffers
    (arguments, then results, then scratch); the call keeps its tensors until memory is planned.
    C14: the callee is a function of the module; while it is on tensors its type is the call's.
    Behind its tensors a kernel takes, as indices, the sizes that they leave open.

    ```mlir
    %0 = sepconv.call @kernel(%x) : (tensor<1x8x8x4xf32>) -> tensor<1x8x8x4xf32>
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
  let summary = "run a task for each index of a range";
  let description = [{
    Calls the task with each index from `lower` to `upper` (exclusive) and the captured values, in
    any order and at the same time, through the caller's parallel-for; in order if that is NULL.
    C15: the task is a function of the module that takes an index and the captured values.

    ```mlir
    sepconv.parallel_call @k_task(%lower to %upper)(%x, %out) by(%parallel_for, %pool)
      : (memref<8xf32>, memref<8xf32>), !llvm.ptr, !llvm.ptr
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$task, Index:$lower, Index:$upper,
                       Variadic<AnyType>:$captures, AnyType:$parallel_for, AnyType:$pool);
  let assemblyFormat = [{
    $task `(` $lower `to` $upper `)` `(` $captures `)` `by` `(` $parallel_for `,` $pool `)`
    attr-dict
    `:` `(` type($captures) `)` `,` type($parallel_for) `,` type($pool)
  }];
}

#endif // SEPCONV_OPS
