//===- Loops.td - passes that lower kernels and plan memory -----*- tablegen -*-===//

def LowerKernels : Pass<"sepconv-lower-kernels", "ModuleOp"> {
  let summary = "lower kernels to loops according to their schedules";
  let description = [{
    Lowers each kernel, a private function on tensors with `sepconv.pattern`, to a function on
    one-dimensional buffers: its arguments, then its results, then scratch if it needs any
    (`sepconv.scratch_bytes`), then the memory that each task of its parallel loops has for itself
    (`sepconv.task_offset`). Each `linalg` operation becomes a Halide Func; the directives of the
    schedule that `sepconv.schedule` names are applied with the values in `sepconv.parameters`; the
    loop nest that Halide generates is translated to `scf`, `memref`, `vector` and `arith`. Without
    a schedule each stage has a loop nest of its own. The argument attribute `sepconv.pack` gives
    the layout of a weight that the schedule packs.

    On a GPU (a target whose fact `gpu` is not 0) the function only launches kernels of `gpu.module
    @kernels`, one for each loop nest of `gpu_blocks`. Stages that are stored outside of the
    launches are in scratch, in device memory. Without a schedule each stage is one launch with a
    thread for each element.

    A schedule can turn out to be illegal when it is applied: it leaves a buffer, or needs more of a
    GPU than there is. If the kernel has `sepconv.alternatives`, the next one
    is taken; the empty alternative is the default schedule. With `remarks`, a remark at the kernel
    states what was passed over and why.

    Errors: a schedule that does not exist or, on a kernel without alternatives, is illegal; the
    error is at the directive.

    Example (`test/Halide/lower-kernels.mlir`):

    ```mlir
    func.func private @example(%x: tensor<4xf32>) -> tensor<4xf32>
        attributes {sepconv.pattern = ["elementwise"]} {
      %empty = tensor.empty() : tensor<4xf32>
      %0 = linalg.generic {indexing_maps = [affine_map<(c) -> (c)>, affine_map<(c) -> (c)>],
                           iterator_types = ["parallel"]}
          ins(%x : tensor<4xf32>) outs(%empty : tensor<4xf32>) {
      ^bb0(%in: f32, %out: f32):
        %1 = math.exp %in : f32
        linalg.yield %1 : f32
      } -> tensor<4xf32>
      return %0 : tensor<4xf32>
    }
    ```

    becomes

    ```mlir
    func.func private @example(%arg0: memref<4xf32>, %arg1: memref<4xf32>)
        attributes {sepconv.pattern = ["elementwise"]} {
      %c1 = arith.constant 1 : index
      %c0 = arith.constant 0 : index
      %c4 = arith.constant 4 : index
      scf.for %arg2 = %c0 to %c4 step %c1 {
        %0 = memref.load %arg0[%arg2] : memref<4xf32>
        %1 = math.exp %0 : f32
        memref.store %1, %arg1[%arg2] : memref<4xf32>
      }
      return
    }
    ```
  }];
  let dependentDialects = [
    "::mlir::LLVM::LLVMDialect", "::mlir::arith::ArithDialect", "::mlir::gpu::GPUDialect",
    "::mlir::math::MathDialect", "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect",
    "::mlir::vector::VectorDialect"
  ];
  let options = [
    Option<"remarks", "remarks", "bool", /*default=*/"false",
           "report which schedules were passed over, and why">,
    Option<"jobs", "jobs", "unsigned", /*default=*/"1",
           "kernels that are lowered at the same time, each in a process of its own">,
    Option<"cacheFolder", "cache", "std::string", /*default=*/"",
           "folder that keeps kernels that were lowered">
  ];
}

