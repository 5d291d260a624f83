//===- ScheduleStages.td - directives for stages ----------------*- tablegen -*-===//
#ifndef SCHEDULE_STAGES
#define SCHEDULE_STAGES

include "ScheduleDialect.td"

class Schedule_StageDirective<string mnemonic>
    : Schedule_Directive<mnemonic, [DeclareOpInterfaceMethods<ScheduleDirective>]>;

def Schedule_BoundOp : Schedule_StageDirective<"bound"> {
  let summary = "assert the range of a dimension";
  let description = [{
    Asserts that the stage is computed from `min` on, for `extent` elements of the dimension. A
    reader that needs other elements is an error.

    Errors: rules S8 and S11 of schedules/README.md.

    Example (`test/Schedule/directives.mlir`):

    ```mlir
    schedule.bound "c" min "0" extent "64"
    ```
  }];
  let arguments = (ins StrAttr:$dim, StrAttr:$min, StrAttr:$extent);
  let assemblyFormat = "$dim `min` $min `extent` $extent attr-dict";
  let hasVerifier = 1;
}

def Schedule_BoundExtentOp : Schedule_StageDirective<"bound_extent"> {
  let summary = "assert how much of a dimension is computed";
  let description = [{
    Like `schedule.bound`, but Halide infers where the range starts.

    Errors: rules S8 and S11 of schedules/README.md.

    Example (`test/Schedule/directives.mlir`):

    ```mlir
    schedule.bound_extent "x" extent "7"
    ```
  }];
  let arguments = (ins StrAttr:$dim, StrAttr:$extent);
  let assemblyFormat = "$dim `extent` $extent attr-dict";
  let hasVerifier = 1;
}

def Schedule_AlignBoundsOp : Schedule_StageDirective<"align_bounds"> {
  let summary = "extend what is computed of a dimension to a multiple";
  let description = [{
    Extends the range of the dimension that is computed: it starts at `remainder`, 0 by default,
    modulo the number, and its extent is a multiple of the number.

    Errors: rules S8 and S11 of schedules/README.md.

    Example (`test/Schedule/directives.mlir`):

    ```mlir
    schedule.align_bounds "x" by "4" remainder "1"
    ```
  }];
  let arguments = (ins StrAttr:$dim, StrAttr:$modulus, OptionalAttr<StrAttr>:$remainder);
  let assemblyFormat = "$dim `by` $modulus (`remainder` $remainder^)? attr-dict";
  let hasVerifier = 1;
}

def Schedule_AlignStorageOp : Schedule_StageDirective<"align_storage"> {
  let summary = "pad the rows of a dimension in memory";
  let description = [{
    Starts the next outer dimension of the stage's buffer at a multiple of the number of elements.
    With a suitable number, threads that read different rows of shared memory access different
    banks.

    Errors: rules S8 and S11 of schedules/README.md.

    Example (`test/Schedule/directives.mlir`):

    ```mlir
    schedule.align_storage "c" by "lanes + 4"
    ```
  }];
  let arguments = (ins StrAttr:$dim, StrAttr:$factor);
  let assemblyFormat = "$dim `by` $factor attr-dict";
  let hasVerifier = 1;
}

def Schedule_ReadAheadOp : Schedule_StageDirective<"read_ahead"> {
  let summary = "prefetch what a stage reads next while another stage runs";
  let description = [{
    For a stage that is computed in parts, a few rows at a time. Between two parts, while the given
    loop of the other stage (of its update, if it has one) runs, prefetches the next images that
    this stage reads into the second-level cache, evenly: as many slices of the dimension as the
    factor says, starting after the last element that has been read. Constants are not prefetched.

    Errors: rules S8, S11 and S12 of schedules/README.md.

    Example (`test/Schedule/directives.mlir`):

    ```mlir
    schedule.read_ahead "y" by "depthwise_sum.stride_y" in "pointwise_sum" loop "kc"
    ```
  }];
  let arguments = (ins StrAttr:$dim, StrAttr:$factor, StrAttr:$stage, StrAttr:$loop);
  let assemblyFormat = "$dim `by` $factor `in` $stage `loop` $loop attr-dict";
  let hasVerifier = 1;
}

// Names a loop of another stage, which reads this one.
class Schedule_AtLoop<string mnemonic> : Schedule_StageDirective<mnemonic> {
  let arguments = (ins StrAttr:$stage, StrAttr:$loop);
  let assemblyFormat = "$stage `loop` $loop attr-dict";
}

def Schedule_ComputeAtOp : Schedule_AtLoop<"compute_at"> {
  let summary = "compute a stage within a loop of its reader";
  let description = [{
    In each iteration of the loop, computes as much of the stage as that iteration reads.

    Errors: rules S9 and S12 of schedules/README.md.

    Example (`test/Schedule/directives.mlir`):

    ```mlir
    schedule.compute_at "pointwise" loop "k"
    ```
  }];
}

