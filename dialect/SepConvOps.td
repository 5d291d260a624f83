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
// Of integers a verifier says which (C23).
def SepConv_Numbers : RankedTensorOf<[F16, BF16, F32, F64, I8, I16, I32, I64]>;

// An operation of the convolution family: its result type is inferred, and any other is an error.
class SepConv_WindowOp<string mnemonic, list<Trait> traits = []>
    : SepConv_Op<mnemonic, !listconcat([Pure,
        DeclareOpInterfaceMethods<InferTypeOpInterface, ["inferReturnTypes"]>], traits)> {
  let hasVerifier = 1;
  let results = (outs SepConv_Numbers:$output);
}

//===----------------------------------------------------------------------===//
// The convolution family
//===----------------------------------------------------------------------===//

def SepConv_Conv2DOp : SepConv_WindowOp<"conv2d"> {
  let summary = "2-D convolution, dense or grouped";
  let description = [{
    With Q = C / groups, g = k / (K / groups), y = strides[0] * i + dilations[0] * di - top and
    x = strides[1] * j + dilations[1] * dj - left:

        output[b, i, j, k] = activation(bias[k] + sum over di, dj, q of
            input[b, y, x, g * Q + q] * filter[di, dj, q, k])

    An element outside the input is `padding_value`, 0 by default. Index 0 of `strides` and
    `dilations` is for the height, index 1 for the width; `padding` is [top, bottom, left, right];
    all count elements. `same` stands for TensorFlow's SAME padding where it depends on a dynamic
    dimension.

    Integers of 8 bits are summed in `i32`, those of 16 bits in `i64`, modulo 2^32 and 2^64.
    `unsigned_input` says that the input's have no sign.

    Shapes: input [B, H, W, C], or [B, C, H, W] with the data format NCHW; filter
    [KH, KW, C / groups, K] in both; bias [K].

    Errors: rules C1-C7, C16, C18, C21 and C23 of dialect/README.md.

    Example (`test/IR/ops.mlir`):

    ```mlir
    %0 = sepconv.conv2d(%x, %f, %b)
        {padding = array<i64: 1, 1, 1, 1>, activation = #sepconv.activation<relu>}
      : (tensor<1x8x8x4xf32>, tensor<3x3x4x16xf32>, tensor<16xf32>) -> tensor<1x8x8x16xf32>
    ```
  }];
  let arguments = (ins
    SepConv_Numbers:$input, SepConv_Numbers:$filter, Optional<SepConv_Numbers>:$bias,
    DefaultValuedAttr<DenseI64ArrayAttr, "{1, 1}">:$strides,
    DefaultValuedAttr<DenseI64ArrayAttr, "{1, 1}">:$dilations,
    DefaultValuedAttr<DenseI64ArrayAttr, "{0, 0, 0, 0}">:$padding,
    UnitAttr:$same,
    DefaultValuedAttr<SepConv_DataFormatAttr, "DataFormat::NHWC">:$data_format,
    DefaultValuedAttr<I64Attr, "1">:$groups,
    OptionalAttr<SepConv_ActivationAttr>:$activation,
    UnitAttr:$unsigned_input, DefaultValuedAttr<I64Attr, "0">:$padding_value);
  let assemblyFormat = [{
    `(` $input `,` $filter (`,` $bias^)? `)` attr-dict `:` functional-type(operands, results)
  }];
}

def SepConv_DepthwiseConv2DOp : SepConv_WindowOp<"depthwise_conv2d"> {
  let summary = "2-D convolution of each channel on its own";
  let description = [{
    With M the depth multiplier, and y and x as in `sepconv.conv2d`:

        output[b, i, j, q * M + r] = activation(bias[q * M + r] + sum over di, dj of
            input[b, y, x, q] * filter[di, dj, q, r])

    Shapes: input [B, H, W, C], or [B, C, H, W] with the data format NCHW; filter [KH, KW, C, M] in
    both; bias [C * M].

    Errors: rules C1-C6, C8, C16, C18, C21 and C23 of dialect/README.md.

    Example (`test/IR/ops.mlir`):

    ```mlir
    %0 = sepconv.depthwise_conv2d(%x, %f, %b) {strides = array<i64: 2, 2>}
      : (tensor<1x9x9x8xf32>, tensor<3x3x8x2xf32>, tensor<16xf32>) -> tensor<1x4x4x16xf32>
    ```
  }];
  let arguments = (ins
    SepConv_Numbers:$input, SepConv_Numbers:$filter, Optional<SepConv_Numbers>:$bias,
    DefaultValuedAttr<DenseI64ArrayAttr, "{1, 1}">:$strides,
    DefaultValuedAttr<DenseI64ArrayAttr, "{1, 1}">:$dilations,
    DefaultValuedAttr<DenseI64ArrayAttr, "{0, 0, 0, 0}">:$padding,
    UnitAttr:$same,
    DefaultValuedAttr<SepConv_DataFormatAttr, "DataFormat::NHWC">:$data_format,
    OptionalAttr<SepConv_ActivationAttr>:$activation,
    UnitAttr:$unsigned_input, DefaultValuedAttr<I64Attr, "0">:$padding_value);
  let assemblyFormat = [{
    `(` $input `,` $filter (`,` $bias^)? `)` attr-dict `:` functional-type(operands, results)
  }];
}

