//===- Kernels.td - passes that form kernels --------------------*- tablegen -*-===//

def ResolveSizes : Pass<"sepconv-resolve-sizes", "ModuleOp"> {
  let summary = "express every size in the dynamic dimensions of the arguments";
  let description = [{
    Replaces each `tensor.dim` of an intermediate tensor by an expression in the dynamic dimensions
    of the entry's arguments. Afterwards the result of a layer is read by layers only, so that the
    layer can be fused with them.

    Example (`test/Transforms/resolve-sizes.mlir`):

    ```mlir
    func.func @main(%x: tensor<1x?x8x4xf32>
        {sepconv.sizes = [#sepconv.size<"height", least = 3, greatest = 64>]}) -> index {
      %0 = sepconv.pool2d(%x) {kind = #sepconv.pool_kind<max>, window = array<i64: 2, 2>}
        : (tensor<1x?x8x4xf32>) -> tensor<1x?x7x4xf32>
      %c1 = arith.constant 1 : index
      %1 = tensor.dim %0, %c1 : tensor<1x?x7x4xf32>
      return %1 : index
    }
    ```

    becomes

    ```mlir
    #map = affine_map<()[s0] -> (s0 - 1)>
    module {
      func.func @main(%arg0: tensor<1x?x8x4xf32> {sepconv.sizes = [#sepconv.size<"height",
          least = 3, greatest = 64>]}) -> index {
        %c1 = arith.constant 1 : index
        %dim = tensor.dim %arg0, %c1 : tensor<1x?x8x4xf32>
        %0 = affine.apply #map()[%dim]
        return %0 : index
    ```
  }];
  let dependentDialects = ["::mlir::affine::AffineDialect", "::mlir::tensor::TensorDialect"];
}

def SplitVariants : Pass<"sepconv-split-variants", "ModuleOp"> {
  let summary = "clone the model for each variant of the target";
  let description = [{
    Clones the contents of the module into one nested module for each of the target's `variants`.
    The nested module has the variant's name, as its symbol and as its attribute `sepconv.target`;
    later passes form kernels and choose schedules for each variant separately. The pass does
    nothing if the target has no variants. `sepconv-merge-variants` is its inverse.

    Errors: an unknown target.

    Example (`test/Schedule/split-variants.mlir`):

    ```mlir
    func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
      %0 = call @helper(%x) : (tensor<4xf32>) -> tensor<4xf32>
      return %0 : tensor<4xf32>
    }
    func.func private @helper(%x: tensor<4xf32>) -> tensor<4xf32> {
      return %x : tensor<4xf32>
    }
    ```

    becomes

    ```mlir
    module @"x86-64-v4" attributes {sepconv.target = "x86-64-v4"} {
      func.func @f(%arg0: tensor<4xf32>) -> tensor<4xf32> {
        %0 = call @helper(%arg0) : (tensor<4xf32>) -> tensor<4xf32>
        return %0 : tensor<4xf32>
      }
      func.func private @helper(%arg0: tensor<4xf32>) -> tensor<4xf32> {
        return %arg0 : tensor<4xf32>
      }
    }
    module @"x86-64-v3" attributes {sepconv.target = "x86-64-v3"} {
    ...
    module @"x86-64-v2" attributes {sepconv.target = "x86-64-v2"} {
    ```
  }];
  let options = [
    Option<"target", "target", "std::string", /*default=*/"\"generic\"", "a folder of schedules/">
  ];
}

