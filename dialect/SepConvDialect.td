//===- SepConvDialect.td - the sepconv dialect ------------------*- tablegen -*-===//
#ifndef SEPCONV_DIALECT
#define SEPCONV_DIALECT

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"

def SepConv_Dialect : Dialect {
  let name = "sepconv";
  let cppNamespace = "::mlir::sepconv";
  let summary = "separable and depthwise convolutional networks";
  let description = [{
    The operations of a network that need a meaning of their own: the separable family with the
    attributes of TensorFlow's five interfaces, and kernels, the unit of scheduling. Everything
    else in a network is `linalg`, `tensor`, `arith` and `math`. The numbered rules (C1, C2, ...)
    in each operation's description are the ones its verifier cites; dialect/README.md is the
    specification they come from.
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

def SepConv_DataFormat : I32EnumAttr<"DataFormat", "the order of the dimensions of an image", [
  I32EnumAttrCase<"NHWC", 0>, I32EnumAttrCase<"NCHW", 1>
]> {
  let cppNamespace = "::mlir::sepconv";
  let genSpecializedAttr = 0;
}
def SepConv_DataFormatAttr : EnumAttr<SepConv_Dialect, SepConv_DataFormat, "data_format"> {
  let assemblyFormat = "`<` $value `>`";
}

def SepConv_PoolKind : I32EnumAttr<"PoolKind", "what a pool computes of its window", [
  I32EnumAttrCase<"Max", 0, "max">, I32EnumAttrCase<"Average", 1, "average">
]> {
  let cppNamespace = "::mlir::sepconv";
  let genSpecializedAttr = 0;
}
def SepConv_PoolKindAttr : EnumAttr<SepConv_Dialect, SepConv_PoolKind, "pool_kind"> {
  let assemblyFormat = "`<` $value `>`";
}

def SepConv_ActivationKind : I32EnumAttr<"ActivationKind", "an activation function of Keras", [
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
  let summary = "an activation function with its parameters";
  let description = [{
    `kind` as `keras.activations` spells it. `alpha` is the negative slope of relu and the alpha of
    elu; `max_value` and `threshold` are relu's: f(x) = max_value for x >= max_value, x for
    threshold <= x < max_value, alpha * (x - threshold) otherwise.

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
  let summary = "a size that is known only when the product runs";
  let description = [{
    It has a name, by which NAME_run takes it, is `least` to `greatest` and a multiple of `factor`,
    1 if it is not said. An argument of a function has one for each `?` of its type, in
    `sepconv.sizes`; those with the same name are the same size. Rule C20 of dialect/README.md.

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

// What is done with a variable's elements: a kind and its parameters, those of the table
// in lib/IR/VariableKinds.cpp. All parameters are in the dictionary, but the optional
// ones that are absent; the text leaves out what has its default.
class SepConv_VariableAttr<string name, string attrMnemonic> : AttrDef<SepConv_Dialect, name> {
  let mnemonic = attrMnemonic;
  let parameters = (ins "StringAttr":$kind, "DictionaryAttr":$parameters);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// What there is, in lib/IR/VariableKinds.cpp.
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
  let summary = "how the first values of a variable are made";
  let description = [{
    The kinds and their parameters are those of `keras.initializers`: `constant`, `random_uniform`,
    `random_normal`, `truncated_normal`, `variance_scaling`, `orthogonal`, `identity`. The others of
    Keras are these with certain parameters. dialect/README.md has the formulas.

    ```mlir
    #sepconv.initializer<variance_scaling, scale = 2.0, distribution = uniform>
    ```
  }];
}

def SepConv_RegularizerAttr : SepConv_VariableAttr<"Regularizer", "regularizer"> {
  let summary = "what a variable adds to the loss";
  let description = [{
    `l1_l2` or `orthogonal`, as in `keras.regularizers`.

    ```mlir
    #sepconv.regularizer<l1_l2, l2 = 0.01>
    ```
  }];
}

def SepConv_ConstraintAttr : SepConv_VariableAttr<"Constraint", "constraint"> {
  let summary = "what is made of a variable after each step of training";
  let description = [{
    `max_norm`, `non_neg`, `unit_norm` or `min_max_norm`, as in `keras.constraints`.

    ```mlir
    #sepconv.constraint<max_norm, max_value = 3.0, axis = [0, 1, 2]>
    ```
  }];
}

#endif // SEPCONV_DIALECT
