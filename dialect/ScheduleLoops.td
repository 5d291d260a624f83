//===- ScheduleLoops.td - directives for loops ------------------*- tablegen -*-===//
#ifndef SCHEDULE_LOOPS
#define SCHEDULE_LOOPS

include "ScheduleDialect.td"

class Schedule_LoopDirective<string mnemonic> : Schedule_Directive<mnemonic, [
    DeclareOpInterfaceMethods<LoopDirective>, ScheduleDirective]>;

// Replaces the loops that it uses by new ones.
class Schedule_ReplaceLoops<string mnemonic> : Schedule_Directive<mnemonic, [
    DeclareOpInterfaceMethods<LoopDirective, ["getNewLoops"]>, ScheduleDirective]> {
  let hasVerifier = 1;
}

def Schedule_SplitOp : Schedule_ReplaceLoops<"split"> {
  let summary = "split a loop into an outer and an inner one";
  let description = [{
    Replaces the loop by two. The inner one, the second name, has the factor as its extent. `tail`
    says what happens if the factor does not divide the extent; `auto`, the default, leaves it to
    Halide.

    Errors: rules S8 and S11 of schedules/README.md.

    Example (`test/Schedule/directives.mlir`):

    ```mlir
    schedule.split "c" into ["co", "ci"] by "vectors * lanes" tail predicate_stores
    ```
  }];
  let arguments = (ins StrAttr:$loop, StrArrayAttr:$parts, StrAttr:$factor,
                       DefaultValuedAttr<Schedule_TailStrategy, "TailStrategy::Auto">:$tail);
  let assemblyFormat = "$loop `into` $parts `by` $factor (`tail` $tail^)? attr-dict";
}

def Schedule_FuseOp : Schedule_ReplaceLoops<"fuse"> {
  let summary = "fuse two nested loops into one";
  let description = [{
    Replaces two loops by one. The first is the inner, the second the outer one, with no other loop
    between them.

    Errors: rule S11 of schedules/README.md.

    Example (`test/Schedule/directives.mlir`):

    ```mlir
    schedule.fuse ["xo", "y"] into "xy"
    ```
  }];
  let arguments = (ins StrArrayAttr:$loops, StrAttr:$new_loop);
  let assemblyFormat = "$loops `into` $new_loop attr-dict";
}

def Schedule_RenameOp : Schedule_ReplaceLoops<"rename"> {
  let summary = "rename a loop";
  let description = [{
    Replaces the name of a loop, for the directives after it.

    Errors: rule S11 of schedules/README.md.

    Example (`test/Schedule/directives.mlir`):

    ```mlir
    schedule.rename "co" to "k"
    ```
  }];
  let arguments = (ins StrAttr:$loop, StrAttr:$new_loop);
  let assemblyFormat = "$loop `to` $new_loop attr-dict";
}

def Schedule_ReorderOp : Schedule_LoopDirective<"reorder"> {
  let summary = "reorder loops";
  let description = [{
    Puts the named loops into this order, innermost first. Other loops keep their positions.

    Errors: rule S11 of schedules/README.md.

    Example (`test/Schedule/directives.mlir`):

    ```mlir
    schedule.reorder ["ci", "xi", "k", "xy"]
    ```
  }];
  let arguments = (ins StrArrayAttr:$loops);
  let assemblyFormat = "$loops attr-dict";
  let hasVerifier = 1;
}

// Applies to a loop or, with a factor, to the inner part of it.
class Schedule_MarkLoop<string mnemonic> : Schedule_LoopDirective<mnemonic> {
  let arguments = (ins StrAttr:$loop, OptionalAttr<StrAttr>:$factor,
                       DefaultValuedAttr<Schedule_TailStrategy, "TailStrategy::Auto">:$tail);
  let assemblyFormat = "$loop (`by` $factor^)? (`tail` $tail^)? attr-dict";
  let hasVerifier = 1;
}