def ConvertToLinalg : Pass<"sepconv-convert-to-linalg", "ModuleOp"> {
  let summary = "lower layers to linalg.generic and tensor.pad";
  let description = [{
    Lowers every operation of the `sepconv` dialect that computes something, in functions and in
    `sepconv.kernel`. Padding becomes a `tensor.pad`. The sum of a convolution becomes a
    `linalg.generic` over (b, y, x, c) and the reduction (ky, kx, kc), initialized with zero; bias
    and activation become an elementwise `linalg.generic` after it. With a depth multiplier of M,
    output channel c reads input channel `c floordiv M`. Named operations of `linalg` become
    `linalg.generic` too, a softmax four of them; `linalg.fill` and the `tensor` dialect remain.

    Errors: an image in NCHW (run `sepconv-choose-layout` first), a softmax of integers, an average
    pool with padding and more windows than float32 counts exactly.

    Example (`test/Transforms/convert-to-linalg.mlir`):

    ```mlir
    func.func @example(%x: tensor<1x8xf32>, %f: tensor<8x4xf32>) -> tensor<1x4xf32> {
      %0 = sepconv.dense(%x, %f) {activation = #sepconv.activation<relu>}
        : (tensor<1x8xf32>, tensor<8x4xf32>) -> tensor<1x4xf32>
      return %0 : tensor<1x4xf32>
    }
    ```

    becomes

    ```mlir
    #map = affine_map<(d0, d1, d2) -> (d0, d2)>
    #map1 = affine_map<(d0, d1, d2) -> (d2, d1)>
    #map2 = affine_map<(d0, d1, d2) -> (d0, d1)>
    #map3 = affine_map<(d0, d1) -> (d0, d1)>
    module {
      func.func @example(%arg0: tensor<1x8xf32>, %arg1: tensor<8x4xf32>) -> tensor<1x4xf32> {
        %cst = arith.constant 0.000000e+00 : f32
        %0 = tensor.empty() : tensor<1x4xf32>
        %1 = linalg.fill ins(%cst : f32) outs(%0 : tensor<1x4xf32>) -> tensor<1x4xf32>
        %2 = linalg.generic {indexing_maps = [#map, #map1, #map2],
            iterator_types = ["parallel", "parallel", "reduction"]}
            ins(%arg0, %arg1 : tensor<1x8xf32>, tensor<8x4xf32>) outs(%1 : tensor<1x4xf32>) {
        ^bb0(%in: f32, %in_0: f32, %out: f32):
          %5 = arith.mulf %in, %in_0 : f32
          %6 = arith.addf %out, %5 : f32
          linalg.yield %6 : f32
        } -> tensor<1x4xf32>
        %3 = tensor.empty() : tensor<1x4xf32>
        %4 = linalg.generic {indexing_maps = [#map3, #map3],
            iterator_types = ["parallel", "parallel"]} ins(%2 : tensor<1x4xf32>)
            outs(%3 : tensor<1x4xf32>) {
        ^bb0(%in: f32, %out: f32):
          %cst_0 = arith.constant 0.000000e+00 : f32
          %5 = arith.cmpf olt, %in, %cst_0 : f32
          %6 = arith.select %5, %cst_0, %in : f32
          linalg.yield %6 : f32
        } -> tensor<1x4xf32>
        return %4 : tensor<1x4xf32>
      }
    }
    ```
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect", "::mlir::math::MathDialect",
    "::mlir::tensor::TensorDialect"
  ];
}

def WidenKernels : Pass<"sepconv-widen-kernels", "ModuleOp"> {
  let summary = "keep float32 between the operations of a kernel";
  let description = [{
    Makes the tensors within a `sepconv.kernel` that an elementwise operation rounds to `f16` or
    `bf16` tensors of `f32`: what a kernel stores is rounded once, and what it has in registers, or
    in the rows that it keeps in the cache, is not. It runs where sepconv-convert-floats has chosen
    a type of 16 bits; a model that was trained with one is rounded where its layers end.

    Example (`test/Transforms/widen-kernels.mlir`):

    ```mlir
    #map = affine_map<(b, c) -> (b, c)>
    func.func @example(%x: tensor<2x8xbf16>) -> tensor<2x8xbf16> {
      %0 = sepconv.kernel(%x) : (tensor<2x8xbf16>) -> tensor<2x8xbf16> {
      ^bb0(%a: tensor<2x8xbf16>):
        %empty = tensor.empty() : tensor<2x8xbf16>
        %1 = linalg.generic {indexing_maps = [#map, #map],
            iterator_types = ["parallel", "parallel"]}
            ins(%a : tensor<2x8xbf16>) outs(%empty : tensor<2x8xbf16>) {
        ^bb1(%in: bf16, %out: bf16):
          %3 = arith.extf %in : bf16 to f32
          %4 = math.exp %3 : f32
          %5 = arith.truncf %4 : f32 to bf16
          linalg.yield %5 : bf16
        } -> tensor<2x8xbf16>
        %2 = linalg.generic {indexing_maps = [#map, #map],
            iterator_types = ["parallel", "parallel"]}
            ins(%1 : tensor<2x8xbf16>) outs(%empty : tensor<2x8xbf16>) {
        ^bb1(%in: bf16, %out: bf16):
          %3 = arith.extf %in : bf16 to f32
          %4 = arith.addf %3, %3 : f32
          %5 = arith.truncf %4 : f32 to bf16
          linalg.yield %5 : bf16
        } -> tensor<2x8xbf16>
        sepconv.yield %2 : tensor<2x8xbf16>
      }
      return %0 : tensor<2x8xbf16>
    }
    ```

    becomes

    ```mlir
    #map = affine_map<(d0, d1) -> (d0, d1)>
    module {
      func.func @example(%arg0: tensor<2x8xbf16>) -> tensor<2x8xbf16> {
        %0 = sepconv.kernel(%arg0) : (tensor<2x8xbf16>) -> tensor<2x8xbf16> {
        ^bb0(%arg1: tensor<2x8xbf16>):
          %1 = tensor.empty() : tensor<2x8xbf16>
          %2 = tensor.empty() : tensor<2x8xf32>
          %3 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel",
              "parallel"]} ins(%arg1 : tensor<2x8xbf16>) outs(%2 : tensor<2x8xf32>) {
          ^bb0(%in: bf16, %out: f32):
            %5 = arith.extf %in : bf16 to f32
            %6 = math.exp %5 : f32
            linalg.yield %6 : f32
          } -> tensor<2x8xf32>
          %4 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel",
              "parallel"]} ins(%3 : tensor<2x8xf32>) outs(%1 : tensor<2x8xbf16>) {
          ^bb0(%in: f32, %out: bf16):
            %5 = arith.addf %in, %in : f32
            %6 = arith.truncf %5 : f32 to bf16
            linalg.yield %6 : bf16
          } -> tensor<2x8xbf16>
          sepconv.yield %4 : tensor<2x8xbf16>
        }
        return %0 : tensor<2x8xbf16>
      }
    }
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect"];
}

def WidenSums : Pass<"sepconv-widen-sums", "ModuleOp"> {
  let summary = "accumulate long sums of float32 in float64";
  let description = [{
    Rewrites a `linalg.generic` that adds up more than 256 terms in `f32`, or a dynamic number of
    them: it accumulates in `f64`, and an elementwise operation after it rounds the sum. A running
    sum in `f32` loses up to a half of a unit in its last place with each term: the mean of an image
    of 512x512 equal pixels was wrong in the third digit. The loops wait for memory or for the
    previous addition, so this costs no time. Sums of products of two operands, convolutions and
    matrix products, stay as they are: their loops are bound by multiply-adds.

    Example (`test/Transforms/widen-sums.mlir`):

    ```mlir
    func.func @example(%x: tensor<300x8xf32>) -> tensor<8xf32> {
      %zero = arith.constant 0.0 : f32
      %empty = tensor.empty() : tensor<8xf32>
      %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<8xf32>) -> tensor<8xf32>
      %0 = linalg.generic {
          indexing_maps = [affine_map<(c, r) -> (r, c)>, affine_map<(c, r) -> (c)>],
          iterator_types = ["parallel", "reduction"]}
          ins(%x : tensor<300x8xf32>) outs(%init : tensor<8xf32>) {
      ^bb0(%element: f32, %sum: f32):
        %1 = arith.addf %sum, %element : f32
        linalg.yield %1 : f32
      } -> tensor<8xf32>
      return %0 : tensor<8xf32>
    }
    ```

    becomes

    ```mlir
    #map = affine_map<(d0, d1) -> (d1, d0)>
    #map1 = affine_map<(d0, d1) -> (d0)>
    #map2 = affine_map<(d0) -> (d0)>
    module {
      func.func @example(%arg0: tensor<300x8xf32>) -> tensor<8xf32> {
        %cst = arith.constant 0.000000e+00 : f32
        %0 = tensor.empty() : tensor<8xf32>
        %1 = linalg.fill ins(%cst : f32) outs(%0 : tensor<8xf32>) -> tensor<8xf32>
        %2 = arith.extf %cst : f32 to f64
        %3 = tensor.empty() : tensor<8xf64>
        %4 = linalg.fill ins(%2 : f64) outs(%3 : tensor<8xf64>) -> tensor<8xf64>
        %5 = linalg.generic {indexing_maps = [#map, #map1], iterator_types = ["parallel",
            "reduction"]} ins(%arg0 : tensor<300x8xf32>) outs(%4 : tensor<8xf64>) {
        ^bb0(%in: f32, %out: f64):
          %8 = arith.extf %in : f32 to f64
          %9 = arith.addf %out, %8 : f64
          linalg.yield %9 : f64
        } -> tensor<8xf64>
        %6 = tensor.empty() : tensor<8xf32>
        %7 = linalg.generic {indexing_maps = [#map2, #map2], iterator_types = ["parallel"]}
            ins(%5 : tensor<8xf64>) outs(%6 : tensor<8xf32>) {
        ^bb0(%in: f64, %out: f32):
          %8 = arith.truncf %in : f64 to f32
          linalg.yield %8 : f32
        } -> tensor<8xf32>
        return %7 : tensor<8xf32>
      }
    }
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect"];
}

def SplitConcatenations : Pass<"sepconv-split-concatenations", "ModuleOp"> {
  let summary = "make a concatenation of many operands a tree of concatenations of a few";
  let description = [{
    The loops that compute a concatenation select among all of its operands, so that the time to
    compile them grows faster than the number of operands. A `tensor.concat` of more than `most`
    operands becomes a tree of them, in which as few operands as possible are copied more than once.

    Example (`test/Transforms/split-concatenations.mlir`):

    ```mlir
    func.func @example(%x: tensor<1x2xf32>) -> tensor<1x6xf32> {
      %0 = tensor.concat dim(1) %x, %x, %x
        : (tensor<1x2xf32>, tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x6xf32>
      return %0 : tensor<1x6xf32>
    }
    ```

    becomes, with `most=2`,

    ```mlir
    func.func @example(%arg0: tensor<1x2xf32>) -> tensor<1x6xf32> {
      %concat = tensor.concat dim(1) %arg0, %arg0
        : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x4xf32>
      %concat_0 = tensor.concat dim(1) %concat, %arg0
        : (tensor<1x4xf32>, tensor<1x2xf32>) -> tensor<1x6xf32>
      return %concat_0 : tensor<1x6xf32>
    }
    ```
  }];
  let options = [
    Option<"most", "most", "unsigned", /*default=*/"16",
           "operands of one concatenation, at least 2; the branches of an Inception block are four">
  ];
  let dependentDialects = ["tensor::TensorDialect"];
}

def FormKernels : Pass<"sepconv-form-kernels", "ModuleOp"> {
  let summary = "group the operations of a network into kernels";
  let description = [{
    Moves every operation on tensors of a public function into a `sepconv.kernel`, the unit of
    scheduling. A convolution, a dense layer, a pool or any other operation of `linalg` or `tensor`
    starts a kernel. An elementwise operation (an activation, a batch normalization, a residual sum)
    that is the only user of a value becomes an epilogue of the kernel that computes the value; of
    two such kernels, of the later one; but no kernel has more than 32 operations. Padding, initial
    values, scalars and splats are cloned into the kernels that use them. Constants and views
    (`tensor.collapse_shape`, `tensor.expand_shape`) stay outside, and the parameters of layers are
    inputs of their kernels. Dead operations are erased.

    A 1x1 convolution of stride 1 and the depthwise convolution that is its only user become one
    kernel if what is between them is larger than the L2 cache, and half of the cache holds the rows
    of a window and those that the next window adds. The kernel keeps such rows only. It is of
    floats and of static sizes, and not on a GPU.

    A depthwise convolution and the 1x1 convolution of stride 1 that is its only user become one
    kernel if that reduces memory traffic. It saves writing and reading the depthwise result, and
    computes nothing twice. But the kernel works on tiles of whole rows whose depthwise result must
    fit into half of the L2 cache, and every tile reads the pointwise filter again if the filter is
    larger than the other half. On a GPU the blocks for other output channels recompute the
    depthwise result; this must take less time than moving the result twice and launching another
    kernel, and the window of a position must fit into shared memory. Elementwise operations that
    are no epilogue, such as the scale of squeeze-and-excite, become one kernel with such a
    convolution of floats on the same conditions, but not on a GPU; so do sums and products with a
    padded convolution, which copies its input anyway, if few rows are computed again for the next
    windows. What the machine has are facts of the target (`l2_bytes`, `hiding_positions`,
    `shared_bytes`, `launch_us` and others). A
    separable convolution is always one kernel. With `remarks`, a remark at the second convolution
    states each decision and its reason.

    Example (`test/Transforms/form-kernels.mlir`):

    ```mlir
    func.func @example(%x: tensor<1x8x8x4xf32>, %d: tensor<3x3x4x1xf32>) -> tensor<1x6x6x4xf32> {
      %0 = sepconv.depthwise_conv2d(%x, %d)
        : (tensor<1x8x8x4xf32>, tensor<3x3x4x1xf32>) -> tensor<1x6x6x4xf32>
      %1 = sepconv.activation(%0) {function = #sepconv.activation<silu>} : tensor<1x6x6x4xf32>
      return %1 : tensor<1x6x6x4xf32>
    }
    ```

    becomes

    ```mlir
    func.func @example(%arg0: tensor<1x8x8x4xf32>, %arg1: tensor<3x3x4x1xf32>)
        -> tensor<1x6x6x4xf32> {
      %0 = sepconv.kernel(%arg0, %arg1) : (tensor<1x8x8x4xf32>, tensor<3x3x4x1xf32>)
          -> tensor<1x6x6x4xf32> {
      ^bb0(%arg2: tensor<1x8x8x4xf32>, %arg3: tensor<3x3x4x1xf32>):
        %1 = sepconv.depthwise_conv2d(%arg2, %arg3)
            : (tensor<1x8x8x4xf32>, tensor<3x3x4x1xf32>) -> tensor<1x6x6x4xf32>
        %2 = sepconv.activation(%1) {function = #sepconv.activation<silu>} : tensor<1x6x6x4xf32>
        sepconv.yield %2 : tensor<1x6x6x4xf32>
      }
      return %0 : tensor<1x6x6x4xf32>
    }
    ```
  }];
  let dependentDialects = ["::mlir::sepconv::SepConvDialect"];
  let options = [
    Option<"target", "target", "std::string", /*default=*/"\"generic\"",
           "the machine: a folder of schedules/">,
    Option<"remarks", "remarks", "bool", /*default=*/"false",
           "report what was fused, what was not, and why">
  ];
}

def OutlineKernels : Pass<"sepconv-outline-kernels", "ModuleOp"> {
  let summary = "outline kernels into functions and merge equal ones";
  let description = [{
    Turns the body of each `sepconv.kernel` into a private function and the kernel into a
    `sepconv.call`. Kernels share a function if their bodies are equal, apart from locations and the
    values of inputs, and the same inputs are constants. The function's argument for a constant
    carries `sepconv.weight`: its layout can be chosen at compile time. Reshapes of inputs, and
    constants other than splats, are hoisted out of the kernel first. The attribute
    `sepconv.pattern` lists the stages of the function, which is also named after them.

    Example (`test/Transforms/outline-kernels.mlir`):

    ```mlir
    func.func @example(%x: tensor<4xf32>) -> tensor<4xf32> {
      %0 = sepconv.kernel(%x) : (tensor<4xf32>) -> tensor<4xf32> {
      ^bb0(%in: tensor<4xf32>):
        %1 = linalg.generic {indexing_maps = [affine_map<(c) -> (c)>],
                             iterator_types = ["parallel"]} outs(%in : tensor<4xf32>) {
        ^bb0(%element: f32):
          %2 = arith.addf %element, %element : f32
          linalg.yield %2 : f32
        } -> tensor<4xf32>
        sepconv.yield %1 : tensor<4xf32>
      }
      return %0 : tensor<4xf32>
    }
    ```

    becomes

    ```mlir
    #map = affine_map<(d0) -> (d0)>
    module {
      func.func @example(%arg0: tensor<4xf32>) -> tensor<4xf32> {
        %0 = sepconv.call @elementwise_0(%arg0) : (tensor<4xf32>) -> tensor<4xf32>
        return %0 : tensor<4xf32>
      }
      func.func private @elementwise_0(%arg0: tensor<4xf32>) -> tensor<4xf32>
          attributes {sepconv.pattern = ["elementwise"]} {
        %0 = linalg.generic {indexing_maps = [#map], iterator_types = ["parallel"]}
            outs(%arg0 : tensor<4xf32>) {
        ^bb0(%out: f32):
          %1 = arith.addf %out, %out : f32
          linalg.yield %1 : f32
        } -> tensor<4xf32>
        return %0 : tensor<4xf32>
      }
    }
    ```
  }];
  let dependentDialects = ["::mlir::func::FuncDialect", "::mlir::sepconv::SepConvDialect"];
}
