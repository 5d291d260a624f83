//===- Product.td - passes that make what a caller sees ---------*- tablegen -*-===//

def InitializeVariables : Pass<"sepconv-initialize-variables", "ModuleOp"> {
  let summary = "replace variables by their initial values";
  let description = [{
    Replaces each `sepconv.variable` by a constant. The values are computed by the code that a
    product's NAME_init has, compiled for the host and run here, so that they are the same.

    Errors: a variable without an initializer; variables of more than 2^31 bytes together.

    Example (`test/Target/initialize-variables.mlir`):

    ```mlir
    func.func @example() -> tensor<2x2xf32> {
      %0 = sepconv.variable "w" {initializer = #sepconv.initializer<identity, gain = 3.0>}
        : tensor<2x2xf32>
      return %0 : tensor<2x2xf32>
    }
    ```

    becomes

    ```mlir
    func.func @example() -> tensor<2x2xf32> {
      %cst = arith.constant dense<[[3.000000e+00, 0.000000e+00], [0.000000e+00, 3.000000e+00]]>
          : tensor<2x2xf32>
      return %cst : tensor<2x2xf32>
    }
    ```
  }];
  let options = [Option<"seed", "seed", "uint64_t", "0", "seed of the random initializers">];
  let dependentDialects = ["arith::ArithDialect"];
}