def Schedule_StoreAtOp : Schedule_AtLoop<"store_at"> {
  let summary = "store a stage outside of the loop where it is computed";
  let description = [{
    Allocates the stage in an outer loop, so that an iteration reuses what earlier iterations
    computed.

    Errors: rules S9 and S12 of schedules/README.md.

    Example (`test/Schedule/directives.mlir`):

    ```mlir
    schedule.store_at "pointwise" loop "xy"
    ```
  }];
}

def Schedule_HoistStorageOp : Schedule_AtLoop<"hoist_storage"> {
  let summary = "allocate a stage outside of the loop where it is stored";
  let description = [{
    Moves the allocation of the stage to an outer loop, without reusing values between iterations.

    Errors: rules S9 and S12 of schedules/README.md.

    Example (`test/Schedule/directives.mlir`):

    ```mlir
    schedule.hoist_storage "pointwise" loop "xy"
    ```
  }];
}

def Schedule_ComputeRootOp : Schedule_StageDirective<"compute_root"> {
  let summary = "compute all of a stage before its readers";
  let description = [{
    The default, for every stage but a pad.

    Errors: rule S9 of schedules/README.md.

    Example (`test/Schedule/directives.mlir`):

    ```mlir
    schedule.compute_root
    ```
  }];
  let assemblyFormat = "attr-dict";
}

def Schedule_ComputeInlineOp : Schedule_StageDirective<"compute_inline"> {
  let summary = "recompute a stage where it is read";
  let description = [{
    Computes an element of the stage wherever it is read, without a buffer. It is the default for a
    pad and not possible for a sum.

    Errors: rules S9 and S10 of schedules/README.md.

    Example (`test/Schedule/directives.mlir`):

    ```mlir
    schedule.compute_inline
    ```
  }];
  let assemblyFormat = "attr-dict";
}

def Schedule_StoreRootOp : Schedule_StageDirective<"store_root"> {
  let summary = "store all of a stage";
  let description = [{
    Allocates the stage outside of all loops, so that a stage that is computed in parts keeps them
    all.

    Errors: rule S9 of schedules/README.md.

    Example (`test/Schedule/directives.mlir`):

    ```mlir
    schedule.store_root
    ```
  }];
  let assemblyFormat = "attr-dict";
}

def Schedule_StoreInOp : Schedule_StageDirective<"store_in"> {
  let summary = "choose the memory that a stage is stored in";
  let description = [{
    `heap` is the caller's workspace (the product allocates nothing), `stack` the stack, `register`
    scalars and vectors that need no memory, `gpu_shared` the shared memory of a block. `auto`
    leaves the choice to Halide.

    Errors: rule S9 of schedules/README.md.

    Example (`test/Schedule/directives.mlir`):

    ```mlir
    schedule.store_in register
    ```
  }];
  let arguments = (ins Schedule_MemoryType:$memory);
  let assemblyFormat = "$memory attr-dict";
}

def Schedule_PackOp : Schedule_StageDirective<"pack"> {
  let summary = "store the weight of a sum in tiles of an output dimension";
  let description = [{
    Stores the second operand of the reduction, a constant, as [ceil(N / by)][the other dimensions
    in order][by], padded with zeros, so that a tile is contiguous. `STAGE.weight` says whether the
    operand is a constant.

    Errors: rules S8-S11 of schedules/README.md.

    Example (`test/Schedule/directives.mlir`):

    ```mlir
    schedule.pack "c" by "vectors * lanes"
    ```
  }];
  let arguments = (ins StrAttr:$dim, StrAttr:$factor);
  let assemblyFormat = "$dim `by` $factor attr-dict";
  let hasVerifier = 1;
}

def Schedule_WrapOp : Schedule_StageDirective<"wrap"> {
  let summary = "read an operand of a sum through a stage of its own";
  let description = [{
    Halide's `Func::in`. Copies the operand ("input" or "weight", the first or second one of the
    reduction) in a stage of the given name, which other directives can place: for example to keep a
    tile of it in shared memory. The stage's loops are named after the sum's: b, y, x and the
    reduction's channel for an input; ky, kx, kc and c for a weight. Beyond the end of the operand
    the stage is zero, so that a tile may be larger. With a factor, elements of the last dimension
    are read in whole groups of that many; the factor must divide their number.

    Errors: rules S7, S8, S10 and S11 of schedules/README.md.

    Example (`test/Schedule/directives.mlir`):

    ```mlir
    schedule.wrap "weight" as "filter" by "lanes"
    ```
  }];
  let arguments = (ins StrAttr:$operand, StrAttr:$wrapper, OptionalAttr<StrAttr>:$factor);
  let assemblyFormat = "$operand `as` $wrapper (`by` $factor^)? attr-dict";
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// The number of the reduction's operand.
    unsigned getOperandNumber() { return *operandNumber(getOperand()); }
  }];
}

def Schedule_ExpandOp : Schedule_StageDirective<"expand"> {
  let summary = "write a sum as one expression";
  let description = [{
    Unrolls the whole reduction into one expression, which is computed where the sum is read; there
    is no update. For small windows.

    Errors: rule S10 of schedules/README.md.

    Example (`test/Schedule/directives.mlir`):

    ```mlir
    schedule.expand
    ```
  }];
  let assemblyFormat = "attr-dict";
}

#endif // SCHEDULE_STAGES
