//===- SepConvDialect.td - the sepconv dialect ------------------*- tablegen -*-===//
#ifndef SEPCONV_DIALECT
#define SEPCONV_DIALECT

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"

def SepConv_Dialect : Dialect {
  let name = "sepconv";
  let cppNamespace = "::mlir::sepconv";
  let summary = "networks of separable and depthwise convolutions";
  let description = [{
    The layers that `linalg` has no operation for, with the attributes that TensorFlow and Keras
    give them; variables; and kernels, the unit of fusion and scheduling. Everything else in a
    network is `linalg`, `tensor`, `arith` and `math`. Each layer is rewritten as `linalg` by
    `sepconv-convert-to-linalg`, so that code generation needs none of these operations.

    A verifier's error begins with the number of the rule that the program breaks (C1, C2, ... for
    operations, V1, V2, ... for variables); dialect/README.md lists the rules.

    Attributes that modules, functions, their arguments and results carry (rule C19):

    | attribute | of | value |
    |---|---|---|
    | `sepconv.model` | module | the model's name: the prefix of the product's C functions |
    | `sepconv.dynamic_batch` | module | unit: the batch is known only when the product runs |
    | `sepconv.target` | module, function | the variant of the target that this code is for |
    | `sepconv.cpu`, `sepconv.features` | module | the processor, if there is one target only |
    | `sepconv.facts` | module | the facts of the target, by name |
    | `sepconv.interface` | module | what a caller needs to know: buffers, their sizes and types |
    | `sepconv.name` | argument, result | the tensor's name |
    | `sepconv.axes` | argument, result | the names of its dimensions, for the C header |
    | `sepconv.scale`, `sepconv.zero_point` | argument, result | what its integers stand for |
    | `sepconv.weight` | argument | unit: a weight, not an input |
    | `sepconv.initializer`, `sepconv.trainable` | argument | those of the variable that it was |
    | `sepconv.regularizer`, `sepconv.constraint` | argument | those of the variable that it was |
    | `sepconv.sizes` | argument | a `#sepconv.size` for each dynamic dimension |
    | `sepconv.size` | argument of type `index` | the dynamic dimension that it is |
    | `sepconv.shape` | argument, result | its shape, an affine map of the dynamic dimensions |
    | `sepconv.pattern` | kernel | the names of its stages |
    | `sepconv.schedule`, `sepconv.parameters` | kernel | its schedule and the values chosen |
    | `sepconv.pack` | argument of a kernel | the layout in which a weight is stored |
    | `sepconv.multiply_adds` | kernel | the products that its sums add up, of the greatest sizes |
    | `sepconv.scratch_bytes` | kernel | the size of its scratch buffer |
    | `sepconv.task_offset` | argument of a kernel | memory of a task: its offset in all of it |
    | `sepconv.function` | function | `init`, `loss` or `constraints`: a function of variables |
    | `sepconv.task` | function | unit: the body of a parallel loop |
    | `sepconv.part` | function | unit: some of the calls of an entry |
  }];
  let useDefaultAttributePrinterParser = 1;
  let hasOperationAttrVerify = 1;
  let hasRegionArgAttrVerify = 1;
  let hasRegionResultAttrVerify = 1;
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
    "::mlir::tensor::TensorDialect"
  ];
}

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

def SepConv_DataFormat : I32EnumAttr<"DataFormat", "order of the dimensions of an image", [
  I32EnumAttrCase<"NHWC", 0>, I32EnumAttrCase<"NCHW", 1>
]> {
  let cppNamespace = "::mlir::sepconv";
  let genSpecializedAttr = 0;
}
def SepConv_DataFormatAttr : EnumAttr<SepConv_Dialect, SepConv_DataFormat, "data_format"> {
  let summary = "order of the dimensions of an image";
  let description = [{
    `NHWC`, the default, is [batch, height, width, channels]; `NCHW` is [batch, channels, height,
    width]. Filters have the same layout in both. `sepconv-choose-layout` brings a network into
    NHWC; later passes accept nothing else.

    Example (`test/IR/ops.mlir`):

    ```mlir
    #sepconv.data_format<NCHW>
    ```
  }];
  let assemblyFormat = "`<` $value `>`";
}

