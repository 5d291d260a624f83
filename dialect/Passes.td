//===- Passes.td - every pass of sepconv ------------------------*- tablegen -*-===//
#ifndef SEPCONV_PASSES
#define SEPCONV_PASSES

include "mlir/Pass/PassBase.td"

//===----------------------------------------------------------------------===//
// graph
//===----------------------------------------------------------------------===//

//===----------------------------------------------------------------------===//
// loops, llvm
//===----------------------------------------------------------------------===//

def LowerKernelsReference : Pass<"sepconv-lower-kernels-reference", "ModuleOp"> {
  let summary = "lower kernels to plain loops by upstream passes";
  let description = [{
    The oracle of every other lowering: each kernel function (attribute `sepconv.pattern`) is
    bufferized by one-shot bufferization, its linalg operations become loops. The function's
    arguments become one-dimensional buffers: inputs, outputs, and scratch if it needs any
    (attribute `sepconv.scratch_bytes`).

    ```mlir
    func.func private @k(%a: tensor<2x4xf32>) -> tensor<2x4xf32> attributes {sepconv.pattern = ["elementwise"]}
    // becomes
    func.func private @k(%a: memref<8xf32>, %out: memref<8xf32>) attributes {sepconv.pattern = ["elementwise"]}
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

def ApproximateMath : Pass<"sepconv-approximate-math"> {
  let summary = "say exp, tanh, erf and the like by polynomials";
  let description = [{
    So that they stay vectors and call no library. `math.fma` becomes a product and a sum, which code
    generation contracts where the processor can.

    ```mlir
    %0 = math.exp %x : vector<16xf32>
    ```
  }];
  let dependentDialects = [
    "arith::ArithDialect", "math::MathDialect", "vector::VectorDialect"
  ];
}

def ConvertToLLVM : Pass<"sepconv-convert-to-llvm", "ModuleOp"> {
  let summary = "lower loops and vectors to the LLVM dialect";
  let description = [{
    Upstream's conversions in one place: vector, math (approximated, so that no vector goes to
    libm), scf, memref, arith and func; buffers become bare pointers that do not alias.
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
    from constants. Everything else becomes internal.
  }];
  let options = [
    Option<"name", "name", "std::string", "\"model\"", "the prefix of the functions' names">,
    Option<"weights", "weights", "std::string", "\"embedded\"",
           "where the weights are: embedded, file or arguments">
  ];
  let dependentDialects = ["LLVM::LLVMDialect"];
}

#endif // SEPCONV_PASSES
