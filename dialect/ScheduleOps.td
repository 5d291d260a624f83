//===- ScheduleOps.td - the schedule dialect --------------------*- tablegen -*-===//
#ifndef SCHEDULE_OPS
#define SCHEDULE_OPS

include "mlir/IR/BuiltinAttributes.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"
include "mlir/IR/SymbolInterfaces.td"

def Schedule_Dialect : Dialect {
  let name = "schedule";
  let cppNamespace = "::mlir::schedule";
  let summary = "how kernels run on a machine, as data";
  let description = [{
    A schedule names the stages of a kernel and gives each one Halide's directives: split, reorder,
    vectorize, compute_at and so on, with named parameters that are chosen when a kernel is
    compiled. Strings name stages and loops; a number is an expression over parameters, facts of
    the target and facts of the kernel. schedules/README.md is the reference, with the numbered
    rules (S1, S2, ...) that the verifiers cite.
  }];
}

class Schedule_Op<string mnemonic, list<Trait> traits = []>
    : Op<Schedule_Dialect, mnemonic, traits>;

class Schedule_HasBody<string mnemonic, list<Trait> traits> : Schedule_Op<mnemonic, !listconcat([
    SingleBlock, NoTerminator, NoRegionArguments], traits)> {
  let regions = (region SizedRegion<1>:$body);
  let hasRegionVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Interfaces
//===----------------------------------------------------------------------===//

def ScheduleDirective : OpInterface<"ScheduleDirective"> {
  let cppNamespace = "::mlir::schedule";
  let description = [{
    An operation of a stage: one directive of Halide's scheduling language, or one of sepconv's own
    (pack, expand). Every operation in a schedule.stage is one.
  }];
  let methods = [
    InterfaceMethod<"The directive's name, without the dialect's.", "::llvm::StringRef",
      "getDirective", (ins), "", [{ return $_op->getName().stripDialect(); }]>
  ];
}

def LoopDirective : OpInterface<"LoopDirective", [ScheduleDirective]> {
  let cppNamespace = "::mlir::schedule";
  let description = [{
    A directive that says something of the loops of one definition. It is legal in a schedule.update
    too. Where it has new loops, they take the place of those that it uses.
  }];
  let methods = [
    InterfaceMethod<"The loops that must be there.", "::llvm::SmallVector<::llvm::StringRef>",
      "getUsedLoops">,
    InterfaceMethod<"The loops that are there instead afterwards; none: the loops stay.",
      "::llvm::SmallVector<::llvm::StringRef>", "getNewLoops", (ins), "", [{ return {}; }]>
  ];
}

//===----------------------------------------------------------------------===//
// Enums
//===----------------------------------------------------------------------===//

def Schedule_TailStrategy : I32EnumAttr<"TailStrategy",
    "what a split does where the factor does not divide the extent, as Halide's TailStrategy", [
  I32EnumAttrCase<"Auto", 0, "auto">, I32EnumAttrCase<"RoundUp", 1, "round_up">,
  I32EnumAttrCase<"GuardWithIf", 2, "guard_with_if">, I32EnumAttrCase<"Predicate", 3, "predicate">,
  I32EnumAttrCase<"PredicateLoads", 4, "predicate_loads">,
  I32EnumAttrCase<"PredicateStores", 5, "predicate_stores">,
  I32EnumAttrCase<"ShiftInwards", 6, "shift_inwards">,
  I32EnumAttrCase<"ShiftInwardsAndBlend", 7, "shift_inwards_and_blend">
]> {
  let cppNamespace = "::mlir::schedule";
}

def Schedule_MemoryType : I32EnumAttr<"MemoryType",
    "where a stage is stored, as Halide's MemoryType", [
  I32EnumAttrCase<"Auto", 0, "auto">, I32EnumAttrCase<"Heap", 1, "heap">,
  I32EnumAttrCase<"Stack", 2, "stack">, I32EnumAttrCase<"Register", 3, "register">,
  I32EnumAttrCase<"GPUShared", 4, "gpu_shared">
]> {
  let cppNamespace = "::mlir::schedule";
}

//===----------------------------------------------------------------------===//
// Targets, schedules, parameters
//===----------------------------------------------------------------------===//

def Schedule_TargetOp : Schedule_Op<"target", [Symbol]> {
  let summary = "a machine that schedules are written for";
  let description = [{
    Stands alone in the target.mlir of its folder, which has its name. `triple`, `cpu` and
    `features` are LLVM's; every integer is a fact that expressions may name. `variants` are other
    targets, the best first: a product then holds code for each and runs the first that the
    processor can. What is left out is the parent's. Rules: S1-S3.

    ```mlir
    schedule.target @"x86-64-v3" parent @"x86-64-v2" {cpu = "x86-64-v3", vector_bytes = 32}
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, OptionalAttr<FlatSymbolRefAttr>:$parent,
                       DictionaryAttr:$description);
  let assemblyFormat = [{
    $sym_name (`parent` $parent^)? $description attr-dict-with-keyword
  }];
  let hasVerifier = 1;
}

def Schedule_ScheduleOp : Schedule_HasBody<"schedule", [Symbol, IsolatedFromAbove]> {
  let summary = "a schedule for the kernels of one pattern";
  let description = [{
    Is for the kernels whose stages (those that are no sums and no pads) are the pattern's, in this
    order, and for which `when` is not zero. The body holds parameters, searches, requirements, a
    budget, stages and updates, and uses of definitions that hold those. Rules: S1, S4-S8.

    ```mlir
    schedule.schedule @rows for ["depthwise", "pointwise"] when "pointwise.y >= 8" {
      schedule.param "lanes" = "vector_bytes / pointwise.bytes"
      schedule.stage "pointwise" {
        schedule.vectorize "c" by "lanes"
        schedule.parallel "y"
      }
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, StrArrayAttr:$pattern,
                       OptionalAttr<StrAttr>:$condition);
  let assemblyFormat = [{
    $sym_name `for` $pattern (`when` $condition^)? attr-dict-with-keyword $body
  }];
  let extraClassDeclaration = [{
    /// The names of the pattern's stages: a name that comes again has _1, _2, ... appended.
    ::llvm::SmallVector<std::string> getStageNames();
    auto getStages() { return getBody().getOps<StageOp>(); }
    auto getUpdates() { return getBody().getOps<UpdateOp>(); }
    /// The names of the stages that directives make.
    ::llvm::SmallVector<std::string> getMadeStages();
    /// Whether something is left to be put into it.
    bool hasUses();
  }];
  let hasVerifier = 1;
}

def Schedule_ParamOp : Schedule_Op<"param", [ParentOneOf<["ScheduleOp", "DefineOp"]>]> {
  let summary = "a named number of a schedule";
  let description = [{
    What stands behind it may name it. Rules: S5, S8.

    Example (`test/Schedule/directives.mlir`):

    ```mlir
    schedule.param "lanes" = "vector_bytes / 4"
    ```
  }];
  let arguments = (ins StrAttr:$name, StrAttr:$value);
  let assemblyFormat = "$name `=` $value attr-dict";
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Searches
//===----------------------------------------------------------------------===//

def Schedule_SearchOp : Schedule_HasBody<"search", [ParentOneOf<["ScheduleOp", "DefineOp"]>]> {
  let summary = "parameters whose values are chosen together";
  let description = [{
    Each parameter has a list of candidates: `[a, b, ...]`, `range(first, last)`, `divisors(n)` or
    `divisors(n, greatest)`; a list may name the parameters before it. All combinations are tried,
    in lexicographic order: the first parameter keeps its first candidate while those behind it take
    all of theirs. The body says of one combination, from top to bottom, what it requires and costs.
    The first one of least cost is taken among those that meet every requirement; where nothing is
    minimized, the first. Without any, the schedule does not fit the kernel.

    One list, and all combinations, are at most 4096; more are an error. Rules: S5, S8, S14.

    Example (`test/Schedule/directives.mlir`):

    ```mlir
    schedule.search ["vectors", "tile"] in ["range(1, 8)", "divisors(pointwise.x, 32)"] {
      schedule.let "sums" = "vectors * tile"
      schedule.require "sums + vectors + 1 <= registers"
      schedule.minimize "ceil(pointwise.x, tile) * (sums + 2)"
    }
    ```
  }];
  let arguments = (ins StrArrayAttr:$names, StrArrayAttr:$candidates);
  let assemblyFormat = "$names `in` $candidates attr-dict-with-keyword $body";
  let hasVerifier = 1;
}

def Schedule_LetOp : Schedule_Op<"let", [ParentOneOf<["SearchOp", "DefineOp"]>]> {
  let summary = "name a value within a search";
  let description = [{
    What stands behind it in the search may name it, and nothing else. Rules: S8, S14.

    Example (`test/Schedule/directives.mlir`):

    ```mlir
    schedule.let "sums" = "vectors * tile"
    ```
  }];
  let arguments = (ins StrAttr:$name, StrAttr:$expression);
  let assemblyFormat = "$name `=` $expression attr-dict";
}

def Schedule_RequireOp : Schedule_Op<"require", [
    ParentOneOf<["SearchOp", "ScheduleOp", "DefineOp"]>]> {
  let summary = "say what must not be zero";
  let description = [{
    In a search, for a combination to be taken: what stands behind it is evaluated only then. In a
    schedule, for the schedule to fit the kernel. Remarks name the requirement that fails. Rule: S8.

    Example (`test/Schedule/directives.mlir`):

    ```mlir
    schedule.require "sums + vectors + 1 <= registers"
    ```
  }];
  let arguments = (ins StrAttr:$expression);
  let assemblyFormat = "$expression attr-dict";
}

def Schedule_MinimizeOp : Schedule_Op<"minimize", [ParentOneOf<["SearchOp", "DefineOp"]>]> {
  let summary = "say what a combination of a search costs";
  let description = [{
    Once at most in a search. Rules: S8, S14.

    Example (`test/Schedule/directives.mlir`):

    ```mlir
    schedule.minimize "ceil(pointwise.x, tile) * (sums + 2)"
    ```
  }];
  let arguments = (ins StrAttr:$expression);
  let assemblyFormat = "$expression attr-dict";
}

//===----------------------------------------------------------------------===//
// Definitions
//===----------------------------------------------------------------------===//

def Schedule_DefineOp : Schedule_HasBody<"define", [Symbol, IsolatedFromAbove]> {
  let summary = "a piece of a schedule that is written once";
  let description = [{
    Its names of arguments are words of capital letters. Where one of them stands in a string of the
    body, alone or as a part of a name, a `schedule.use` puts the argument there. The body holds
    what the schedules, stages, updates or searches hold that use it. Rules: S1, S8, S15.

    Example (`test/Schedule/directives.mlir`):

    ```mlir
    schedule.define @accumulate(STAGE, LOOPS) {
      schedule.update "STAGE_sum" {
        schedule.reorder ["c", "x", "LOOPS"]
        schedule.use @inner()
      }
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, StrArrayAttr:$formals);
  let assemblyFormat = "$sym_name `` custom<Formals>($formals) attr-dict-with-keyword $body";
  let hasVerifier = 1;
}

def Schedule_UseOp : Schedule_Op<"use", [
    ParentOneOf<["ScheduleOp", "DefineOp", "SearchOp", "StageOp", "UpdateOp"]>]> {
  let summary = "put a defined piece in its place";
  let description = [{
    When the files of a target are loaded, the body of the definition takes the place of the use:
    the first definition of the name that is found where schedules are looked up, so that one in the
    user's folder takes the place of ours in our schedules too. An argument is a string, or a list
    of strings, which takes the place of an element of a list. One that is no word is put in
    parentheses. Rule: S16.

    Example (`test/Schedule/directives.mlir`):

    ```mlir
    schedule.use @accumulate("conv", ["kc", "kx", "ky"])
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$definition, ArrayAttr:$arguments);
  let assemblyFormat = "$definition `` custom<Arguments>($arguments) attr-dict";
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Budgets and stages
//===----------------------------------------------------------------------===//

def Schedule_BudgetOp : Schedule_Op<"budget", [ParentOneOf<["ScheduleOp", "DefineOp"]>]> {
  let summary = "what a kernel may use of a GPU";
  let description = [{
    The registers of a thread, of 32 bits, and the bytes of shared memory of a block: what decides
    how many blocks a multiprocessor runs at a time. A kernel is assembled for no more registers,
    and one that needs more shared memory is an error. Without a budget it may have what the target
    allows. Rules: S5, S8.

    ```mlir
    schedule.budget registers "128" shared_bytes "shared_bytes / 2"
    ```
  }];
  let arguments = (ins StrAttr:$registers, StrAttr:$shared_bytes);
  let assemblyFormat = "`registers` $registers `shared_bytes` $shared_bytes attr-dict";
}

class Schedule_StageLikeOp<string mnemonic>
    : Schedule_HasBody<mnemonic, [ParentOneOf<["ScheduleOp", "DefineOp"]>]> {
  let arguments = (ins StrAttr:$name);
  let assemblyFormat = "$name attr-dict-with-keyword $body";
  let extraClassDeclaration = [{
    /// The directives in the order in which they are applied.
    auto getDirectives() { return getBody().getOps<ScheduleDirective>(); }
  }];
}

def Schedule_StageOp : Schedule_StageLikeOp<"stage"> {
  let summary = "the directives of one stage";
  let description = [{
    The directives are applied in their order to the stage, or to the initial definition of a sum.
    Rules: S6, S7, S9, S10.

    ```mlir
    schedule.stage "pointwise_sum" {
      schedule.compute_at "pointwise" loop "xo"
      schedule.vectorize "c"
    }
    ```
  }];
}

def Schedule_UpdateOp : Schedule_StageLikeOp<"update"> {
  let summary = "the directives of a sum's update definition";
  let description = [{
    The loops are the sum's own and those of its reduction (ky, kx, kc). Rules: S6, S7.

    ```mlir
    schedule.update "pointwise_sum" {
      schedule.reorder ["c", "x", "kc"]
      schedule.unroll "x"
    }
    ```
  }];
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Directives that say something of loops
//===----------------------------------------------------------------------===//

class Schedule_Directive<string mnemonic, list<Trait> traits = []>
    : Schedule_Op<mnemonic,
                  !listconcat([ParentOneOf<["StageOp", "UpdateOp", "DefineOp"]>], traits)>;

class Schedule_LoopDirective<string mnemonic> : Schedule_Directive<mnemonic, [
    DeclareOpInterfaceMethods<LoopDirective>, ScheduleDirective]>;

// One that gives new loops for those it uses.
class Schedule_ReplaceLoops<string mnemonic> : Schedule_Directive<mnemonic, [
    DeclareOpInterfaceMethods<LoopDirective, ["getNewLoops"]>, ScheduleDirective]> {
  let hasVerifier = 1;
}

def Schedule_SplitOp : Schedule_ReplaceLoops<"split"> {
  let summary = "split a loop into an outer and an inner one";
  let description = [{
    The inner loop has the factor as its extent. `tail` says what happens where the factor does not
    divide the extent; `auto`, the default, leaves it to Halide. Rules: S8, S11.

    ```mlir
    schedule.split "c" into ["co", "ci"] by "2 * lanes" tail shift_inwards
    ```
  }];
  let arguments = (ins StrAttr:$loop, StrArrayAttr:$parts, StrAttr:$factor,
                       DefaultValuedAttr<Schedule_TailStrategy, "TailStrategy::Auto">:$tail);
  let assemblyFormat = "$loop `into` $parts `by` $factor (`tail` $tail^)? attr-dict";
}

def Schedule_FuseOp : Schedule_ReplaceLoops<"fuse"> {
  let summary = "fuse two loops into one";
  let description = [{
    The first is the inner, the second the outer one; between them there must be no other.
    Rule: S11.

    ```mlir
    schedule.fuse ["x", "y"] into "xy"
    ```
  }];
  let arguments = (ins StrArrayAttr:$loops, StrAttr:$new_loop);
  let assemblyFormat = "$loops `into` $new_loop attr-dict";
}

def Schedule_RenameOp : Schedule_ReplaceLoops<"rename"> {
  let summary = "give a loop another name";
  let description = [{
    Rule: S11.

    ```mlir
    schedule.rename "c" to "k"
    ```
  }];
  let arguments = (ins StrAttr:$loop, StrAttr:$new_loop);
  let assemblyFormat = "$loop `to` $new_loop attr-dict";
}

def Schedule_ReorderOp : Schedule_LoopDirective<"reorder"> {
  let summary = "give loops another order";
  let description = [{
    The first is the innermost. Loops that are not named keep their places. Rule: S11.

    ```mlir
    schedule.reorder ["ci", "x", "co"]
    ```
  }];
  let arguments = (ins StrArrayAttr:$loops);
  let assemblyFormat = "$loops attr-dict";
  let hasVerifier = 1;
}

// One that marks a loop, or the inner part of it if it has a factor.
class Schedule_MarkLoop<string mnemonic> : Schedule_LoopDirective<mnemonic> {
  let arguments = (ins StrAttr:$loop, OptionalAttr<StrAttr>:$factor,
                       DefaultValuedAttr<Schedule_TailStrategy, "TailStrategy::Auto">:$tail);
  let assemblyFormat = "$loop (`by` $factor^)? (`tail` $tail^)? attr-dict";
  let hasVerifier = 1;
}

def Schedule_VectorizeOp : Schedule_MarkLoop<"vectorize"> {
  let summary = "make a loop one vector operation";
  let description = [{
    With a factor the loop is split by it first: the inner part becomes the vector, the outer part
    keeps the name. Rules: S8, S11.

    ```mlir
    schedule.vectorize "c" by "lanes" tail predicate_stores
    ```
  }];
}

def Schedule_UnrollOp : Schedule_MarkLoop<"unroll"> {
  let summary = "unroll a loop";
  let description = [{
    With a factor the loop is split by it first: the inner part is unrolled, the outer part keeps
    the name. Rules: S8, S11.

    ```mlir
    schedule.unroll "kx"
    ```
  }];
}

def Schedule_ParallelOp : Schedule_MarkLoop<"parallel"> {
  let summary = "run the iterations of a loop as tasks";
  let description = [{
    With a factor each task runs so many iterations. Serial if the product has no threads.
    Rules: S8, S11.

    ```mlir
    schedule.parallel "y" by "4"
    ```
  }];
}

def Schedule_PrefetchOp : Schedule_LoopDirective<"prefetch"> {
  let summary = "load what a later iteration reads into the cache";
  let description = [{
    In each iteration of the loop `at`, what iteration `from + by` reads of an operand of the sum is
    loaded into the cache: of "input" or "weight", its first or second one, which must be an
    argument of the kernel. Nothing guards the end of what is read, because a prefetch does not
    fault. For a sum's update. Rules: S6, S8, S10, S11.

    ```mlir
    schedule.prefetch "weight" at "kc" from "kc" by "8"
    ```
  }];
  let arguments = (ins StrAttr:$operand, StrAttr:$at, StrAttr:$from, StrAttr:$offset);
  let assemblyFormat = "$operand `at` $at `from` $from `by` $offset attr-dict";
  let hasVerifier = 1;
}

def Schedule_PrefetchNextOp : Schedule_LoopDirective<"prefetch_next"> {
  let summary = "load what the next iteration of a loop reads into the cache, in even steps";
  let description = [{
    While an iteration runs, what the next one reads of the "weight" of a sum in it is loaded into
    the second level of the cache, the same part in each iteration of a loop of the sum's update. So
    tiles of weights that come from memory are read as evenly as they are multiplied, not as fast
    as the first row that uses them could take them. The weight must be packed, which stores the
    tiles one behind the other, and the loop go over them. Rules: S8, S11.

    ```mlir
    schedule.prefetch_next "ct" in "pointwise_sum" loop "kc"
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
  let summary = "run loops as the blocks of a GPU's grid";
  let description = [{
    One to three loops, the innermost (x) first. Rule: S11.

    ```mlir
    schedule.gpu_blocks ["co", "x", "y"]
    ```
  }];
}

def Schedule_GpuThreadsOp : Schedule_GpuLoops<"gpu_threads"> {
  let summary = "run loops as the threads of a GPU's block";
  let description = [{
    One to three loops, the innermost (x) first. Rule: S11.

    ```mlir
    schedule.gpu_threads ["ci", "xi"]
    ```
  }];
}

def Schedule_RfactorOp : Schedule_LoopDirective<"rfactor"> {
  let summary = "add up parts of a sum in stages of their own";
  let description = [{
    Halide's Stage::rfactor, for a sum's update. Two stages are made: a sum, PART_sum, which has the
    loop as a dimension behind the sum's own and the other loops of the reduction in its update; and
    PART, which has its results, and in which it can be placed. What is left of the update adds up
    PART along the loop. So each thread can add up a part in registers, and leave it to others in
    memory that they share. Directives before it are for loops of the reduction only; those of the
    new stages come behind it. The operation must be one that may be done in another order. Rules:
    S6, S7, S11.

    ```mlir
    schedule.rfactor "slice" as "part"
    ```
  }];
  let arguments = (ins StrAttr:$loop, StrAttr:$part);
  let assemblyFormat = "$loop `as` $part attr-dict";
  let hasVerifier = 1;
}

def Schedule_GpuLanesOp : Schedule_LoopDirective<"gpu_lanes"> {
  let summary = "run a loop as the lanes of a warp";
  let description = [{
    ```mlir
    schedule.gpu_lanes "ci"
    ```
  }];
  let arguments = (ins StrAttr:$loop);
  let assemblyFormat = "$loop attr-dict";
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Directives that say something of a whole stage
//===----------------------------------------------------------------------===//

class Schedule_StageDirective<string mnemonic>
    : Schedule_Directive<mnemonic, [DeclareOpInterfaceMethods<ScheduleDirective>]>;

def Schedule_BoundOp : Schedule_StageDirective<"bound"> {
  let summary = "state the range of a dimension";
  let description = [{
    What needs more of the dimension is an error. Rules: S8, S11.

    ```mlir
    schedule.bound "c" min "0" extent "conv.c"
    ```
  }];
  let arguments = (ins StrAttr:$dim, StrAttr:$min, StrAttr:$extent);
  let assemblyFormat = "$dim `min` $min `extent` $extent attr-dict";
  let hasVerifier = 1;
}

def Schedule_BoundExtentOp : Schedule_StageDirective<"bound_extent"> {
  let summary = "state the size of what is computed of a dimension";
  let description = [{
    As `bound`, where it starts being left to Halide. Rules: S8, S11.

    ```mlir
    schedule.bound_extent "x" extent "tile_x"
    ```
  }];
  let arguments = (ins StrAttr:$dim, StrAttr:$extent);
  let assemblyFormat = "$dim `extent` $extent attr-dict";
  let hasVerifier = 1;
}

def Schedule_AlignBoundsOp : Schedule_StageDirective<"align_bounds"> {
  let summary = "widen what is computed of a dimension to multiples";
  let description = [{
    Where it starts is `remainder` (0 if left out) modulo the number, the extent a multiple of it.
    Rules: S8, S11.

    ```mlir
    schedule.align_bounds "c" by "lanes"
    ```
  }];
  let arguments = (ins StrAttr:$dim, StrAttr:$modulus, OptionalAttr<StrAttr>:$remainder);
  let assemblyFormat = "$dim `by` $modulus (`remainder` $remainder^)? attr-dict";
  let hasVerifier = 1;
}

def Schedule_AlignStorageOp : Schedule_StageDirective<"align_storage"> {
  let summary = "store the rows of a dimension a multiple apart";
  let description = [{
    What lies beside the dimension starts at the next multiple, so that threads that read different
    rows of shared memory find them in different banks. Rules: S8, S11.

    ```mlir
    schedule.align_storage "c" by "chunk + lanes"
    ```
  }];
  let arguments = (ins StrAttr:$dim, StrAttr:$factor);
  let assemblyFormat = "$dim `by` $factor attr-dict";
  let hasVerifier = 1;
}

def Schedule_ReadAheadOp : Schedule_StageDirective<"read_ahead"> {
  let summary = "load what a stage reads next into the cache while another one runs";
  let description = [{
    For a stage that is computed in parts, a few rows at a time. While the loop of the other stage
    (of its update, if it has one) runs, between two parts, the images that the first stage reads
    are loaded into the second level of the cache in even steps: so many slices of the dimension as
    the factor says, from the last element on that has been read. Constants are not loaded.
    Rules: S8, S11, S12.

    ```mlir
    schedule.read_ahead "y" by "tile_y * depthwise_sum.stride_y" in "pointwise_sum" loop "kc"
    ```
  }];
  let arguments = (ins StrAttr:$dim, StrAttr:$factor, StrAttr:$stage, StrAttr:$loop);
  let assemblyFormat = "$dim `by` $factor `in` $stage `loop` $loop attr-dict";
  let hasVerifier = 1;
}

// One that names a loop of another stage, which reads this one.
class Schedule_AtLoop<string mnemonic> : Schedule_StageDirective<mnemonic> {
  let arguments = (ins StrAttr:$stage, StrAttr:$loop);
  let assemblyFormat = "$stage `loop` $loop attr-dict";
}

def Schedule_ComputeAtOp : Schedule_AtLoop<"compute_at"> {
  let summary = "compute a stage within a loop of its reader, as much as an iteration needs";
  let description = [{
    Rules: S9, S12.

    ```mlir
    schedule.compute_at "pointwise" loop "xo"
    ```
  }];
}

def Schedule_StoreAtOp : Schedule_AtLoop<"store_at"> {
  let summary = "store a stage within a loop outside of the one where it is computed";
  let description = [{
    What an earlier iteration has computed is not computed again. Rules: S9, S12.

    ```mlir
    schedule.store_at "pointwise" loop "y"
    ```
  }];
}

def Schedule_HoistStorageOp : Schedule_AtLoop<"hoist_storage"> {
  let summary = "allocate a stage's storage outside of the loop where it is stored";
  let description = [{
    Rules: S9, S12.

    ```mlir
    schedule.hoist_storage "pointwise" loop "y"
    ```
  }];
}

def Schedule_ComputeRootOp : Schedule_StageDirective<"compute_root"> {
  let summary = "compute all of a stage before its readers";
  let description = [{
    What a stage does without directives. Rule: S9.

    ```mlir
    schedule.compute_root
    ```
  }];
  let assemblyFormat = "attr-dict";
}

def Schedule_ComputeInlineOp : Schedule_StageDirective<"compute_inline"> {
  let summary = "compute an element of a stage where it is read";
  let description = [{
    What a pad does without directives; not for sums. Rules: S9, S10.

    ```mlir
    schedule.compute_inline
    ```
  }];
  let assemblyFormat = "attr-dict";
}

def Schedule_StoreRootOp : Schedule_StageDirective<"store_root"> {
  let summary = "store all of a stage";
  let description = [{
    Rule: S9.

    ```mlir
    schedule.store_root
    ```
  }];
  let assemblyFormat = "attr-dict";
}

def Schedule_StoreInOp : Schedule_StageDirective<"store_in"> {
  let summary = "say in what memory a stage is stored";
  let description = [{
    `heap` is the caller's workspace: the product allocates nothing. Rule: S9.

    ```mlir
    schedule.store_in stack
    ```
  }];
  let arguments = (ins Schedule_MemoryType:$memory);
  let assemblyFormat = "$memory attr-dict";
}

def Schedule_PackOp : Schedule_StageDirective<"pack"> {
  let summary = "store the weight of a sum in tiles of an output dimension";
  let description = [{
    The constant that is the second operand of the reduction is stored as
    [ceil(N / by)][the other dimensions in order][by], zero padded, so that a tile is read in one
    sweep. Legal where `STAGE.weight` is 1. Rules: S8-S11.

    ```mlir
    schedule.pack "c" by "tile_k"
    ```
  }];
  let arguments = (ins StrAttr:$dim, StrAttr:$factor);
  let assemblyFormat = "$dim `by` $factor attr-dict";
  let hasVerifier = 1;
}

def Schedule_WrapOp : Schedule_StageDirective<"wrap"> {
  let summary = "read an operand of a sum through a stage of its own";
  let description = [{
    Halide's Func::in: the operand ("input" or "weight", the first or second one of the reduction)
    is copied by a stage of the given name, which directives can place; a tile of it in memory that
    the threads of a block share, say. Its loops are named after the sum's: an input's b, y, x and
    the dimension that is added up, a weight's ky, kx, kc and c. The stage is zero beyond the
    operand's end, so that a tile may be larger. With a factor, the elements of the last dimension
    are read in whole groups of so many; the factor divides their number. Rules: S7, S8, S10, S11.

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
    The terms of the reduction stand in one unrolled expression, which is computed where the sum is
    read; there is no update definition. For small windows. Rule: S10.

    ```mlir
    schedule.expand
    ```
  }];
  let assemblyFormat = "attr-dict";
}

#endif // SCHEDULE_OPS
