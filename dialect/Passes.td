//===- Passes.td - every pass of sepconv ------------------------*- tablegen -*-===//
#ifndef SEPCONV_PASSES
#define SEPCONV_PASSES

include "mlir/Pass/PassBase.td"

//===----------------------------------------------------------------------===//
// graph
//===----------------------------------------------------------------------===//

def InitializeVariables : Pass<"sepconv-initialize-variables", "ModuleOp"> {
  let summary = "give variables the values that their initializers make";
  let description = [{
    Each `sepconv.variable` becomes a constant. The functions that make the values are those of the
    product's NAME_init, compiled for this machine and run; the values are the same.

    ```mlir
    %0 = sepconv.variable "bias" {initializer = #sepconv.initializer<constant>} : tensor<4xf32>
    // becomes
    %0 = arith.constant dense<0.0> : tensor<4xf32>
    ```
  }];
  let options = [Option<"seed", "seed", "uint64_t", "0", "what random numbers are drawn from">];
  let dependentDialects = ["arith::ArithDialect"];
}

def VariablesToArguments : Pass<"sepconv-variables-to-arguments", "ModuleOp"> {
  let summary = "make variables arguments of the entry";
  let description = [{
    Behind the inputs, in the order of the variables. What else a variable says becomes attributes
    of the argument.

    ```mlir
    func.func @main(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
      %w = sepconv.variable "w" {initializer = #sepconv.initializer<identity>} : tensor<4x4xf32>
      %0 = sepconv.dense(%x, %w) : (tensor<1x4xf32>, tensor<4x4xf32>) -> tensor<1x4xf32>
      return %0 : tensor<1x4xf32>
    }
    ```

    becomes

    ```mlir
    func.func @main(%x: tensor<1x4xf32>, %w: tensor<4x4xf32> {sepconv.name = "w",
                    sepconv.weight, sepconv.initializer = #sepconv.initializer<identity>})
        -> tensor<1x4xf32> {
      %0 = sepconv.dense(%x, %w) : (tensor<1x4xf32>, tensor<4x4xf32>) -> tensor<1x4xf32>
      return %0 : tensor<1x4xf32>
    }
    ```
  }];
}

def CheckTensors : Pass<"sepconv-check-tensors", "ModuleOp"> {
  let summary = "report tensors that no kernel can be made for";
  let description = [{
    Whatever dialect an operation is of: a tensor has a shape that is static or follows from the
    arguments' open sizes (C20), has windows (C6), is within the limits of rule C18
    and elements that C has a type for, or of `f16` or `bf16`. A constant, or a variable that
    becomes one, has at most 2^31 - 1 bytes, what code can address beside itself. Each type is
    reported once.

    ```mlir
    // error: a tensor must have a static shape, found 'tensor<?x8xf32>'
    func.func @f(%x: tensor<?x8xf32>) { ... }
    ```
  }];
}

