//===- Graph.td - passes on the layers of a network -------------*- tablegen -*-===//

def CheckTensors : Pass<"sepconv-check-tensors", "ModuleOp"> {
  let summary = "reject tensors that no kernel can be generated for";
  let description = [{
    Checks the type of every value, whatever dialect its operation belongs to. A tensor must have a
    shape that is static or follows from the dynamic dimensions of the arguments (C20), the sizes
    that rules C6 and C18 allow, and elements of a type that C has, of `f16` or of `bf16`. A
    constant, or a variable that becomes one, has at most 2^31 - 1 bytes: code addresses it with 32
    bits.

    Errors: one for each type that breaks a rule; a module within the module.

    Example (`test/Transforms/check-tensors.mlir`):

    ```mlir
    // expected-error@+2 {{elements that C has a type for, or of f16 or bf16, found 'tensor<i7>'}}
    func.func @example() {
      %0 = tensor.empty() : tensor<i7>
      return
    }
    ```
  }];
}

def ConvertTosa : Pass<"sepconv-convert-tosa", "ModuleOp"> {
  let summary = "lower TOSA to linalg, tensor and arith";
  let description = [{
    Runs upstream's lowering of TOSA on a module that has operations of it.

    Errors: one for each operation that upstream does not lower.

    Example (`test/Transforms/convert-tosa.mlir`):

    ```mlir
    func.func @example(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
      %0 = tosa.exp %x : (tensor<1x4xf32>) -> tensor<1x4xf32>
      return %0 : tensor<1x4xf32>
    }
    ```

    becomes

    ```mlir
    #map = affine_map<(d0, d1) -> (d0, d1)>
    module {
      func.func @example(%arg0: tensor<1x4xf32>) -> tensor<1x4xf32> {
        %0 = tensor.empty() : tensor<1x4xf32>
        %1 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel",
            "parallel"]} ins(%arg0 : tensor<1x4xf32>) outs(%0 : tensor<1x4xf32>) {
        ^bb0(%in: f32, %out: f32):
          %2 = math.exp %in : f32
          linalg.yield %2 : f32
        } -> tensor<1x4xf32>
        return %1 : tensor<1x4xf32>
      }
    }
    ```
  }];
}

def ConvertFloats : Pass<"sepconv-convert-floats", "ModuleOp"> {
  let summary = "choose the type of floats that a network is stored in";
  let description = [{
    Gives the tensors between layers, and the weights that layers read, the type `compute`: `f16`,
    `bf16` or `f32`. Inputs and outputs keep their types unless `io` names another one; casts stand
    behind the inputs and before the outputs. A weight is rounded once, after whatever was folded
    into it. Layers compute as in any model of the type: sums, bias and activation in `f32`, the
    result rounded once. Bodies of `linalg.generic` read and write the type and compute as before;
    what they accumulate in stays. Operations of other dialects, softmax, and batch normalizations
    that were not folded compute in `f32` between casts. So do vectors that no layer reads.

    Roundings that a model asks for itself are dropped: it is computed in `f32` first, and that is
    converted. Integers stay; float64 does where no input has it, as in losses and long sums.

    Example (`test/Transforms/convert-floats.mlir`):

    ```mlir
    func.func @example(%x: tensor<1x4x4x8xf32>) -> tensor<1x4x4x8xf32> {
      %filter = arith.constant dense<0.1> : tensor<3x3x8x1xf32>
      %0 = sepconv.depthwise_conv2d(%x, %filter) {padding = array<i64: 1, 1, 1, 1>}
        : (tensor<1x4x4x8xf32>, tensor<3x3x8x1xf32>) -> tensor<1x4x4x8xf32>
      return %0 : tensor<1x4x4x8xf32>
    }
    ```

    becomes, with `compute=bf16`,

    ```mlir
    #map = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
    module {
      func.func @example(%arg0: tensor<1x4x4x8xf32>) -> tensor<1x4x4x8xf32> {
        %cst = arith.constant dense<1.000980e-01> : tensor<3x3x8x1xbf16>
        %0 = tensor.empty() : tensor<1x4x4x8xbf16>
        %1 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel",
            "parallel", "parallel"]} ins(%arg0 : tensor<1x4x4x8xf32>) outs(%0 :
            tensor<1x4x4x8xbf16>) {
        ^bb0(%in: f32, %out: bf16):
          %5 = arith.truncf %in : f32 to bf16
          linalg.yield %5 : bf16
        } -> tensor<1x4x4x8xbf16>
        %2 = sepconv.depthwise_conv2d(%1, %cst) {padding = array<i64: 1, 1, 1, 1>} :
            (tensor<1x4x4x8xbf16>, tensor<3x3x8x1xbf16>) -> tensor<1x4x4x8xbf16>
        %3 = tensor.empty() : tensor<1x4x4x8xf32>
        %4 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel",
            "parallel", "parallel"]} ins(%2 : tensor<1x4x4x8xbf16>) outs(%3 : tensor<1x4x4x8xf32>) {
        ^bb0(%in: bf16, %out: f32):
          %5 = arith.extf %in : bf16 to f32
          linalg.yield %5 : f32
        } -> tensor<1x4x4x8xf32>
        return %4 : tensor<1x4x4x8xf32>
      }
    }
    ```
  }];
  let options = [
    Option<"compute", "compute", "std::string", /*default=*/"",
           "f16, bf16 or f32; empty: the model's own types">,
    Option<"io", "io", "std::string", /*default=*/"",
           "type of inputs and outputs of floats; empty: the model's own">];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect"];
}

