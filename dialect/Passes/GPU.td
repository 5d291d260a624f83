//===- GPU.td - passes on the code of a GPU ---------------------*- tablegen -*-===//

def MergeLoads : Pass<"sepconv-merge-loads", "::mlir::gpu::GPUFuncOp"> {
  let summary = "combine loads of a GPU thread into vector loads";
  let description = [{
    Combines loads from an argument of a kernel that are in the same block of operations, with no
    store to that argument and no barrier between them. Loads of the same elements become one.
    Scalar loads of adjacent elements become a vector load, as wide as the known alignment allows:
    buffers are aligned to the target's widest access (the fact `vector_bytes`). LLVM combines loads
    too; doing it here makes the emulated GPU count what a GPU executes.

    Example (`test/Lowering/merge-loads.mlir`):

    ```mlir
    gpu.module @example {
      gpu.func @example(%x: memref<64xf32>, %y: memref<64xf32>, %i: index) kernel {
        %c1 = arith.constant 1 : index
        %j = arith.addi %i, %c1 : index
        %0 = memref.load %x[%i] {alignment = 8 : i64} : memref<64xf32>
        %1 = memref.load %x[%j] : memref<64xf32>
        %2 = arith.addf %0, %1 : f32
        memref.store %2, %y[%i] : memref<64xf32>
        gpu.return
      }
    }
    ```

    becomes

    ```mlir
    gpu.module @example {
      gpu.func @example(%arg0: memref<64xf32>, %arg1: memref<64xf32>, %arg2: index) kernel {
        %0 = vector.load %arg0[%arg2] {alignment = 8 : i64} : memref<64xf32>, vector<2xf32>
        %1 = vector.extract %0[0] : f32 from vector<2xf32>
        %2 = vector.extract %0[1] : f32 from vector<2xf32>
        %3 = arith.addf %1, %2 : f32
        memref.store %3, %arg1[%arg2] : memref<64xf32>
        gpu.return
      }
    }
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::vector::VectorDialect"];
}

def EmulateGPU : Pass<"sepconv-emulate-gpu", "ModuleOp"> {
  let summary = "run GPU kernels on the host and check their memory accesses";
  let description = [{
    Applies to each `gpu.module` that has no targets. Each kernel becomes a function that does the
    work of one thread, and each `gpu.launch_func` a call of the emulator's runtime
    (sepconv/Runtime/Emulator.h), which calls that function for each thread. The function computes
    block and thread ids from the index of the thread. Barriers, shuffles and votes call the
    runtime, which switches to other threads. Before each access to global or shared memory the
    runtime checks it; an access that is out of bounds is reported and made to the first element
    instead. A constant describes each access for the report: its location, and how many elements of
    which buffer it accesses.

    Example (`test/Lowering/Emulation/emulate-gpu.mlir`):

    ```mlir
    gpu.module @kernels {
      gpu.func @k(%in: memref<64xf32>, %out: memref<64xf32>)
          workgroup(%tile: memref<4x8xf32, #gpu.address_space<workgroup>>) kernel
          attributes {known_block_size = array<i32: 8, 4, 1>} {
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %c2 = arith.constant 2 : index
        %x = gpu.thread_id x
        scf.for %i = %c0 to %c2 step %c1 {
          %0 = memref.load %in[%x] : memref<64xf32>
          memref.store %0, %tile[%i, %x] : memref<4x8xf32, #gpu.address_space<workgroup>>
        }
        gpu.barrier
        %1 = vector.load %tile[%c0, %c0] {alignment = 16}
          : memref<4x8xf32, #gpu.address_space<workgroup>>, vector<4xf32>
        vector.store %1, %out[%c0] : memref<64xf32>, vector<4xf32>
        gpu.return
      }
    }
    ```

    becomes

    ```mlir
    func.func private @kernels_k(%arg0: index, %arg1: index, %arg2: index, %arg3: index,
        %arg4: index, %arg5: index, %arg6: index, %arg7: memref<64xf32>, %arg8: memref<64xf32>,
        %arg9: memref<4x8xf32>) attributes {sepconv.emulated} {
      ...
      %5 = arith.muli %arg4, %arg5 : index
      %6 = arith.muli %5, %arg6 : index
      %7 = arith.remui %arg0, %6 : index
      %8 = arith.remui %7, %arg4 : index
      scf.for %arg10 = %c0 to %c2 step %c1 {
        %12 = func.call @sepconv_emulated_access(%4, %8, %arg10, %c1_i32)
            : (!llvm.ptr, index, index, i32) -> i32
        %13 = arith.trunci %12 : i32 to i1
        %14 = arith.select %13, %8, %c0 : index
        %15 = memref.load %arg7[%14] : memref<64xf32>
        ...
      call @sepconv_emulated_barrier(%2) : (!llvm.ptr) -> ()
      %9 = call @sepconv_emulated_access(%1, %c0, %c0, %c1_i32)
          : (!llvm.ptr, index, index, i32) -> i32
      ...
      %10 = vector.load %arg9[%c0, %c0] : memref<4x8xf32>, vector<4xf32>
    ```
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect", "::mlir::func::FuncDialect",
    "::mlir::LLVM::LLVMDialect", "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect",
    "::mlir::sepconv::SepConvDialect", "::mlir::vector::VectorDialect"
  ];
}

def ApproximateFloat64 : Pass<"sepconv-approximate-float64", "::mlir::gpu::GPUFuncOp"> {
  let summary = "expand float64 functions into arithmetic for a GPU";
  let description = [{
    A GPU has neither instructions nor a libm for exponentials, logarithms, powers and trigonometric
    functions of float64. The expansions are accurate to 3 units in the last place (`erfc` to 8), as
    a libm is, and have no branches, so that vectors remain vectors. Sine, cosine and tangent of
    arguments beyond 2^40 are NaN.

    Example (`test/Lowering/Math/approximate-float64.mlir`):

    ```mlir
    gpu.module @example {
      gpu.func @example(%x: memref<8xf64>, %i: index) kernel {
        %0 = vector.load %x[%i] : memref<8xf64>, vector<2xf64>
        %1 = math.exp2 %0 : vector<2xf64>
        vector.store %1, %x[%i] : memref<8xf64>, vector<2xf64>
        gpu.return
      }
    }
    ```

    becomes

    ```mlir
    gpu.module @example {
      gpu.func @example(%arg0: memref<8xf64>, %arg1: index) kernel {
        %0 = vector.load %arg0[%arg1] : memref<8xf64>, vector<2xf64>
        %cst = arith.constant dense<1.100000e+03> : vector<2xf64>
        %1 = arith.cmpf ogt, %0, %cst : vector<2xf64>
        %cst_0 = arith.constant dense<1.100000e+03> : vector<2xf64>
        %2 = arith.select %1, %cst_0, %0 : vector<2xi1>, vector<2xf64>
        %cst_1 = arith.constant dense<-1.100000e+03> : vector<2xf64>
        ...
        %46 = arith.bitcast %45 : vector<2xi64> to vector<2xf64>
        %47 = arith.mulf %43, %46 : vector<2xf64>
        %cst_25 = arith.constant dense<0.000000e+00> : vector<2xf64>
        %48 = arith.cmpf uno, %0, %cst_25 : vector<2xf64>
        %49 = arith.select %48, %0, %47 : vector<2xi1>, vector<2xf64>
        vector.store %49, %arg0[%arg1] : memref<8xf64>, vector<2xf64>
        gpu.return
      }
    }
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect"];
}

def BatchKernels : Pass<"sepconv-batch-kernels", "ModuleOp"> {
  let summary = "make a kernel launch process several images";
  let description = [{
    Applies to modules with `sepconv.dynamic_batch`, whose kernels, in the LLVM and NVVM dialects,
    process one image. Appends an argument for each buffer of a kernel: the distance in bytes from
    one image to the next, 0 for a buffer that all images share, such as weights. The image is the
    block index in z, divided by the number of blocks in z that one image has; a launch multiplies
    that number by the batch. If images are not multiples of 16 bytes apart, the alignment of
    accesses is reduced accordingly.

    Errors: a number of blocks in z that depends on a dynamic dimension; an address that is neither
    accessed nor indexed.

    Example (`test/Target/batch-kernels.mlir`):

    ```mlir
    llvm.func @k(%x: !llvm.ptr, %w: !llvm.ptr, %out: !llvm.ptr)
        attributes {gpu.kernel, nvvm.kernel, gpu.known_grid_size = array<i32: 1, 1, 2>} {
      %z = nvvm.read.ptx.sreg.ctaid.z range <i32, 0, 2> : i32
      %at = llvm.getelementptr %x[%z] : (!llvm.ptr, i32) -> !llvm.ptr, vector<4xf32>
      %0 = llvm.load %at {alignment = 16 : i64} : !llvm.ptr -> vector<4xf32>
      %scale = llvm.load %w {alignment = 16 : i64} : !llvm.ptr -> vector<4xf32>
      %1 = llvm.fmul %0, %scale : vector<4xf32>
      llvm.store %1, %out {alignment = 16 : i64} : vector<4xf32>, !llvm.ptr
      llvm.return
    }
    ```

    becomes

    ```mlir
    llvm.func @k(%arg0: !llvm.ptr, %arg1: !llvm.ptr, %arg2: !llvm.ptr, %arg3: i64, %arg4: i64,
        %arg5: i64) attributes {gpu.kernel, nvvm.kernel} {
      %0 = nvvm.read.ptx.sreg.ctaid.z : i32
      %1 = llvm.mlir.constant(2 : i32) : i32
      %2 = llvm.udiv %0, %1 : i32
      %3 = llvm.urem %0, %1 : i32
      %4 = llvm.zext %2 : i32 to i64
      %5 = llvm.mul %4, %arg3 : i64
      %6 = llvm.getelementptr %arg0[%5] : (!llvm.ptr, i64) -> !llvm.ptr, i8
      %7 = llvm.mul %4, %arg4 : i64
      %8 = llvm.getelementptr %arg1[%7] : (!llvm.ptr, i64) -> !llvm.ptr, i8
      %9 = llvm.mul %4, %arg5 : i64
      %10 = llvm.getelementptr %arg2[%9] : (!llvm.ptr, i64) -> !llvm.ptr, i8
      %11 = llvm.getelementptr %6[%3] : (!llvm.ptr, i32) -> !llvm.ptr, vector<4xf32>
      %12 = llvm.load %11 {alignment = 4 : i64} : !llvm.ptr -> vector<4xf32>
      %13 = llvm.load %8 {alignment = 16 : i64} : !llvm.ptr -> vector<4xf32>
      %14 = llvm.fmul %12, %13 : vector<4xf32>
      llvm.store %14, %10 {alignment = 4 : i64} : vector<4xf32>, !llvm.ptr
      llvm.return
    }
    ```
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect", "::mlir::NVVM::NVVMDialect"];
}

def SerializeKernels : Pass<"sepconv-serialize-kernels", "ModuleOp"> {
  let summary = "compile GPU functions to PTX";
  let description = [{
    Compiles each `gpu.module`, in the LLVM and NVVM dialects, into a `gpu.binary` with PTX for each
    of its targets.

    Errors: a function that a GPU has no instructions for, as there is no library to call; a module
    without targets.

    The example shows the kernel before it is lowered to the LLVM dialect.

    Example (`test/Target/serialize-kernels.mlir`):

    ```mlir
    gpu.module @kernels [#nvvm.target<chip = "sm_80">, #nvvm.target<chip = "sm_90a">] {
      gpu.func @copy(%x: memref<256xf32> {llvm.noalias, llvm.readonly},
                     %out: memref<256xf32> {llvm.noalias}) kernel
          attributes {known_block_size = array<i32: 64, 1, 1>} {
        %i = gpu.thread_id x
        %c4 = arith.constant 4 : index
        %j = arith.muli %i, %c4 : index
        %0 = vector.load %x[%j] {alignment = 16 : i64} : memref<256xf32>, vector<4xf32>
        %1 = arith.mulf %0, %0 : vector<4xf32>
        %2 = arith.addf %1, %0 : vector<4xf32>
        vector.store %2, %out[%j] {alignment = 16 : i64} : memref<256xf32>, vector<4xf32>
        gpu.return
      }
    }
    ```

    becomes

    ```mlir
    gpu.binary @kernels [#gpu.object<#nvvm.target<chip = "sm_80">, assembly = ...
    .target sm_80
    ...
    .visible .entry copy(
    ...
    .maxntid 64, 1, 1
    ...
    ld.global.nc.v4
    ...
    fma.rn.f32
    ...
    st.global.v4
    ...
    #gpu.object<#nvvm.target<chip = "sm_90a">, assembly = ...
    .target sm_90a
    ```
  }];
  let dependentDialects = ["::mlir::gpu::GPUDialect"];
}