def ChooseLayout : Pass<"sepconv-choose-layout", "ModuleOp"> {
  let summary = "bring every image into NHWC";
  let description = [{
    A layer in NCHW becomes a `linalg.transpose`, the layer in NHWC and a transpose back. Transposes
    move through activations, batch normalizations, softmax, padding, slices, concatenations and
    `linalg.generic` towards the outputs, until they meet their inverse: a network in NCHW
    (channels_first) is transposed at its ends only. What is left and moves dimensions of size 1
    only becomes a reshape.

    ```mlir
    func.func @f(%x: tensor<1x4x8x8xf32>, %f: tensor<3x3x4x1xf32>) -> tensor<1x4x6x6xf32> {
      %0 = sepconv.depthwise_conv2d(%x, %f) {data_format = #sepconv.data_format<NCHW>}
        : (tensor<1x4x8x8xf32>, tensor<3x3x4x1xf32>) -> tensor<1x4x6x6xf32>
      return %0 : tensor<1x4x6x6xf32>
    }
    ```

    becomes

    ```mlir
    %nhwc = linalg.transpose ins(%x : tensor<1x4x8x8xf32>) outs(%0 : tensor<1x8x8x4xf32>)
        permutation = [0, 2, 3, 1]
    %y = sepconv.depthwise_conv2d(%nhwc, %f)
        : (tensor<1x8x8x4xf32>, tensor<3x3x4x1xf32>) -> tensor<1x6x6x4xf32>
    %nchw = linalg.transpose ins(%y : tensor<1x6x6x4xf32>) outs(%1 : tensor<1x4x6x6xf32>)
        permutation = [0, 3, 1, 2]
    ```
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect"];
}

def FoldEmpty : Pass<"sepconv-fold-empty", "ModuleOp"> {
  let summary = "replace what has no elements by a constant";
  let description = [{
    An operation whose results have no elements, because the batch is empty or no window fits,
    computes nothing: its results become constants, and no later pass meets an empty loop.

    ```mlir
    func.func @f(%x: tensor<0x8x8x4xf32>, %f: tensor<3x3x4x1xf32>) -> tensor<0x6x6x4xf32> {
      %0 = sepconv.depthwise_conv2d(%x, %f)
        : (tensor<0x8x8x4xf32>, tensor<3x3x4x1xf32>) -> tensor<0x6x6x4xf32>
      return %0 : tensor<0x6x6x4xf32>
    }
    ```

    becomes

    ```mlir
    func.func @f(%x: tensor<0x8x8x4xf32>, %f: tensor<3x3x4x1xf32>) -> tensor<0x6x6x4xf32> {
      %0 = arith.constant dense<> : tensor<0x6x6x4xf32>
      return %0 : tensor<0x6x6x4xf32>
    }
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def FoldPadding : Pass<"sepconv-fold-padding", "ModuleOp"> {
  let summary = "fold zero padding into the convolution that reads it";
  let description = [{
    A `tensor.pad` of zeros around height and width (a ZeroPadding2D layer) becomes part of the
    attribute `padding` of each convolution, depthwise or separable convolution that reads it, in
    either data format. A pool does not count its padding, so that it keeps the `tensor.pad`.

    ```mlir
    func.func @f(%x: tensor<1x8x8x4xf32>, %f: tensor<3x3x4x1xf32>) -> tensor<1x4x4x4xf32> {
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
    func.func @f(%x: tensor<1x8x8x4xf32>, %f: tensor<3x3x4x1xf32>) -> tensor<1x4x4x4xf32> {
      %0 = sepconv.depthwise_conv2d(%x, %f)
          {padding = array<i64: 0, 1, 0, 1>, strides = array<i64: 2, 2>}
        : (tensor<1x8x8x4xf32>, tensor<3x3x4x1xf32>) -> tensor<1x4x4x4xf32>
      return %0 : tensor<1x4x4x4xf32>
    }
    ```
  }];
}

def FoldBatchNorm : Pass<"sepconv-fold-batch-norm", "ModuleOp"> {
  let summary = "fold batch normalization into the weights of the layer before it";
  let description = [{
    The scale of a `sepconv.batch_norm` along the channels is multiplied into the filter (the
    pointwise one of a separable convolution) of the layer that it alone reads, its shift goes into
    the bias. All parameters must be constants and the layer without an activation. The arithmetic
    is in double precision; each weight is rounded once, to its type.

    ```mlir
    func.func @f(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
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
    func.func @f(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
      %f = arith.constant dense<[[0.5, 2.0], [1.5, 4.0]]> : tensor<2x2xf32>
      %b = arith.constant dense<[-0.5, 1.0]> : tensor<2xf32>
      %0 = sepconv.dense(%x, %f, %b)
        : (tensor<1x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
      return %0 : tensor<1x2xf32>
    }
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def FuseActivation : Pass<"sepconv-fuse-activation", "ModuleOp"> {
  let summary = "make an activation part of the layer before it";
  let description = [{
    A `sepconv.activation` that alone reads a convolution or dense layer becomes its attribute
    `activation`, if it has none yet.

    ```mlir
    func.func @f(%x: tensor<1x8xf32>, %f: tensor<8x4xf32>) -> tensor<1x4xf32> {
      %0 = sepconv.dense(%x, %f) : (tensor<1x8xf32>, tensor<8x4xf32>) -> tensor<1x4xf32>
      %1 = sepconv.activation(%0) {function = #sepconv.activation<silu>} : tensor<1x4xf32>
      return %1 : tensor<1x4xf32>
    }
    ```

    becomes

    ```mlir
    func.func @f(%x: tensor<1x8xf32>, %f: tensor<8x4xf32>) -> tensor<1x4xf32> {
      %0 = sepconv.dense(%x, %f) {activation = #sepconv.activation<silu>}
        : (tensor<1x8xf32>, tensor<8x4xf32>) -> tensor<1x4xf32>
      return %0 : tensor<1x4xf32>
    }
    ```
  }];
}

//===----------------------------------------------------------------------===//
// kernels
//===----------------------------------------------------------------------===//

def ResolveSizes : Pass<"sepconv-resolve-sizes", "ModuleOp"> {
  let summary = "compute every size by those that the arguments leave open";
  let description = [{
    So that nothing but layers reads what a layer makes.

    ```mlir
    func.func @main(%x: tensor<1x?x8x4xf32>
        {sepconv.sizes = [#sepconv.size<"height", least = 3, greatest = 64>]}) -> index {
      %0 = sepconv.pool2d(%x) {kind = #sepconv.pool_kind<max>, window = array<i64: 2, 2>}
        : (tensor<1x?x8x4xf32>) -> tensor<1x?x7x4xf32>
      %c1 = arith.constant 1 : index
      %1 = tensor.dim %0, %c1 : tensor<1x?x7x4xf32>
      return %1 : index
    }
    // becomes
      %c1 = arith.constant 1 : index
      %dim = tensor.dim %x, %c1 : tensor<1x?x8x4xf32>
      %1 = affine.apply affine_map<()[s0] -> (s0 - 1)>()[%dim]
    ```
  }];
  let dependentDialects = ["::mlir::affine::AffineDialect", "::mlir::tensor::TensorDialect"];
}

def SplitVariants : Pass<"sepconv-split-variants", "ModuleOp"> {
  let summary = "copy the model for each variant of the target";
  let description = [{
    Where the target has `variants`, the module's contents become modules of their own, one for each
    variant, named after it and with its name as the attribute `sepconv.target`. What follows forms
    kernels and chooses schedules for each of them. For other targets nothing changes.

    ```mlir
    func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> { ... }
    // becomes
    module @"x86-64-v4" attributes {sepconv.target = "x86-64-v4"} {
      func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> { ... }
    }
    module @"x86-64-v3" attributes {sepconv.target = "x86-64-v3"} {
      func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> { ... }
    }
    ```
  }];
  let options = [
    Option<"target", "target", "std::string", /*default=*/"\"generic\"", "a folder of schedules/">
  ];
}

def ConvertToLinalg : Pass<"sepconv-convert-to-linalg", "ModuleOp"> {
  let summary = "rewrite every layer as linalg.generic and tensor.pad";
  let description = [{
    Each operation of the `sepconv` dialect says itself in `linalg`, wherever it stands: in a
    function or in a `sepconv.kernel`. Padding becomes a `tensor.pad`, the sum of a convolution a
    `linalg.generic` over (b, y, x, c) and the reduction's (ky, kx, kc) that starts from zero, bias
    and activation one elementwise `linalg.generic` after it. Named operations of linalg become
    `linalg.generic` too, a softmax the four it consists of; `linalg.fill` and the `tensor` dialect
    stay. A channel of the input is `c floordiv M` with a depth multiplier of M. Images must be
    NHWC: `sepconv-choose-layout` comes first.

    ```mlir
    func.func @f(%x: tensor<1x8xf32>, %f: tensor<8x4xf32>) -> tensor<1x4xf32> {
      %0 = sepconv.dense(%x, %f) {activation = #sepconv.activation<relu>}
        : (tensor<1x8xf32>, tensor<8x4xf32>) -> tensor<1x4xf32>
      return %0 : tensor<1x4xf32>
    }
    ```

    becomes

    ```mlir
    %empty = tensor.empty() : tensor<1x4xf32>
    %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x4xf32>) -> tensor<1x4xf32>
    %sum = linalg.generic {
        indexing_maps = [affine_map<(b, c, kc) -> (b, kc)>, affine_map<(b, c, kc) -> (kc, c)>,
                         affine_map<(b, c, kc) -> (b, c)>],
        iterator_types = ["parallel", "parallel", "reduction"]}
        ins(%x, %f : tensor<1x8xf32>, tensor<8x4xf32>) outs(%init : tensor<1x4xf32>) {
    ^bb0(%in: f32, %weight: f32, %sum: f32):
      %product = arith.mulf %in, %weight : f32
      %next = arith.addf %sum, %product : f32
      linalg.yield %next : f32
    } -> tensor<1x4xf32>
    %result = linalg.generic ...   // select(x < 0, 0, x)
    ```
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect", "::mlir::math::MathDialect",
    "::mlir::tensor::TensorDialect"
  ];
}

def FormKernels : Pass<"sepconv-form-kernels", "ModuleOp"> {
  let summary = "group the operations of a network into kernels";
  let description = [{
    Every operation on tensors of a public function moves into a `sepconv.kernel`, the unit of
    scheduling. A convolution, a dense layer, a pool, any other operation of linalg or `tensor`
    starts one. An elementwise operation (an activation, a batch normalization, a residual sum)
    that is the only reader of a value joins the kernel of that value as its epilogue; of two such
    values it takes the later. Padding, initial values, scalars and splats go into the kernel that
    reads them. Constants and views (`tensor.collapse_shape`, `tensor.expand_shape`) stay outside;
    the parameters of layers are inputs of their kernels. Nothing dead is left.

    A depthwise convolution and the 1x1 convolution that alone reads it become one kernel if that
    saves memory traffic. The depthwise result, written and read again, is saved. A 1x1 convolution
    of stride 1 reads each of its positions once, so nothing is computed twice; but the kernel works
    in tiles of whole rows whose depthwise result must fit into half of `l2-bytes`, and each tile
    reads the pointwise filter again, which costs its size if it is larger than that half itself.
    On a GPU, which has `shared-bytes`, the blocks of other output channels compute the depthwise
    result again; that must not take longer than to move it twice and to launch a kernel more, and
    the window of a position must fit into shared memory.
    A separable convolution is one kernel always. With `remarks` each decision is reported on the
    1x1 convolution.

    ```mlir
    func.func @f(%x: tensor<1x8x8x4xf32>, %d: tensor<3x3x4x1xf32>) -> tensor<1x6x6x4xf32> {
      %0 = sepconv.depthwise_conv2d(%x, %d)
        : (tensor<1x8x8x4xf32>, tensor<3x3x4x1xf32>) -> tensor<1x6x6x4xf32>
      %1 = sepconv.activation(%0) {function = #sepconv.activation<silu>} : tensor<1x6x6x4xf32>
      return %1 : tensor<1x6x6x4xf32>
    }
    ```

    becomes

    ```mlir
    func.func @f(%x: tensor<1x8x8x4xf32>, %d: tensor<3x3x4x1xf32>) -> tensor<1x6x6x4xf32> {
      %0 = sepconv.kernel(%x, %d)
          : (tensor<1x8x8x4xf32>, tensor<3x3x4x1xf32>) -> tensor<1x6x6x4xf32> {
      ^bb0(%in: tensor<1x8x8x4xf32>, %filter: tensor<3x3x4x1xf32>):
        %1 = sepconv.depthwise_conv2d(%in, %filter)
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
    Option<"l2Bytes", "l2-bytes", "int64_t", /*default=*/"1048576",
           "size of the L2 cache that the cost model fuses for">,
    Option<"sharedBytes", "shared-bytes", "int64_t", /*default=*/"0",
           "shared memory of a block of a GPU; 0 for a processor">,
    Option<"productsPerUs", "products-per-us", "int64_t", /*default=*/"1",
           "what a GPU multiplies in a microsecond">,
    Option<"bytesPerUs", "bytes-per-us", "int64_t", /*default=*/"1",
           "what a GPU's memory moves in a microsecond">,
    Option<"remarks", "remarks", "bool", /*default=*/"false",
           "report what was fused, and what was not and why">
  ];
}

def OutlineKernels : Pass<"sepconv-outline-kernels", "ModuleOp"> {
  let summary = "make each kernel a function, and equal ones the same function";
  let description = [{
    The body of each `sepconv.kernel` becomes a private function, the kernel a `sepconv.call`.
    Kernels whose bodies are equal (their locations and the values of their inputs aside) share
    one, if the same of their inputs are constants: those arguments get the attribute
    `sepconv.weight`, because their layout can be chosen at compile time. Other shapes of a kernel's
    inputs and constants that are not splats move out of it first. The attribute `sepconv.pattern`
    names the function's stages, and so does its name.

    ```mlir
    func.func @f(%x: tensor<1x8xf32>) -> tensor<1x8xf32> {
      %0 = sepconv.kernel(%x) : (tensor<1x8xf32>) -> tensor<1x8xf32> {
      ^bb0(%in: tensor<1x8xf32>):
        %1 = linalg.generic ...
        sepconv.yield %1 : tensor<1x8xf32>
      }
      return %0 : tensor<1x8xf32>
    }
    ```

    becomes

    ```mlir
    func.func @f(%x: tensor<1x8xf32>) -> tensor<1x8xf32> {
      %0 = sepconv.call @elementwise_0(%x) : (tensor<1x8xf32>) -> tensor<1x8xf32>
      return %0 : tensor<1x8xf32>
    }
    func.func private @elementwise_0(%in: tensor<1x8xf32>) -> tensor<1x8xf32>
        attributes {sepconv.pattern = ["elementwise"]} {
      %0 = linalg.generic ...
      return %0 : tensor<1x8xf32>
    }
    ```
  }];
  let dependentDialects = ["::mlir::func::FuncDialect", "::mlir::sepconv::SepConvDialect"];
}

//===----------------------------------------------------------------------===//
// scheduled
//===----------------------------------------------------------------------===//

def PrintKernelStages : Pass<"sepconv-print-kernel-stages", "ModuleOp"> {
  let summary = "print the stages of kernels that schedules name";
  let description = [{
    Prints to standard output, for each function that calls no kernel: its pattern, and of each
    stage its name, dimensions with their extents, outermost first, and reduction dimensions.

    ```
    @k: ["depthwise", "pointwise"]
      pad: b=1 y=10 x=10 c=8
      depthwise_sum: b=1 y=8 x=8 c=8, ky=3 kx=3, strides 1 1 1 1, dilations 1 1 1 1, weight %arg1
      depthwise: b=1 y=8 x=8 c=8
    ```
  }];
}

def ChooseSchedules : Pass<"sepconv-choose-schedules", "ModuleOp"> {
  let summary = "choose a schedule and its parameters for each kernel";
  let description = [{
    Looks through the schedule files of the user's folder, the target and its parents, in this
    order. The first schedule that is for the kernel's pattern, whose `when` holds and each of whose
    parameters has a feasible value is copied into the module; the kernel refers to it by
    `sepconv.schedule` and carries the values in `sepconv.parameters`. The facts of the machine are
    the module's attribute `sepconv.facts`. A kernel that no schedule fits keeps the default one.
    With `remarks` each choice is reported on the kernel, with what was rejected and why.

    ```mlir
    func.func private @k(%x: tensor<1x8xf32>) -> tensor<1x8xf32>
        attributes {sepconv.pattern = ["elementwise"]} { ... }
    ```

    becomes

    ```mlir
    module attributes {sepconv.facts = {fma = 1, registers = 32, vector_bytes = 64, ...}} {
      schedule.schedule @elementwise_rows for ["elementwise"] when "elementwise.rank == 2" { ... }
      func.func private @k(%x: tensor<1x8xf32>) -> tensor<1x8xf32>
          attributes {sepconv.parameters = {lanes = 8}, sepconv.pattern = ["elementwise"],
                      sepconv.schedule = @elementwise_rows} { ... }
    }
    ```
  }];
  let dependentDialects = ["::mlir::schedule::ScheduleDialect"];
  let options = [
    Option<"target", "target", "std::string", /*default=*/"\"generic\"",
           "machine to choose for: a folder of schedules/">,
    Option<"schedules", "schedules", "std::string", /*default=*/"\"\"",
           "folder with schedules that are looked up first">,
    Option<"threads", "threads", "std::string", /*default=*/"\"none\"",
           "none or callback: whether loops may run in parallel">,
    Option<"remarks", "remarks", "bool", /*default=*/"false",
           "report what was chosen, and what was not and why">
  ];
}

//===----------------------------------------------------------------------===//
// loops
//===----------------------------------------------------------------------===//

def LowerKernels : Pass<"sepconv-lower-kernels", "ModuleOp"> {
  let summary = "lower kernels to loops by their schedules";
  let description = [{
    Each kernel, a private function on tensors with `sepconv.pattern`, becomes a function on
    one-dimensional buffers: its arguments in their order, its results, and scratch where it needs
    some (`sepconv.scratch_bytes`). The body goes through Halide: every linalg operation becomes a
    Func, the directives of the schedule that `sepconv.schedule` names are applied with
    `sepconv.parameters`, and Halide's loop nest is translated to `scf`, `memref`, `vector` and
    `arith`. A kernel without a schedule gets the default one: every stage in loops of its own.
    A weight that the schedule packs is stored as its argument's attribute `sepconv.pack` says.

    Where the machine is a GPU (its fact `gpu` is not zero), the body launches functions of
    `gpu.module @kernels` and does nothing else: one for each nest of `gpu_blocks`. What is stored
    outside of them is scratch, in the device's memory. The default schedule computes each stage in
    a launch of its own, a thread for each element.

    ```mlir
    func.func private @k(%x: tensor<4xf32>) -> tensor<4xf32>
        attributes {sepconv.pattern = ["elementwise"]} {
      %empty = tensor.empty() : tensor<4xf32>
      %0 = linalg.generic {indexing_maps = [affine_map<(c) -> (c)>, affine_map<(c) -> (c)>],
                           iterator_types = ["parallel"]}
          ins(%x : tensor<4xf32>) outs(%empty : tensor<4xf32>) {
      ^bb0(%in: f32, %out: f32):
        %1 = arith.addf %in, %in : f32
        linalg.yield %1 : f32
      } -> tensor<4xf32>
      return %0 : tensor<4xf32>
    }
    ```

    becomes

    ```mlir
    func.func private @k(%x: memref<4xf32>, %out: memref<4xf32>) {
      scf.for %c = %c0 to %c4 step %c1 {
        %0 = memref.load %x[%c] : memref<4xf32>
        %1 = arith.mulf %0, %cst : f32
        memref.store %1, %out[%c] : memref<4xf32>
      }
      return
    }
    ```
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::gpu::GPUDialect", "::mlir::math::MathDialect",
    "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect"
  ];
}

//===----------------------------------------------------------------------===//
// loops, llvm
//===----------------------------------------------------------------------===//

def MergeVariants : Pass<"sepconv-merge-variants", "ModuleOp"> {
  let summary = "move the functions of all variants into one module";
  let description = [{
    The opposite of sepconv-split-variants: the functions get the variant's name as an ending, and
    as the attribute `sepconv.target`. Then they share one plan of memory: one workspace, one blob
    of weights in which equal packings stand once.

    ```mlir
    module @"x86-64-v3" attributes {sepconv.target = "x86-64-v3"} {
      func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> { ... }
    }
    // becomes
    func.func @f_x86_64_v3(%x: tensor<4xf32>) -> tensor<4xf32>
        attributes {sepconv.target = "x86-64-v3"} { ... }
    ```
  }];
}

def LowerKernelsReference : Pass<"sepconv-lower-kernels-reference", "ModuleOp"> {
  let summary = "lower kernels to plain loops by upstream passes";
  let description = [{
    The oracle of every other lowering: each kernel function (attribute `sepconv.pattern`) is
    bufferized by one-shot bufferization, its linalg operations become loops. The function's
    arguments become one-dimensional buffers: inputs, outputs, and scratch if it needs any
    (attribute `sepconv.scratch_bytes`).

    ```mlir
    func.func private @k(%a: tensor<2x4xf32>) -> tensor<2x4xf32>
        attributes {sepconv.pattern = ["elementwise"]}
    // becomes
    func.func private @k(%a: memref<8xf32>, %out: memref<8xf32>)
        attributes {sepconv.pattern = ["elementwise"]}
    ```
  }];
  let dependentDialects = [
    "affine::AffineDialect", "bufferization::BufferizationDialect", "linalg::LinalgDialect",
    "memref::MemRefDialect", "scf::SCFDialect"
  ];
}

def PlanMemory : Pass<"sepconv-plan-memory", "ModuleOp"> {
  let summary = "give every tensor of the entry its place in memory";
  let description = [{
    The entry (a public function of calls, constants and reshapes) becomes a function on buffers:
    inputs, outputs, the workspace, the weights. Results of kernels are views of the workspace, at
    offsets chosen greedily by size from their lifetimes, or the output buffers themselves.
    Constants are packed as the kernels ask (`sepconv.pack`) and put once each into one blob, the
    global @model_weights. What a caller needs to know is kept in the module's attribute
    `sepconv.interface`.

    ```mlir
    %0 = sepconv.call @k(%x) : (tensor<2x4xf32>) -> tensor<2x4xf32>
    // becomes
    %0 = memref.view %workspace[%offset][] : memref<64xi8> to memref<8xf32>
    func.call @k(%x, %0) : (memref<8xf32>, memref<8xf32>) -> ()
    ```
  }];
  let dependentDialects = ["func::FuncDialect", "memref::MemRefDialect"];
}

def CreateVariableFunctions : Pass<"sepconv-create-variable-functions", "ModuleOp"> {
  let summary = "add functions that initialize the variables, regularize and constrain them";
  let description = [{
    Of the weights that are arguments of the entry, as the arguments' attributes say:
    @variables_init fills them from a seed, @variables_regularization_loss adds up what the
    trainable ones add to the loss, @variables_apply_constraints is for after a step of
    training. They have the attribute `sepconv.function`, from which sepconv-create-c-entry makes
    NAME_init and the like.

    ```mlir
    func.func private @variables_init(%seed: i64, %w: memref<16xf32>)
        attributes {sepconv.function = "init"} {
      %stream = arith.constant 6034862418132158121 : i64
      call @initialize(%w, %seed, %stream) : (memref<16xf32>, i64, i64) -> ()
      return
    }
    ```
  }];
  let options = [
    ListOption<"functions", "functions", "std::string", "any of init, loss and constraints">
  ];
  let dependentDialects = [
    "arith::ArithDialect", "func::FuncDialect", "LLVM::LLVMDialect", "math::MathDialect",
    "memref::MemRefDialect", "scf::SCFDialect"
  ];
}

def LowerParallel : Pass<"sepconv-lower-parallel", "ModuleOp"> {
  let summary = "turn parallel loops into serial ones or into tasks";
  let description = [{
    `threads=none`: one-dimensional scf.parallel loops become scf.for. `threads=callback`: their
    bodies become functions that sepconv.parallel_call runs through the caller's parallel-for, whose
    address and pool become arguments of every function that needs them. Stack buffers move to the
    start of their function, so that a loop does not grow the stack.
  }];
  let options = [
    Option<"threads", "threads", "std::string", "\"none\"", "none or callback">
  ];
  let dependentDialects = [
    "arith::ArithDialect", "func::FuncDialect", "LLVM::LLVMDialect", "scf::SCFDialect"
  ];
}

def MergeLoads : Pass<"sepconv-merge-loads", "::mlir::gpu::GPUFuncOp"> {
  let summary = "load at once what a thread of a GPU loads in parts, or again";
  let description = [{
    Loads of a kernel's argument, in one block of operations, between which nothing is stored in it
    and no thread waits for others: those of the same elements become one, and those of single
    elements that follow each other one of a vector, of at most 16 bytes and as far as the
    alignment is known. LLVM does the same; done here, what the emulated GPU counts is what a GPU
    does.

    ```mlir
    %0 = memref.load %x[%i] {alignment = 8 : i64} : memref<64xf32>
    %j = arith.addi %i, %c1 : index
    %1 = memref.load %x[%j] : memref<64xf32>
    // becomes
    %v = vector.load %x[%i] {alignment = 8 : i64} : memref<64xf32>, vector<2xf32>
    %0 = vector.extract %v[0] : f32 from vector<2xf32>
    %1 = vector.extract %v[1] : f32 from vector<2xf32>
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::vector::VectorDialect"];
}

def EmulateGPU : Pass<"sepconv-emulate-gpu", "ModuleOp"> {
  let summary = "run kernels of a GPU on the host, and check what they do";
  let description = [{
    Of each gpu.module that is for no GPU (it has no targets): each kernel becomes a function
    that is what one thread does, each gpu.launch_func a call of the emulator's runtime
    (sepconv/Runtime/Emulator.h), which calls that function for each thread. Ids are computed
    from the index of the thread. Barriers, shuffles and votes are calls of the runtime, which
    lets other threads run; so is each access of global and shared memory, before it is made:
    out of bounds it is one of the first elements instead. What is known of an operation, as
    its location, is a constant, its site.

    ```mlir
    gpu.func @k(%x: memref<8xf32>) kernel {
      %i = gpu.thread_id x
      %0 = memref.load %x[%i] : memref<8xf32>
      ...
    }
    // becomes
    func.func private @kernels_k(%index: index, ..., %x: memref<8xf32>) {
      %thread = arith.remui %index, %threads : index
      %i = arith.remui %thread, %block_x : index
      %allowed = call @sepconv_emulated_access(%site, %i, %moment, %enabled)
        : (!llvm.ptr, index, index, i32) -> i32
      %0 = arith.trunci %allowed : i32 to i1
      %1 = arith.select %0, %i, %c0 : index
      %2 = memref.load %x[%1] : memref<8xf32>
      ...
    }
    ```
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect", "::mlir::func::FuncDialect",
    "::mlir::LLVM::LLVMDialect", "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect",
    "::mlir::sepconv::SepConvDialect", "::mlir::vector::VectorDialect"
  ];
}

def ApproximateFloat64 : Pass<"sepconv-approximate-float64", "::mlir::gpu::GPUFuncOp"> {
  let summary = "say functions of float64 by arithmetic, on a GPU";
  let description = [{
    A GPU has no instructions for exponentials, logarithms, powers, angles and the like, and no
    libm. What they become is as precise as a libm, to 3 units in the last place (erfc to 8), and
    has no branches, so that vectors stay vectors. Sines, cosines and tangents beyond 2^40 are no
    numbers.

    ```mlir
    %0 = math.tanh %x : vector<2xf64>
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect"];
}

def ApproximateMath : Pass<"sepconv-approximate-math"> {
  let summary = "say exp, tanh, erf and the like by polynomials";
  let description = [{
    So that they stay vectors and call no library. They are for float32; those of float64 stay,
    for a libm, or for sepconv-approximate-float64. `math.fma` becomes a product and a
    sum, which code generation contracts where the processor can.

    ```mlir
    %0 = math.exp %x : vector<16xf32>
    ```
  }];
  let dependentDialects = [
    "arith::ArithDialect", "math::MathDialect", "vector::VectorDialect"
  ];
}

def ExpandNarrowFloats : Pass<"sepconv-expand-narrow-floats"> {
  let summary = "store and move bfloat16 as the integers of its bits";
  let description = [{
    Nothing but conversions computes in bfloat16 by then. They become arithmetic: rounding is no
    instruction, or one that takes denormal numbers for zero. So that LLVM, which knows the type of
    some processors only, does not call a library for moving a number, the rest is of `i16`.
    Conversions between a type of 16 bits and `f64` go through `f32`.

    Before:

    ```mlir
    %0 = memref.load %x[%i] : memref<8xbf16>
    %1 = arith.extf %0 : bf16 to f32
    ```

    After:

    ```mlir
    %0 = memref.load %x[%i] : memref<8xi16>
    %1 = arith.extui %0 : i16 to i32
    %2 = arith.shli %1, %c16 : i32
    %3 = arith.bitcast %2 : i32 to f32
    ```
  }];
  let dependentDialects = ["arith::ArithDialect"];
}

def ConvertToNVVM : Pass<"sepconv-convert-to-nvvm", "::mlir::gpu::GPUModuleOp"> {
  let summary = "lower the functions of a GPU to the NVVM dialect";
  let description = [{
    As sepconv-convert-to-llvm does on the host, and the `gpu` dialect to `nvvm`. Indices have 32
    bits.
  }];
  let dependentDialects = [
    "arith::ArithDialect", "cf::ControlFlowDialect", "LLVM::LLVMDialect", "math::MathDialect",
    "memref::MemRefDialect", "NVVM::NVVMDialect", "vector::VectorDialect"
  ];
}

def BatchKernels : Pass<"sepconv-batch-kernels", "ModuleOp"> {
  let summary = "let a launch work on several images";
  let description = [{
    Of a module with `sepconv.dynamic_batch`, whose kernels in the LLVM and NVVM dialects are for
    one image. A kernel takes, behind its buffers, the bytes from an image to the next one in each
    of them: 0 where all images have the same, as of weights. The image is the block's number in z
    over the number of blocks that there are for one; what launches multiplies these by the images.
    Where images do not start at a multiple of 16 bytes, accesses are aligned as images are.

    ```mlir
    llvm.func @k(%x: !llvm.ptr) attributes {nvvm.kernel} { ... }
    // becomes, launched with one block in z for an image
    llvm.func @k(%x: !llvm.ptr, %stride: i64) attributes {nvvm.kernel} {
      %z = nvvm.read.ptx.sreg.ctaid.z : i32
      %image = llvm.zext %z : i32 to i64
      %offset = llvm.mul %image, %stride : i64
      %0 = llvm.getelementptr %x[%offset] : (!llvm.ptr, i64) -> !llvm.ptr, i8
    ```
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect", "::mlir::NVVM::NVVMDialect"];
}

def SerializeKernels : Pass<"sepconv-serialize-kernels", "ModuleOp"> {
  let summary = "make PTX of a GPU's functions";
  let description = [{
    Each `gpu.module` in the LLVM and NVVM dialects becomes a `gpu.binary` with the PTX for each of
    its targets. What a GPU has no instructions for is an error: there is no library.

    ```mlir
    gpu.module @kernels [#nvvm.target<chip = "sm_80">] {
      llvm.func @k(%x: !llvm.ptr) attributes {nvvm.kernel} { ... }
    }
    // becomes
    gpu.binary @kernels [#gpu.object<#nvvm.target<chip = "sm_80">, assembly = "..."]
    ```
  }];
  let dependentDialects = ["::mlir::gpu::GPUDialect"];
}

def ConvertToLLVM : Pass<"sepconv-convert-to-llvm", "ModuleOp"> {
  let summary = "lower loops and vectors to the LLVM dialect";
  let description = [{
    Upstream's conversions in one place: vector, math (of float32 approximated, so that no vector
    goes to libm), scf, memref, arith and func; buffers become bare pointers that do not alias.
  }];
  let dependentDialects = [
    "arith::ArithDialect", "cf::ControlFlowDialect", "func::FuncDialect", "LLVM::LLVMDialect",
    "math::MathDialect", "memref::MemRefDialect", "scf::SCFDialect", "vector::VectorDialect"
  ];
}

def CreateCEntry : Pass<"sepconv-create-c-entry", "ModuleOp"> {
  let summary = "add the functions of the product's C header";
  let description = [{
    NAME_run checks its buffers and calls the entry, NAME_status_message and NAME_description answer
    from constants. Of a module with `sepconv.dynamic_batch` NAME_run takes the batch first and
    calls the entry for each image. Everything else becomes internal. Where there are several
    entries, functions with the attribute `sepconv.target`, NAME_run is an indirect function
    (`llvm.mlir.ifunc`): its resolver asks the processor by CPUID and takes the first that it can
    run.
  }];
  let options = [
    Option<"name", "name", "std::string", "\"model\"", "the prefix of the functions' names">,
    Option<"weights", "weights", "std::string", "\"embedded\"",
           "where the weights are: embedded, file or arguments">
  ];
  let dependentDialects = ["LLVM::LLVMDialect"];
}

#endif // SEPCONV_PASSES
