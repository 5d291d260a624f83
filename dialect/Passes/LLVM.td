//===- LLVM.td - passes that lower to the LLVM dialect ----------*- tablegen -*-===//

def ApproximateMath : Pass<"sepconv-approximate-math"> {
  let summary = "approximate exp, tanh, erf and other float32 functions by polynomials";
  let description = [{
    Expands functions of float32, so that vectors remain vectors and nothing calls a library.
    Functions of float64 remain, for libm or for `sepconv-approximate-float64`. `math.fma` becomes a
    multiplication and an addition, which code generation contracts where the processor can.
    Vectors of float32 are divided by `1 + exp(x)`, as in sigmoid and silu, by an estimate of the
    reciprocal where the processor has one, and a step of Newton's: silu is then within 2.8 ulp on
    x86-64-v4 and 4.2 on x86-64-v2, and 0 instead of a number below 2e-36.

    Example (`test/Lowering/Math/approximate-math.mlir`):

    ```mlir
    func.func @example(%x: vector<4xf32>) -> vector<4xf32> {
      %0 = math.tanh %x : vector<4xf32>
      return %0 : vector<4xf32>
    }
    ```

    becomes

    ```mlir
    func.func @example(%arg0: vector<4xf32>) -> vector<4xf32> {
      %cst = arith.constant dense<-7.99881172> : vector<4xf32>
      %cst_0 = arith.constant dense<7.99881172> : vector<4xf32>
      %0 = arith.cmpf ult, %arg0, %cst_0 : vector<4xf32>
      %1 = arith.select %0, %arg0, %cst_0 : vector<4xi1>, vector<4xf32>
      %2 = arith.cmpf ugt, %1, %cst : vector<4xf32>
      %3 = arith.select %2, %1, %cst : vector<4xi1>, vector<4xf32>
      ...
      %6 = arith.mulf %3, %3 : vector<4xf32>
      %7 = arith.mulf %6, %cst_8 : vector<4xf32>
      %8 = arith.addf %7, %cst_7 : vector<4xf32>
      ...
      %26 = arith.divf %19, %25 : vector<4xf32>
      %27 = arith.select %5, %3, %26 : vector<4xi1>, vector<4xf32>
      return %27 : vector<4xf32>
    }
    ```
  }];
  let dependentDialects = [
    "arith::ArithDialect", "math::MathDialect", "vector::VectorDialect"
  ];
}

def ExpandNarrowFloats : Pass<"sepconv-expand-narrow-floats"> {
  let summary = "store and move bfloat16 as 16-bit integers";
  let description = [{
    At this point only conversions operate on bfloat16. They are expanded into integer arithmetic,
    because processors either have no rounding instruction or one that flushes denormals to zero.
    Everything else becomes `i16`, because LLVM, which supports the type on some processors only,
    would call a library to move a value. Conversions between a 16-bit type and `f64` go through
    `f32`.

    Example (`test/Lowering/Math/expand-narrow-floats.mlir`):

    ```mlir
    func.func @example(%x: memref<8xbf16>, %i: index) -> f32 {
      %0 = memref.load %x[%i] : memref<8xbf16>
      %1 = arith.extf %0 : bf16 to f32
      return %1 : f32
    }
    ```

    becomes

    ```mlir
    func.func @example(%arg0: memref<8xi16>, %arg1: index) -> f32 {
      %c16_i32 = arith.constant 16 : i32
      %0 = memref.load %arg0[%arg1] : memref<8xi16>
      %1 = arith.extui %0 : i16 to i32
      %2 = arith.shli %1, %c16_i32 : i32
      %3 = arith.bitcast %2 : i32 to f32
      return %3 : f32
    }
    ```
  }];
  let dependentDialects = ["arith::ArithDialect"];
}

def SplitEntry : Pass<"sepconv-split-entry", "ModuleOp"> {
  let summary = "make an entry of many calls a sequence of functions with some of them each";
  let description = [{
    The time that LLVM takes for a block of code grows with the square of its length. An entry with
    more than `most` calls and copies becomes one that calls private functions with so many of them
    each, and with what they compute their operands by. These are marked `sepconv.part`, and not
    inlined.

    Example (`test/Lowering/split-entry.mlir`):

    ```mlir
    func.func private @k(memref<8xi8>)
    func.func @example(%workspace: memref<32xi8>, %x: memref<8xi8>) {
      %c16 = arith.constant 16 : index
      %y = memref.view %workspace[%c16][] : memref<32xi8> to memref<8xi8>
      func.call @k(%y) : (memref<8xi8>) -> ()
      func.call @k(%x) : (memref<8xi8>) -> ()
      func.call @k(%y) : (memref<8xi8>) -> ()
      return
    }
    ```

    becomes, with `most=2`,

    ```mlir
    func.func private @example_part_0(%arg0: memref<32xi8>) attributes {sepconv.part} {
      %c16 = arith.constant 16 : index
      %view = memref.view %arg0[%c16][] : memref<32xi8> to memref<8xi8>
      call @k(%view) : (memref<8xi8>) -> ()
      return
    }
    func.func @example(%arg0: memref<32xi8>, %arg1: memref<8xi8>) {
      call @example_part(%arg0, %arg1) : (memref<32xi8>, memref<8xi8>) -> ()
      call @example_part_0(%arg0) : (memref<32xi8>) -> ()
      return
    }
    ```
  }];
  let options = [
    Option<"most", "most", "unsigned", /*default=*/"256",
           "calls of one function; networks that people draw have fewer">
  ];
  let dependentDialects = ["func::FuncDialect"];
}