def SepConv_PoolKind : I32EnumAttr<"PoolKind", "what a pool computes of its window", [
  I32EnumAttrCase<"Max", 0, "max">, I32EnumAttrCase<"Average", 1, "average">
]> {
  let cppNamespace = "::mlir::sepconv";
  let genSpecializedAttr = 0;
}
def SepConv_PoolKindAttr : EnumAttr<SepConv_Dialect, SepConv_PoolKind, "pool_kind"> {
  let summary = "what a pool computes of its window";
  let description = [{
    `max` or `average`.

    Example (`test/IR/ops.mlir`):

    ```mlir
    #sepconv.pool_kind<average>
    ```
  }];
  let assemblyFormat = "`<` $value `>`";
}

def SepConv_ActivationKind : I32EnumAttr<"ActivationKind", "activation function of Keras", [
  I32EnumAttrCase<"Linear", 0, "linear">, I32EnumAttrCase<"Relu", 1, "relu">,
  I32EnumAttrCase<"Elu", 2, "elu">, I32EnumAttrCase<"Selu", 3, "selu">,
  I32EnumAttrCase<"Sigmoid", 4, "sigmoid">, I32EnumAttrCase<"Tanh", 5, "tanh">,
  I32EnumAttrCase<"Silu", 6, "silu">, I32EnumAttrCase<"HardSigmoid", 7, "hard_sigmoid">,
  I32EnumAttrCase<"HardSilu", 8, "hard_silu">, I32EnumAttrCase<"Gelu", 9, "gelu">,
  I32EnumAttrCase<"GeluTanh", 10, "gelu_tanh">, I32EnumAttrCase<"Softplus", 11, "softplus">,
  I32EnumAttrCase<"Softsign", 12, "softsign">, I32EnumAttrCase<"Exponential", 13, "exponential">,
  I32EnumAttrCase<"Mish", 14, "mish">, I32EnumAttrCase<"LogSigmoid", 15, "log_sigmoid">
]> {
  let cppNamespace = "::mlir::sepconv";
}

def SepConv_ActivationAttr : AttrDef<SepConv_Dialect, "Activation"> {
  let mnemonic = "activation";
  let summary = "activation function with its parameters";
  let description = [{
    `kind` is the function's name in `keras.activations`. `alpha`, 0 by default, is the negative
    slope of `relu` and the alpha of `elu`. `max_value`, infinite by default, and `threshold`, 0 by
    default, are for `relu`: f(x) is max_value if x >= max_value, x if threshold <= x < max_value,
    and alpha * (x - threshold) otherwise. dialect/README.md has the formula of each kind.

    Example (`test/IR/ops.mlir`):

    ```mlir
    #sepconv.activation<relu, max_value = 6.0>
    ```
  }];
  let parameters = (ins
    EnumParameter<SepConv_ActivationKind>:$kind,
    APFloatParameter<"">:$alpha,
    APFloatParameter<"">:$max_value,
    APFloatParameter<"">:$threshold
  );
  let hasCustomAssemblyFormat = 1;
  let builders = [
    AttrBuilder<(ins "ActivationKind":$kind, CArg<"double", "0.0">:$alpha,
                     CArg<"double", "std::numeric_limits<double>::infinity()">:$maxValue,
                     CArg<"double", "0.0">:$threshold), [{
      return $_get($_ctxt, kind, ::llvm::APFloat(alpha), ::llvm::APFloat(maxValue),
                   ::llvm::APFloat(threshold));
    }]>
  ];
  let skipDefaultBuilders = 1;
}

//===----------------------------------------------------------------------===//
// Sizes
//===----------------------------------------------------------------------===//