def LowerKernelsReference : Pass<"sepconv-lower-kernels-reference", "ModuleOp"> {
  let summary = "lower kernels to plain loops with upstream passes";
  let description = [{
    The reference that every other lowering is compared with. Bufferizes each kernel, a private
    function with `sepconv.pattern`, with one-shot bufferization and lowers its `linalg` operations
    to loops. The function takes one-dimensional buffers as those of `sepconv-lower-kernels` do.

    Errors: a shape that is neither static nor a function of the dynamic dimensions.

    Example (`test/Lowering/lower-kernels-reference.mlir`):

    ```mlir
    func.func private @example(%x: tensor<4xf32>) -> tensor<4xf32>
        attributes {sepconv.pattern = ["elementwise"]} {
      %empty = tensor.empty() : tensor<4xf32>
      %0 = linalg.generic {indexing_maps = [affine_map<(c) -> (c)>, affine_map<(c) -> (c)>],
                           iterator_types = ["parallel"]}
          ins(%x : tensor<4xf32>) outs(%empty : tensor<4xf32>) {
      ^bb0(%in: f32, %out: f32):
        %1 = math.exp %in : f32
        linalg.yield %1 : f32
      } -> tensor<4xf32>
      return %0 : tensor<4xf32>
    }
    ```

    becomes

    ```mlir
    func.func private @example(%arg0: memref<4xf32>, %arg1: memref<4xf32>)
        attributes {sepconv.pattern = ["elementwise"]} {
      %c0 = arith.constant 0 : index
      %c4 = arith.constant 4 : index
      %c1 = arith.constant 1 : index
      scf.for %arg2 = %c0 to %c4 step %c1 {
        %0 = memref.load %arg0[%arg2] : memref<4xf32>
        %1 = math.exp %0 : f32
        memref.store %1, %arg1[%arg2] : memref<4xf32>
      }
      return
    }
    ```
  }];
  let dependentDialects = [
    "affine::AffineDialect", "bufferization::BufferizationDialect", "linalg::LinalgDialect",
    "memref::MemRefDialect", "scf::SCFDialect"
  ];
}

def MergeVariants : Pass<"sepconv-merge-variants", "ModuleOp"> {
  let summary = "move the functions of all variants into one module";
  let description = [{
    The inverse of `sepconv-split-variants`: moves the functions of the nested modules into the
    outer one, appends the variant to their names, and stores it in `sepconv.target`. The variants
    then share one memory plan: one workspace, and one blob of weights in which packed weights that
    are equal are stored once.

    Errors: a nested module without `sepconv.target`.

    Example (`test/Schedule/merge-variants.mlir`):

    ```mlir
    module @"x86-64-v3" attributes {sepconv.target = "x86-64-v3"} {
      func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
        return %x : tensor<4xf32>
      }
    }
    module @"x86-64-v2" attributes {sepconv.target = "x86-64-v2"} {
      func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
        return %x : tensor<4xf32>
      }
    }
    ```

    becomes

    ```mlir
    func.func @f_x86_64_v3(%arg0: tensor<4xf32>) -> tensor<4xf32>
        attributes {sepconv.target = "x86-64-v3"} {
      return %arg0 : tensor<4xf32>
    }
    func.func @f_x86_64_v2(%arg0: tensor<4xf32>) -> tensor<4xf32>
        attributes {sepconv.target = "x86-64-v2"} {
      return %arg0 : tensor<4xf32>
    }
    ```
  }];
}