def ProfileCalls : Pass<"sepconv-profile-calls", "ModuleOp"> {
  let summary = "count the time that each call of a kernel takes";
  let description = [{
    Reads a counter of the processor before and after each call of a kernel, and adds the difference
    to an element of the global `@call_ticks`: that of the call's place among all calls of all
    entries, as `sepconv.interface` lists them. The last element gets the time of the entries as a
    whole.

    Example (`test/Lowering/profile-calls.mlir`):

    ```mlir
    func.func private @k(memref<8xi8>) attributes {sepconv.pattern = ["elementwise"]}
    func.func @example(%x: memref<8xi8>) {
      func.call @k(%x) : (memref<8xi8>) -> ()
      return
    }
    ```

    becomes

    ```mlir
    memref.global "private" @call_ticks : memref<2xi64> = dense<0> {alignment = 64 : i64}
    func.func private @k(memref<8xi8>) attributes {sepconv.pattern = ["elementwise"]}
    func.func @example(%arg0: memref<8xi8>) {
      %0 = llvm.call_intrinsic "llvm.readcyclecounter"() : () -> i64
      %1 = llvm.call_intrinsic "llvm.readcyclecounter"() : () -> i64
      call @k(%arg0) : (memref<8xi8>) -> ()
      %2 = llvm.call_intrinsic "llvm.readcyclecounter"() : () -> i64
      %3 = arith.subi %2, %1 : i64
      %4 = memref.get_global @call_ticks : memref<2xi64>
      %c0 = arith.constant 0 : index
      %5 = memref.load %4[%c0] : memref<2xi64>
      %6 = arith.addi %5, %3 : i64
      memref.store %6, %4[%c0] : memref<2xi64>
    ...
    ```
  }];
  let options = [
    Option<"counter", "counter", "std::string", "\"llvm.readcyclecounter\"",
           "LLVM's intrinsic that reads a counter of constant frequency: "
           "llvm.readsteadycounter where programs may not read that of cycles">
  ];
  let dependentDialects = [
    "arith::ArithDialect", "LLVM::LLVMDialect", "memref::MemRefDialect"
  ];
}

def ConvertToLLVM : Pass<"sepconv-convert-to-llvm", "ModuleOp"> {
  let summary = "lower loops, vectors and buffers to the LLVM dialect";
  let description = [{
    Runs the upstream conversions of `arith`, `cf`, `func`, `index`, `math`, `memref`, `ub` and
    `vector` together, and lowers `sepconv.parallel_call` to a call of the caller's parallel-for.
    Buffers become bare pointers that do not alias.

    Example (`test/Lowering/convert-to-llvm.mlir`):

    ```mlir
    func.func @example(%x: memref<8xf32>, %y: memref<8xf32>, %i: index) {
      %0 = memref.load %x[%i] : memref<8xf32>
      memref.store %0, %y[%i] : memref<8xf32>
      return
    }
    ```

    becomes

    ```mlir
    llvm.func @example(%arg0: !llvm.ptr {llvm.noalias, llvm.nocapture},
        %arg1: !llvm.ptr {llvm.noalias, llvm.nocapture}, %arg2: i64) {
      %0 = llvm.getelementptr inbounds|nuw %arg0[%arg2] : (!llvm.ptr, i64) -> !llvm.ptr, f32
      %1 = llvm.load %0 : !llvm.ptr -> f32
      %2 = llvm.getelementptr inbounds|nuw %arg1[%arg2] : (!llvm.ptr, i64) -> !llvm.ptr, f32
      llvm.store %1, %2 : f32, !llvm.ptr
      llvm.return
    }
    ```
  }];
  let dependentDialects = [
    "arith::ArithDialect", "cf::ControlFlowDialect", "func::FuncDialect", "LLVM::LLVMDialect",
    "math::MathDialect", "memref::MemRefDialect", "scf::SCFDialect", "vector::VectorDialect"
  ];
}

def ConvertToNVVM : Pass<"sepconv-convert-to-nvvm", "::mlir::gpu::GPUModuleOp"> {
  let summary = "lower GPU functions to the LLVM and NVVM dialects";
  let description = [{
    What `sepconv-convert-to-llvm` does on the host, and `gpu` to `nvvm`. Indices have 32 bits.

    Example (`test/Lowering/convert-to-nvvm.mlir`):

    ```mlir
    gpu.module @example {
      gpu.func @example(%x: memref<64xf32>, %y: memref<64xf32>) kernel
          attributes {known_block_size = array<i32: 64, 1, 1>} {
        %i = gpu.thread_id x
        %0 = memref.load %x[%i] : memref<64xf32>
        memref.store %0, %y[%i] : memref<64xf32>
        gpu.return
      }
    }
    ```

    becomes

    ```mlir
    gpu.module @example {
      llvm.func @example(%arg0: !llvm.ptr, %arg1: !llvm.ptr)
          attributes {gpu.kernel, gpu.known_block_size = array<i32: 64, 1, 1>, nvvm.kernel,
          nvvm.maxntid = array<i32: 64, 1, 1>} {
        %0 = nvvm.read.ptx.sreg.tid.x range <i32, 0, 64> : i32
        %1 = llvm.getelementptr inbounds|nuw %arg0[%0] : (!llvm.ptr, i32) -> !llvm.ptr, f32
        %2 = llvm.load %1 : !llvm.ptr -> f32
        %3 = llvm.getelementptr inbounds|nuw %arg1[%0] : (!llvm.ptr, i32) -> !llvm.ptr, f32
        llvm.store %2, %3 : f32, !llvm.ptr
        llvm.return
      }
    }
    ```
  }];
  let dependentDialects = [
    "arith::ArithDialect", "cf::ControlFlowDialect", "LLVM::LLVMDialect", "math::MathDialect",
    "memref::MemRefDialect", "NVVM::NVVMDialect", "vector::VectorDialect"
  ];
}