def Schedule_VectorizeOp : Schedule_MarkLoop<"vectorize"> {
  let summary = "vectorize a loop";
  let description = [{
    Turns the loop into one vector operation. With a factor, the loop is first split by it: the
    inner part is vectorized, the outer part keeps the name. `tail` is for this split.

    Errors: rules S8, S11 and S13 of schedules/README.md.

    Example (`test/Schedule/directives.mlir`):

    ```mlir
    schedule.vectorize "ci" by "lanes" tail shift_inwards
    ```
  }];
}

def Schedule_UnrollOp : Schedule_MarkLoop<"unroll"> {
  let summary = "unroll a loop";
  let description = [{
    Unrolls the loop. With a factor, the loop is first split by it: the inner part is unrolled, the
    outer part keeps the name. `tail` is for this split.

    Errors: rules S8, S11 and S13 of schedules/README.md.

    Example (`test/Schedule/directives.mlir`):

    ```mlir
    schedule.unroll "xi"
    ```
  }];
}

def Schedule_ParallelOp : Schedule_MarkLoop<"parallel"> {
  let summary = "run the iterations of a loop as tasks";
  let description = [{
    Runs each iteration of the loop as a task on the caller's threads. With a factor, the loop is
    first split by it, and each task runs that many iterations. Without threads (the fact `threads`
    is 0) the loop is serial.

    Errors: rules S8, S11 and S13 of schedules/README.md.

    Example (`test/Schedule/directives.mlir`):

    ```mlir
    schedule.parallel "xy"
    ```
  }];
}

def Schedule_PrefetchOp : Schedule_LoopDirective<"prefetch"> {
  let summary = "prefetch what a later iteration reads";
  let description = [{
    In each iteration of the loop `at`, prefetches what iteration `from + by` reads of an operand of
    the sum into the cache: "input" or "weight", the first or second one of the reduction, which
    must be an argument of the kernel. A prefetch does not fault, so nothing guards the end of the
    operand. For the update of a sum.

    Errors: rules S6, S8, S10 and S11 of schedules/README.md.

    Example (`test/Schedule/directives.mlir`):

    ```mlir
    schedule.prefetch "weight" at "kc" from "kc" by "8"
    ```
  }];
  let arguments = (ins StrAttr:$operand, StrAttr:$at, StrAttr:$from, StrAttr:$offset);
  let assemblyFormat = "$operand `at` $at `from` $from `by` $offset attr-dict";
  let hasVerifier = 1;
}

def Schedule_PrefetchNextOp : Schedule_LoopDirective<"prefetch_next"> {
  let summary = "prefetch the weight for the next iteration of a loop, evenly";
  let description = [{
    While an iteration of the loop runs, prefetches into the second-level cache what the next
    iteration reads of the "weight" of a sum in it. Each iteration of `loop`, a loop of the sum's
    update, prefetches the same share. Tiles of weights are then read from memory at the rate at
    which they are used, not as fast as the first row that uses them demands. The weight must be
    packed, so that its tiles are contiguous, and the loop must iterate over the tiles.

    Errors: rules S8 and S11 of schedules/README.md.

    Example (`test/Schedule/directives.mlir`):

    ```mlir
    schedule.prefetch_next "y" in "pointwise_sum" loop "kc"
    ```
  }];
  let arguments = (ins StrAttr:$of, StrAttr:$stage, StrAttr:$loop);
  let assemblyFormat = "$of `in` $stage `loop` $loop attr-dict";
  let hasVerifier = 1;
}

class Schedule_GpuLoops<string mnemonic> : Schedule_LoopDirective<mnemonic> {
  let arguments = (ins StrArrayAttr:$loops);
  let assemblyFormat = "$loops attr-dict";
  let hasVerifier = 1;
}

def Schedule_GpuBlocksOp : Schedule_GpuLoops<"gpu_blocks"> {
  let summary = "map loops to the blocks of a GPU's grid";
  let description = [{
    Maps one to three loops to the dimensions x, y and z of the grid, in this order: x, the first,
    is the innermost. The loop nest becomes one kernel launch.

    Errors: rule S11 of schedules/README.md.

    Example (`test/Schedule/directives.mlir`):

    ```mlir
    schedule.gpu_blocks ["x", "y"]
    ```
  }];
}