def SepConv_SeparableConv2DOp : SepConv_WindowOp<"separable_conv2d"> {
  let summary = "depthwise convolution followed by a pointwise one";
  let description = [{
    With M the depth multiplier, and y and x as in `sepconv.conv2d`:

        output[b, i, j, k] = activation(bias[k] + sum over di, dj, q, r of
            input[b, y, x, q] * depthwise_filter[di, dj, q, r]
            * pointwise_filter[0, 0, q * M + r, k])

    The depthwise result is neither rounded nor given a bias or an activation: a network that has
    them there is a `sepconv.depthwise_conv2d` and a `sepconv.conv2d`.

    Shapes: input [B, H, W, C], or [B, C, H, W] with the data format NCHW; depthwise_filter
    [KH, KW, C, M] and pointwise_filter [1, 1, C * M, K] in both; bias [K].

    Errors: rules C1-C6, C8, C9, C16, C18, C21 and C23 of dialect/README.md.

    Example (`test/IR/ops.mlir`):

    ```mlir
    %0 = sepconv.separable_conv2d(%x, %d, %p, %b)
        {padding = array<i64: 1, 1, 1, 1>, activation = #sepconv.activation<relu, max_value = 6.0>}
      : (tensor<1x8x8x4xf32>, tensor<3x3x4x2xf32>, tensor<1x1x8x16xf32>, tensor<16xf32>)
      -> tensor<1x8x8x16xf32>
    ```
  }];
  let arguments = (ins
    SepConv_Numbers:$input, SepConv_Numbers:$depthwise_filter, SepConv_Numbers:$pointwise_filter,
    Optional<SepConv_Numbers>:$bias,
    DefaultValuedAttr<DenseI64ArrayAttr, "{1, 1}">:$strides,
    DefaultValuedAttr<DenseI64ArrayAttr, "{1, 1}">:$dilations,
    DefaultValuedAttr<DenseI64ArrayAttr, "{0, 0, 0, 0}">:$padding,
    UnitAttr:$same,
    DefaultValuedAttr<SepConv_DataFormatAttr, "DataFormat::NHWC">:$data_format,
    OptionalAttr<SepConv_ActivationAttr>:$activation,
    UnitAttr:$unsigned_input, DefaultValuedAttr<I64Attr, "0">:$padding_value);
  let assemblyFormat = [{
    `(` $input `,` $depthwise_filter `,` $pointwise_filter (`,` $bias^)? `)` attr-dict
    `:` functional-type(operands, results)
  }];
}

def SepConv_Pool2DOp : SepConv_WindowOp<"pool2d"> {
  let summary = "maximum or average over a window of each channel";
  let description = [{
    The maximum or the mean of the elements in the window. Elements outside the input do not take
    part, nor do they count in the mean. `window` and `strides` are [height, width] and `padding` is
    [top, bottom, left, right], in elements.

    Shapes: input [B, H, W, C], or [B, C, H, W] with the data format NCHW.

    Errors: rules C1, C2, C4, C6, C10, C18, C21 and C23 of dialect/README.md.

    Example (`test/IR/ops.mlir`):

    ```mlir
    %0 = sepconv.pool2d(%x) {kind = #sepconv.pool_kind<max>, window = array<i64: 2, 2>,
                             strides = array<i64: 2, 2>}
      : (tensor<1x8x8x4xf32>) -> tensor<1x4x4x4xf32>
    ```
  }];
  let arguments = (ins
    SepConv_Numbers:$input,
    SepConv_PoolKindAttr:$kind,
    DenseI64ArrayAttr:$window,
    DefaultValuedAttr<DenseI64ArrayAttr, "{1, 1}">:$strides,
    DefaultValuedAttr<DenseI64ArrayAttr, "{0, 0, 0, 0}">:$padding,
    UnitAttr:$same,
    DefaultValuedAttr<SepConv_DataFormatAttr, "DataFormat::NHWC">:$data_format,
    UnitAttr:$unsigned_input);
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
        output[..., k] = activation(bias[k] + sum over q of input[..., q] * filter[q, k])

    Shapes: input [..., C], filter [C, K], bias [K].

    Errors: rules C5, C11, C16 and C23 of dialect/README.md.

    Example (`test/IR/ops.mlir`):

    ```mlir
    %0 = sepconv.dense(%x, %f, %b) {activation = #sepconv.activation<tanh>}
      : (tensor<2x5x64xf32>, tensor<64x10xf32>, tensor<10xf32>) -> tensor<2x5x10xf32>
    ```
  }];
  let arguments = (ins
    SepConv_Numbers:$input, SepConv_Numbers:$filter, Optional<SepConv_Numbers>:$bias,
    OptionalAttr<SepConv_ActivationAttr>:$activation, UnitAttr:$unsigned_input);
  let results = (outs SepConv_Numbers:$output);
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
        output = gamma * (input - mean) / sqrt(variance + epsilon) + beta

    The four vectors are indexed by the position along dimension `axis`.

    Shapes: input of any rank; gamma, beta, mean and variance [size of the input along axis].

    Errors: rules C12 and C16 of dialect/README.md.

    Example (`test/IR/ops.mlir`):

    ```mlir
    %0 = sepconv.batch_norm(%x, %v, %v, %v, %v) {axis = 3, epsilon = 1.0e-3}
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
  let summary = "activation function of each element";
  let description = [{
    Applies `function` to each element of a tensor of any shape; the result has the input's type.
    dialect/README.md has the formula of each function. `linear` folds away.

    Example (`test/IR/ops.mlir`):

    ```mlir
    %0 = sepconv.activation(%x) {function = #sepconv.activation<silu>} : tensor<3x5xf32>
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
  let summary = "weight whose values the program does not contain";
  let description = [{
    Either its initializer makes the values when the model is compiled, or the caller passes them:
    then the product has functions that initialize and constrain the variable and compute its
    contribution to the loss. Random values depend only on the seed, the variable's name and the
    position of the element.

    Errors: rules V1-V4 of dialect/README.md.

    Example (`test/IR/ops.mlir`):

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

#endif // SEPCONV_OPS