def SepConv_SizeAttr : AttrDef<SepConv_Dialect, "Size"> {
  let mnemonic = "size";
  let summary = "dynamic dimension with its range";
  let description = [{
    A dimension whose size is known only when the product runs. NAME_run takes it as an argument of
    this name. Its value is from `least` to `greatest` and a multiple of `factor`, 1 by default. An
    argument of the entry has one for each `?` of its type, in `sepconv.sizes`; the same name means
    the same dimension.

    Errors: rule C20 of dialect/README.md.

    Example (`test/IR/ops.mlir`):

    ```mlir
    #sepconv.size<"height", least = 32, greatest = 512, factor = 32>
    ```
  }];
  let parameters = (ins "StringAttr":$name, "int64_t":$least, "int64_t":$greatest,
                        DefaultValuedParameter<"int64_t", "1">:$factor);
  let assemblyFormat = [{
    `<` $name `,` `least` `=` $least `,` `greatest` `=` $greatest (`,` `factor` `=` $factor^)? `>`
  }];
  let genVerifyDecl = 1;
}

//===----------------------------------------------------------------------===//
// Variables
//===----------------------------------------------------------------------===//

// An initializer, a regularizer or a constraint: a kind and its parameters, from the table in
// lib/IR/VariableKinds.cpp. The dictionary holds every parameter except optional ones that are
// absent; the textual form leaves out those that have their default value.
class SepConv_VariableAttr<string name, string attrMnemonic> : AttrDef<SepConv_Dialect, name> {
  let mnemonic = attrMnemonic;
  let parameters = (ins "StringAttr":$kind, "DictionaryAttr":$parameters);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// The kinds and their parameters, from lib/IR/VariableKinds.cpp.
    static ::llvm::ArrayRef<VariableKind> kinds();

    bool is(::llvm::StringRef kind) const { return getKind().getValue() == kind; }
    double number(::llvm::StringRef name) const {
      return getParameters().getAs<FloatAttr>(name).getValueAsDouble();
    }
    ::llvm::StringRef choice(::llvm::StringRef name) const {
      return getParameters().getAs<StringAttr>(name).getValue();
    }
    /// An integer or axes; null if an optional parameter is absent.
    IntegerAttr integer(::llvm::StringRef name) const {
      return getParameters().getAs<IntegerAttr>(name);
    }
    DenseI64ArrayAttr axes(::llvm::StringRef name) const {
      return getParameters().getAs<DenseI64ArrayAttr>(name);
    }
  }];
}

def SepConv_InitializerAttr : SepConv_VariableAttr<"Initializer", "initializer"> {
  let summary = "how the initial values of a variable are made";
  let description = [{
    The kinds and their parameters are those of `keras.initializers`: `constant`, `random_uniform`,
    `random_normal`, `truncated_normal`, `variance_scaling`, `orthogonal` and `identity`; Keras's
    other initializers are special cases of these. dialect/README.md has the formulas and defaults.

    Errors: an unknown kind or parameter, a value out of its range; rule V2 of dialect/README.md.

    Example (`test/IR/ops.mlir`):

    ```mlir
    #sepconv.initializer<variance_scaling, mode = fan_avg, distribution = uniform>
    ```
  }];
}

def SepConv_RegularizerAttr : SepConv_VariableAttr<"Regularizer", "regularizer"> {
  let summary = "what a variable adds to the loss";
  let description = [{
    `l1_l2` or `orthogonal`, as in `keras.regularizers`. dialect/README.md has the formulas and
    defaults.

    Errors: an unknown kind or parameter, a value out of its range; rule V3 of dialect/README.md.

    Example (`test/IR/ops.mlir`):

    ```mlir
    #sepconv.regularizer<l1_l2, l2 = 0.01>
    ```
  }];
}

def SepConv_ConstraintAttr : SepConv_VariableAttr<"Constraint", "constraint"> {
  let summary = "projection of a variable after each training step";
  let description = [{
    `max_norm`, `non_neg`, `unit_norm` or `min_max_norm`, as in `keras.constraints`.
    dialect/README.md has the formulas and defaults.

    Errors: an unknown kind or parameter, a value out of its range; rule V4 of dialect/README.md.

    Example (`test/IR/ops.mlir`):

    ```mlir
    #sepconv.constraint<max_norm, max_value = 3.0, axis = [0, 1, 2]>
    ```
  }];
}

#endif // SEPCONV_DIALECT
