//===- SepConvLayers.td - the other layers, and variables -------*- tablegen -*-===//
#ifndef SEPCONV_LAYERS
#define SEPCONV_LAYERS

include "SepConvBase.td"

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

#endif // SEPCONV_LAYERS