def RaiseConvolutions : Pass<"sepconv-raise-convolutions", "ModuleOp"> {
  let summary = "rewrite named convolutions of linalg as layers";
  let description = [{
    Rewrites the named 2-D convolutions of `linalg`, dense and depthwise, in NHWC and NCHW, as
    `sepconv.conv2d` and `sepconv.depthwise_conv2d`, so that what other front ends write is padded,
    fused and laid out like any other layer. The initial value becomes the bias if it repeats a
    vector, nothing if it is zero, and is added to the result otherwise. Convolutions of integers,
    of mixed types, and with filters of dynamic sizes stay.

    Example (`test/Transforms/raise-convolutions.mlir`):

    ```mlir
    func.func @example(%x: tensor<1x8x8x4xf32>, %f: tensor<3x3x4xf32>)
        -> tensor<1x6x6x4xf32> {
      %zero = arith.constant dense<0.0> : tensor<1x6x6x4xf32>
      %0 = linalg.depthwise_conv_2d_nhwc_hwc
          {strides = dense<1> : tensor<2xi64>, dilations = dense<1> : tensor<2xi64>}
          ins(%x, %f : tensor<1x8x8x4xf32>, tensor<3x3x4xf32>)
          outs(%zero : tensor<1x6x6x4xf32>) -> tensor<1x6x6x4xf32>
      return %0 : tensor<1x6x6x4xf32>
    }
    ```

    becomes

    ```mlir
    func.func @example(%arg0: tensor<1x8x8x4xf32>, %arg1: tensor<3x3x4xf32>)
        -> tensor<1x6x6x4xf32> {
      %cst = arith.constant dense<0.000000e+00> : tensor<1x6x6x4xf32>
      %expanded = tensor.expand_shape %arg1 [[0], [1], [2, 3]] output_shape [3, 3, 4,
          1] : tensor<3x3x4xf32> into tensor<3x3x4x1xf32>
      %0 = sepconv.depthwise_conv2d(%arg0, %expanded) : (tensor<1x8x8x4xf32>,
          tensor<3x3x4x1xf32>) -> tensor<1x6x6x4xf32>
      return %0 : tensor<1x6x6x4xf32>
    }
    ```
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect", "::mlir::sepconv::SepConvDialect",
                           "::mlir::tensor::TensorDialect"];
}

def StoreTruthValues : Pass<"sepconv-store-truth-values", "ModuleOp"> {
  let summary = "store truth values as bytes";
  let description = [{
    Makes each tensor of `i1` a tensor of `i8` whose elements are 0 or 1, so that it has an address
    for each element. Bodies of `linalg` operations compare what they read with 0, and compute with
    `i1` as before. An argument or result of a public function keeps `bool` as its `sepconv.dtype`.

    Errors: an operation of another dialect than `linalg` or `tensor` that computes with such
    tensors.

    Example (`test/Transforms/store-truth-values.mlir`):

    ```mlir
    func.func @move(%x: tensor<2x4xi1>) -> tensor<4x2xi1> {
      %empty = tensor.empty() : tensor<4x2xi1>
      %0 = linalg.transpose ins(%x : tensor<2x4xi1>) outs(%empty : tensor<4x2xi1>)
                            permutation = [1, 0]
      return %0 : tensor<4x2xi1>
    }
    ```

    becomes

    ```mlir
    func.func @move(%arg0: tensor<2x4xi8> {sepconv.dtype = "bool"})
        -> (tensor<4x2xi8> {sepconv.dtype = "bool"}) {
      %0 = tensor.empty() : tensor<4x2xi8>
      %transposed = linalg.transpose ins(%arg0 : tensor<2x4xi8>) outs(%0 : tensor<4x2xi8>)
                                     permutation = [1, 0]
      return %transposed : tensor<4x2xi8>
    }
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def VariablesToArguments : Pass<"sepconv-variables-to-arguments", "ModuleOp"> {
  let summary = "turn variables into arguments of the entry";
  let description = [{
    Appends an argument to the entry, a public function, for each `sepconv.variable`, in program
    order. The argument carries the variable's name, initializer, regularizer and constraint as
    attributes, and `sepconv.weight`.

    Example (`test/Transforms/variables-to-arguments.mlir`):

    ```mlir
    func.func @example(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
      %w = sepconv.variable "w" {initializer = #sepconv.initializer<identity>} : tensor<4x4xf32>
      %0 = sepconv.dense(%x, %w) : (tensor<1x4xf32>, tensor<4x4xf32>) -> tensor<1x4xf32>
      return %0 : tensor<1x4xf32>
    }
    ```

    becomes

    ```mlir
    func.func @example(%arg0: tensor<1x4xf32>,
        %arg1: tensor<4x4xf32> {sepconv.initializer = #sepconv.initializer<identity>,
        sepconv.name = "w", sepconv.weight}) -> tensor<1x4xf32> {
      %0 = sepconv.dense(%arg0, %arg1) : (tensor<1x4xf32>, tensor<4x4xf32>) -> tensor<1x4xf32>
      return %0 : tensor<1x4xf32>
    }
    ```
  }];
}

def ChooseLayout : Pass<"sepconv-choose-layout", "ModuleOp"> {
  let summary = "convert images to the layout NHWC";
  let description = [{
    Rewrites a layer in NCHW as a `linalg.transpose`, the layer in NHWC and a transpose back. Then
    moves transposes towards the outputs, through activations, batch normalizations, softmax,
    padding, slices, concatenations and `linalg.generic`, until they cancel with their inverses. A
    network in NCHW (`channels_first`) ends up with transposes at its inputs and outputs only. A
    remaining transpose that only moves dimensions of size 1 becomes a reshape.

    Example (`test/Transforms/choose-layout.mlir`):

    ```mlir
    func.func @example(%x: tensor<1x4x8x8xf32>, %f: tensor<3x3x4x1xf32>) -> tensor<1x4x6x6xf32> {
      %0 = sepconv.depthwise_conv2d(%x, %f) {data_format = #sepconv.data_format<NCHW>}
        : (tensor<1x4x8x8xf32>, tensor<3x3x4x1xf32>) -> tensor<1x4x6x6xf32>
      return %0 : tensor<1x4x6x6xf32>
    }
    ```

    becomes

    ```mlir
    func.func @example(%arg0: tensor<1x4x8x8xf32>, %arg1: tensor<3x3x4x1xf32>)
        -> tensor<1x4x6x6xf32> {
      %0 = tensor.empty() : tensor<1x8x8x4xf32>
      %transposed = linalg.transpose ins(%arg0 : tensor<1x4x8x8xf32>)
          outs(%0 : tensor<1x8x8x4xf32>) permutation = [0, 2, 3, 1]
      %1 = sepconv.depthwise_conv2d(%transposed, %arg1)
          : (tensor<1x8x8x4xf32>, tensor<3x3x4x1xf32>) -> tensor<1x6x6x4xf32>
      %2 = tensor.empty() : tensor<1x4x6x6xf32>
      %transposed_0 = linalg.transpose ins(%1 : tensor<1x6x6x4xf32>)
          outs(%2 : tensor<1x4x6x6xf32>) permutation = [0, 3, 1, 2]
      return %transposed_0 : tensor<1x4x6x6xf32>
    }
    ```
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect"];
}

def FoldTransposes : Pass<"sepconv-fold-transposes", "ModuleOp"> {
  let summary = "transpose constants";
  let description = [{
    Replaces a `linalg.transpose` of a constant by the transposed constant. Filters of formats that
    store them in another layout need it: no kernel moves them, and the kernel that reads them may
    pack them.

    Example (`test/Transforms/fold-transposes.mlir`):

    ```mlir
    func.func @example(%empty: tensor<3x2xf32>) -> tensor<3x2xf32> {
      %cst = arith.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
      %0 = linalg.transpose ins(%cst : tensor<2x3xf32>) outs(%empty : tensor<3x2xf32>)
          permutation = [1, 0]
      return %0 : tensor<3x2xf32>
    }
    ```

    becomes

    ```mlir
    func.func @example(%arg0: tensor<3x2xf32>) -> tensor<3x2xf32> {
      %cst = arith.constant dense<[[1.000000e+00, 2.000000e+00, 3.000000e+00], [4.000000e+00,
          5.000000e+00, 6.000000e+00]]> : tensor<2x3xf32>
      %cst_0 = arith.constant dense<[[1.000000e+00, 4.000000e+00], [2.000000e+00, 5.000000e+00],
          [3.000000e+00, 6.000000e+00]]> : tensor<3x2xf32>
      return %cst_0 : tensor<3x2xf32>
    }
    ```
  }];
}

def FoldEmpty : Pass<"sepconv-fold-empty", "ModuleOp"> {
  let summary = "replace tensors without elements by constants";
  let description = [{
    Replaces an operation by constants if none of its results has an element, because the batch is 0
    or no window fits into the input. Later passes never see an empty loop.

    Example (`test/Transforms/fold-empty.mlir`):

    ```mlir
    func.func @batch(%x: tensor<0x8x8x4xf32>, %f: tensor<3x3x4x1xf32>) -> tensor<0x6x6x4xf32> {
      %0 = sepconv.depthwise_conv2d(%x, %f)
        : (tensor<0x8x8x4xf32>, tensor<3x3x4x1xf32>) -> tensor<0x6x6x4xf32>
      return %0 : tensor<0x6x6x4xf32>
    }
    ```

    becomes

    ```mlir
    func.func @batch(%arg0: tensor<0x8x8x4xf32>, %arg1: tensor<3x3x4x1xf32>)
        -> tensor<0x6x6x4xf32> {
      %cst = arith.constant dense<> : tensor<0x6x6x4xf32>
      return %cst : tensor<0x6x6x4xf32>
    }
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def FoldPadding : Pass<"sepconv-fold-padding", "ModuleOp"> {
  let summary = "fold zero padding into convolutions";
  let description = [{
    Adds a `tensor.pad` of the height and the width with zeros (a ZeroPadding2D layer) to the
    `padding` of each convolution that reads it, in either data format. A pool keeps its
    `tensor.pad`, because a pool ignores its own padding.

    Example (`test/Transforms/fold-padding.mlir`):

    ```mlir
    func.func @asymmetric(%x: tensor<1x8x8x4xf32>, %f: tensor<3x3x4x1xf32>) -> tensor<1x4x4x4xf32> {
      %zero = arith.constant 0.0 : f32
      %0 = tensor.pad %x low[0, 0, 0, 0] high[0, 1, 1, 0] {
      ^bb0(%b: index, %h: index, %w: index, %c: index):
        tensor.yield %zero : f32
      } : tensor<1x8x8x4xf32> to tensor<1x9x9x4xf32>
      %1 = sepconv.depthwise_conv2d(%0, %f) {strides = array<i64: 2, 2>}
        : (tensor<1x9x9x4xf32>, tensor<3x3x4x1xf32>) -> tensor<1x4x4x4xf32>
      return %1 : tensor<1x4x4x4xf32>
    }
    ```

    becomes

    ```mlir
    func.func @asymmetric(%arg0: tensor<1x8x8x4xf32>, %arg1: tensor<3x3x4x1xf32>)
        -> tensor<1x4x4x4xf32> {
      %cst = arith.constant 0.000000e+00 : f32
      %0 = sepconv.depthwise_conv2d(%arg0, %arg1) {padding = array<i64: 0, 1, 0, 1>,
          strides = array<i64: 2, 2>} : (tensor<1x8x8x4xf32>, tensor<3x3x4x1xf32>)
          -> tensor<1x4x4x4xf32>
      return %0 : tensor<1x4x4x4xf32>
    }
    ```
  }];
}

def FoldBatchNorm : Pass<"sepconv-fold-batch-norm", "ModuleOp"> {
  let summary = "fold batch normalization into the preceding layer";
  let description = [{
    Multiplies the filter of a layer (of a separable convolution, the pointwise one) by the scale of
    the `sepconv.batch_norm` that is its only user, and adds the shift to its bias. This requires
    that the parameters of both are constants, that the batch normalization is along the channels,
    and that the layer has no activation. The arithmetic is in double precision; each weight is
    rounded once, to its own type.

    Example (`test/Transforms/fold-batch-norm.mlir`):

    ```mlir
    func.func @example(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
      %f = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
      %gamma = arith.constant dense<[1.0, 2.0]> : tensor<2xf32>
      %beta = arith.constant dense<[0.0, 1.0]> : tensor<2xf32>
      %mean = arith.constant dense<[1.0, 0.0]> : tensor<2xf32>
      %variance = arith.constant dense<4.0> : tensor<2xf32>
      %0 = sepconv.dense(%x, %f) : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
      %1 = sepconv.batch_norm(%0, %gamma, %beta, %mean, %variance) {axis = 1, epsilon = 0.0}
        : tensor<1x2xf32>, tensor<2xf32>
      return %1 : tensor<1x2xf32>
    }
    ```

    becomes

    ```mlir
    func.func @example(%arg0: tensor<1x2xf32>) -> tensor<1x2xf32> {
      %cst = arith.constant dense<[[5.000000e-01, 2.000000e+00], [1.500000e+00, 4.000000e+00]]>
          : tensor<2x2xf32>
      %cst_0 = arith.constant dense<[-5.000000e-01, 1.000000e+00]> : tensor<2xf32>
      %0 = sepconv.dense(%arg0, %cst, %cst_0)
          : (tensor<1x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
      return %0 : tensor<1x2xf32>
    }
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def FuseActivation : Pass<"sepconv-fuse-activation", "ModuleOp"> {
  let summary = "fuse activations into the preceding layer";
  let description = [{
    Turns a `sepconv.activation` that is the only user of a convolution or dense layer into the
    attribute `activation` of that layer, unless the layer already has an activation.

    Example (`test/Transforms/fuse-activation.mlir`):

    ```mlir
    func.func @example(%x: tensor<1x8xf32>, %f: tensor<8x4xf32>) -> tensor<1x4xf32> {
      %0 = sepconv.dense(%x, %f) : (tensor<1x8xf32>, tensor<8x4xf32>) -> tensor<1x4xf32>
      %1 = sepconv.activation(%0) {function = #sepconv.activation<silu>} : tensor<1x4xf32>
      return %1 : tensor<1x4xf32>
    }
    ```

    becomes

    ```mlir
    func.func @example(%arg0: tensor<1x8xf32>, %arg1: tensor<8x4xf32>) -> tensor<1x4xf32> {
      %0 = sepconv.dense(%arg0, %arg1) {activation = #sepconv.activation<silu>}
          : (tensor<1x8xf32>, tensor<8x4xf32>) -> tensor<1x4xf32>
      return %0 : tensor<1x4xf32>
    }
    ```
  }];
}