def PlanMemory : Pass<"sepconv-plan-memory", "ModuleOp"> {
  let summary = "assign memory to the tensors of the entry";
  let description = [{
    Turns the entry, a public function of calls, constants and reshapes, into a function on buffers:
    inputs, outputs, the workspace, the weights. The results of kernels become the output buffers or
    views of the workspace; greedy assignment by size, from their lifetimes, chooses the offsets.
    Constants are packed as the kernels require (`sepconv.pack`) and stored once each in the global
    @model_weights. The module attribute `sepconv.interface` describes the buffers for the caller.
    What each task of a parallel loop has for itself (`sepconv.task_offset`) comes at the end of the
    workspace, so that the caller can give more of it. Weights that are to be a file end with a hash
    of them, of where they belong and of the target, by which NAME_run knows them.

    Errors: more than one public function; other operations in the entry; a call whose types do not
    fit the kernel; a packed weight that is not a constant.

    Example (`test/Lowering/plan-memory.mlir`):

    ```mlir
    func.func @main(%x: tensor<4xf32> {sepconv.name = "x"})
        -> (tensor<4xf32> {sepconv.name = "y"}) {
      %0 = sepconv.call @k(%x) : (tensor<4xf32>) -> tensor<4xf32>
      %1 = sepconv.call @k(%0) : (tensor<4xf32>) -> tensor<4xf32>
      return %1 : tensor<4xf32>
    }
    func.func private @k(%x: memref<4xf32>, %out: memref<4xf32>)
        attributes {sepconv.pattern = ["elementwise"]} {
      return
    }
    ```

    becomes

    ```mlir
    func.func @main(%arg0: memref<4xf32> {sepconv.name = "x"},
        %arg1: memref<4xf32> {sepconv.name = "y"},
        %arg2: memref<64xi8> {sepconv.name = "workspace"},
        %arg3: memref<0xi8> {sepconv.name = "weights"}) {
      %c0 = arith.constant 0 : index
      %view = memref.view %arg2[%c0][] : memref<64xi8> to memref<4xf32>
      call @k(%arg0, %view) : (memref<4xf32>, memref<4xf32>) -> ()
      call @k(%view, %arg1) : (memref<4xf32>, memref<4xf32>) -> ()
      return
    }
    func.func private @k(%arg0: memref<4xf32>, %arg1: memref<4xf32>)
        attributes {sepconv.pattern = ["elementwise"]} {
      return
    }
    ```
  }];
  let options = [
    Option<"weights", "weights", "std::string", "\"embedded\"",
           "where the weights are stored: embedded, file or arguments">
  ];
  let dependentDialects = ["func::FuncDialect", "memref::MemRefDialect"];
}

def LowerParallel : Pass<"sepconv-lower-parallel", "ModuleOp"> {
  let summary = "lower parallel loops to serial loops or to tasks";
  let description = [{
    With `threads=none`, one-dimensional `scf.parallel` loops become `scf.for`. With
    `threads=callback`, their bodies become functions that `sepconv.parallel_call` runs through the
    caller's parallel-for; its address and the caller's pool become arguments of every function that
    needs them. Stack buffers move to the entry block of their function, so that loops do not grow
    the stack.

    Errors: an unknown value of `threads`; a parallel loop of several dimensions or with reductions.

    Example (`test/Lowering/lower-parallel.mlir`):

    ```mlir
    func.func private @example(%x: memref<8xf32>, %out: memref<8xf32>)
        attributes {sepconv.pattern = ["elementwise"]} {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c8 = arith.constant 8 : index
      scf.parallel (%i) = (%c0) to (%c8) step (%c1) {
        %0 = memref.load %x[%i] : memref<8xf32>
        memref.store %0, %out[%i] : memref<8xf32>
      }
      return
    }
    ```

    becomes

    ```mlir
    func.func private @example_task_0(%arg0: index, %arg1: memref<8xf32>, %arg2: memref<8xf32>)
        attributes {sepconv.task} {
      %0 = memref.load %arg1[%arg0] : memref<8xf32>
      memref.store %0, %arg2[%arg0] : memref<8xf32>
      return
    }
    func.func private @example(%arg0: memref<8xf32>, %arg1: memref<8xf32>, %arg2: !llvm.ptr,
        %arg3: !llvm.ptr) attributes {sepconv.pattern = ["elementwise"]} {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c8 = arith.constant 8 : index
      sepconv.parallel_call @example_task_0(%c0 to %c8) (%arg0, %arg1) by(%arg2, %arg3)
          : (memref<8xf32>, memref<8xf32>), !llvm.ptr, !llvm.ptr
      return
    }
    ```
  }];
  let options = [
    Option<"threads", "threads", "std::string", "\"none\"", "none or callback">
  ];
  let dependentDialects = [
    "arith::ArithDialect", "func::FuncDialect", "LLVM::LLVMDialect", "scf::SCFDialect"
  ];
}