def CreateVariableFunctions : Pass<"sepconv-create-variable-functions", "ModuleOp"> {
  let summary = "create the functions that initialize, regularize and constrain variables";
  let description = [{
    Creates functions on the weights that are arguments of the entry, from the attributes of these
    arguments: @variables_init fills them from a seed, @variables_regularization_loss computes what
    the trainable ones add to the loss, and @variables_apply_constraints projects them after a
    training step. `sepconv-create-c-entry` exports them, by their attribute `sepconv.function`, as
    NAME_init, NAME_regularization_loss and NAME_apply_constraints. The pass runs after
    `sepconv-plan-memory`.

    Errors: an unknown function; a weight without an initializer, for `init`; a module without
    `sepconv.interface`.

    Example (`test/Lowering/Variables/create-variable-functions.mlir`):

    ```mlir
    func.func @main(%w: tensor<4xf32> {sepconv.name = "w", sepconv.weight,
                    sepconv.initializer = #sepconv.initializer<constant, value = 0.5>})
        -> tensor<4xf32> {
      return %w : tensor<4xf32>
    }
    ```

    becomes

    ```mlir
    func.func private @variables_init(%arg0: i64, %arg1: memref<4xf32>)
        attributes {sepconv.function = "init"} {
      %c-5985590712037982679_i64 = arith.constant -5985590712037982679 : i64
      call @initialize(%arg1, %arg0, %c-5985590712037982679_i64) : (memref<4xf32>, i64, i64)
          -> ()
      return
    }
    ...
    func.func private @initialize(%arg0: memref<4xf32>, %arg1: i64, %arg2: i64) {
      %cst = arith.constant 5.000000e-01 : f64
      %c4 = arith.constant 4 : index
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      scf.for %arg3 = %c0 to %c4 step %c1 {
        %0 = arith.truncf %cst : f64 to f32
        memref.store %0, %arg0[%arg3] : memref<4xf32>
      }
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

def ScaleTestWeights : Pass<"sepconv-scale-test-weights", "ModuleOp"> {
  let summary = "choose how large the weights of a self-test are";
  let description = [{
    A product whose weights are arguments is tested with weights by a formula. Gives those that have
    two dimensions or more the largest magnitude with which sums of products keep their variance, so
    that no layer's result vanishes before the outputs: by the number of a sum's terms, the weight's
    elements over the channels of what it is used for. Others, which normalize or are added, are
    near 1.

    Example (`test/Lowering/scale-test-weights.mlir`):

    ```mlir
    func.func @main(%x: tensor<1x8x8x6xf32>, %w: tensor<3x3x6x1xf32> {sepconv.weight})
        -> tensor<1x6x6x6xf32> {
      %0 = sepconv.depthwise_conv2d(%x, %w)
        : (tensor<1x8x8x6xf32>, tensor<3x3x6x1xf32>) -> tensor<1x6x6x6xf32>
      return %0 : tensor<1x6x6x6xf32>
    }
    ```

    becomes

    ```mlir
    func.func @main(%arg0: tensor<1x8x8x6xf32>, %arg1: tensor<3x3x6x1xf32>
        {sepconv.test_scale = 0.81649658092772603 : f64, sepconv.weight})
    ```
  }];
}

def CreateSelfTest : Pass<"sepconv-create-self-test", "ModuleOp"> {
  let summary = "create what fills the memory of a self-test, and checks its outputs";
  let description = [{
    Creates @sepconv.selftest_fill, which sets the inputs in the test's memory, and weights that are
    arguments, by a formula, and @sepconv.selftest_check, which adds the elements of each output up
    in at most 251 sums and compares them with the constant @sepconv.selftest_results, which the
    driver sets: to the sums that a reference lowering left where its workspace was, and to the
    errors allowed, which follow from each output's largest magnitude. `sepconv-create-c-entry`
    makes NAME_selftest of both. The pass runs after `sepconv-plan-memory`.

    Errors: a module without `sepconv.interface`.

    Example (`test/Lowering/create-self-test.mlir`):

    ```mlir
    func.func @main(%x: tensor<4xf32> {sepconv.name = "x"})
        -> (tensor<4xf32> {sepconv.name = "y"}) {
      %0 = sepconv.call @k(%x) : (tensor<4xf32>) -> tensor<4xf32>
      return %0 : tensor<4xf32>
    }
    ```

    becomes

    ```mlir
    func.func private @sepconv.selftest_fill(%arg0: memref<192xi8>) {
      %c0 = arith.constant 0 : index
      %view = memref.view %arg0[%c0][] : memref<192xi8> to memref<4xf32>
    ...
    memref.global "private" constant @sepconv.selftest_results : memref<5xf64>
        = dense<0.000000e+00> {alignment = 64 : i64}
    func.func private @sepconv.selftest_check(%arg0: memref<192xi8>) -> i1 {
    ...
    ```
  }];
  let dependentDialects = [
    "arith::ArithDialect", "func::FuncDialect", "LLVM::LLVMDialect", "math::MathDialect",
    "memref::MemRefDialect", "scf::SCFDialect"
  ];
}

def CreateCEntry : Pass<"sepconv-create-c-entry", "ModuleOp"> {
  let summary = "create the functions that the C header declares";
  let description = [{
    Adds NAME_run, which checks its buffers and calls the entry, and NAME_status_message and
    NAME_description, which return constants. All other functions become internal. If the module has
    `sepconv.dynamic_batch`, NAME_run takes the batch first and calls the entry for each image. If
    there are several entries, one for each `sepconv.target`, NAME_run calls the first that the
    processor supports. What the processor supports is asked once, by CPUID or by Arm's ID
    registers; every function that takes buffers returns NAME_ERROR_UNSUPPORTED_CPU where it is too
    little.

    Errors: an unknown value of `weights`; a module without a public function; a target whose
    processor cannot be detected at run time; a size whose name is reserved in C.

    The example shows the entry before it is lowered to the LLVM dialect.

    Example (`test/Product/create-c-entry.mlir`):

    ```mlir
    func.func @main(%x: tensor<4xf32> {sepconv.name = "x"})
        -> (tensor<4xf32> {sepconv.name = "y"}) {
      %b = arith.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>
      %0 = sepconv.call @k(%x, %b) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
      return %0 : tensor<4xf32>
    }
    ```

    becomes

    ```mlir
    llvm.func @tiny_run(%arg0: !llvm.ptr, %arg1: i64, %arg2: !llvm.ptr, %arg3: i64,
        %arg4: !llvm.ptr, %arg5: i64) -> i32 attributes {no_unwind} {
    ...
    llvm.func @tiny_status_message(%arg0: i32) -> !llvm.ptr attributes {no_unwind} {
    ...
    llvm.func @tiny_description() -> !llvm.ptr attributes {no_unwind} {
    ```
  }];
  let options = [
    Option<"name", "name", "std::string", "\"model\"", "prefix of the functions' names">,
    Option<"weights", "weights", "std::string", "\"embedded\"",
           "where the weights are stored: embedded, file or arguments">
  ];
  let dependentDialects = ["LLVM::LLVMDialect"];
}