def Schedule_GpuThreadsOp : Schedule_GpuLoops<"gpu_threads"> {
  let summary = "map loops to the threads of a GPU's block";
  let description = [{
    Maps one to three loops to the dimensions x, y and z of the block, in this order: x, the first,
    is the innermost.

    Errors: rule S11 of schedules/README.md.

    Example (`test/Schedule/directives.mlir`):

    ```mlir
    schedule.gpu_threads ["c"]
    ```
  }];
}

def Schedule_RfactorOp : Schedule_LoopDirective<"rfactor"> {
  let summary = "compute partial sums in stages of their own";
  let description = [{
    Halide's `Stage::rfactor`, for the update of a sum. It creates two stages: the sum PART_sum,
    which has the loop as an additional outermost dimension and the other reduction loops in its
    update; and PART, which has the partial sums as its values and can be placed. The original
    update then adds up PART along the loop. Each thread of a GPU can so compute a partial sum in
    registers and pass it to other threads in shared memory.

    Directives before it can only name loops of the reduction; directives for the new stages follow
    it. The operation must be associative and commutative.

    Errors: rules S6, S7 and S11 of schedules/README.md.

    Example (`test/Schedule/directives.mlir`):

    ```mlir
    schedule.rfactor "kc" as "part"
    ```
  }];
  let arguments = (ins StrAttr:$loop, StrAttr:$part);
  let assemblyFormat = "$loop `as` $part attr-dict";
  let hasVerifier = 1;
}

def Schedule_TensorizeOp : Schedule_ReplaceLoops<"tensorize"> {
  let summary = "add up groups of terms by one instruction";
  let description = [{
    For the update of a sum of products of 8-bit integers in 32 bits (its fact `dot` is 1), as its
    first directive. Replaces loops of the reduction, the one whose terms follow each other in the
    input first, by one loop over groups of as many terms as the instruction adds to a sum at once:
    4 for `vpdpbusd` of x86-64 (an unsigned input, signed weights) and `sdot` of aarch64 (both
    signed). The loop's iterations are vectors of sums of 32 bits, like those of a sum of products
    of float32. The target must have the instruction: its fact, `vpdpbusd_terms` for example, is not
    zero.

    The weight must be packed (`schedule.pack`), and is stored as [ceil(N / by)][the other
    dimensions in order][groups][by][terms] then; terms that fill up the last group are zero. Where
    the sign of the input is not the instruction's, its bytes are read as x + 128 or x - 128, and
    what that adds to a sum is taken off its initial value. Each read pays for that, unless the
    input is read through a stage (`schedule.wrap`), which stores bytes of the instruction's sign.

    Errors: rules S6, S10, S11 and S18 of schedules/README.md.

    Example (`test/Schedule/directives.mlir`):

    ```mlir
    schedule.tensorize ["kc"] into "terms" by "vpdpbusd"
    ```
  }];
  let arguments = (ins StrArrayAttr:$loops, StrAttr:$new_loop, StrAttr:$instruction);
  let assemblyFormat = "$loops `into` $new_loop `by` $instruction attr-dict";
}

def Schedule_GpuLanesOp : Schedule_LoopDirective<"gpu_lanes"> {
  let summary = "map a loop to the lanes of a warp";
  let description = [{
    Runs the iterations of the loop as the lanes of a warp, which exchange values by shuffles.

    Errors: rule S11 of schedules/README.md.

    Example (`test/Schedule/directives.mlir`):

    ```mlir
    schedule.gpu_lanes "c"
    ```
  }];
  let arguments = (ins StrAttr:$loop);
  let assemblyFormat = "$loop attr-dict";
  let hasVerifier = 1;
}

#endif // SCHEDULE_LOOPS
