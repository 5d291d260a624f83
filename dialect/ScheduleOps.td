//===- ScheduleOps.td - targets, schedules, parameters, stages --*- tablegen -*-===//
#ifndef SCHEDULE_OPS
#define SCHEDULE_OPS

include "ScheduleLoops.td"
include "ScheduleSearches.td"
include "ScheduleStages.td"

def Schedule_TargetOp : Schedule_Op<"target", [Symbol]> {
  let summary = "machine that schedules are written for";
  let description = [{
    Describes a machine. It is the only operation in the `target.mlir` of a folder of schedules/,
    and has that folder's name. `triple`, `cpu` and `features` are LLVM's. Every integer is a fact,
    which expressions can name. `variants` lists other targets, best first: a product then contains
    code for each of them and runs the first that the processor supports; with layers of integers,
    it tries those of `integer_variants` first. Whatever is not given is inherited from the parent.

    Errors: rules S1-S3 of schedules/README.md.

    Example (`test/Schedule/directives.mlir`):

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
  let summary = "schedule for the kernels of one pattern";
  let description = [{
    Applies to kernels whose stages, apart from sums and pads, are those of the pattern, in this
    order, and for which `when` is not 0. The body holds parameters, searches, requirements, a
    budget, stages and updates, and uses of definitions that hold those.

    Errors: rules S1 and S4-S8 of schedules/README.md.

    Example (`test/Schedule/directives.mlir`):

    ```mlir
    schedule.schedule @tiles for ["pointwise"] when "pointwise.y >= 8" {
      schedule.param "lanes" = "vector_bytes / pointwise.bytes"
      schedule.stage "pointwise" {
        schedule.split "c" into ["co", "ci"] by "2 * lanes"
        schedule.vectorize "ci" by "lanes"
        schedule.parallel "y"
      }
      schedule.stage "pointwise_sum" {
        schedule.compute_at "pointwise" loop "co"
        schedule.vectorize "c" by "lanes"
      }
      schedule.update "pointwise_sum" {
        schedule.reorder ["c", "x", "kc"]
        schedule.vectorize "c" by "lanes"
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
  let summary = "named value of a schedule";
  let description = [{
    Expressions after it can use the name.

    Errors: rules S5 and S8 of schedules/README.md.

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
// Budgets and stages
//===----------------------------------------------------------------------===//

def Schedule_BudgetOp : Schedule_Op<"budget", [ParentOneOf<["ScheduleOp", "DefineOp"]>]> {
  let summary = "registers and shared memory that a GPU kernel may use";
  let description = [{
    `registers` is the number of 32-bit registers of a thread, `shared_bytes` the shared memory of a
    block in bytes. Together they determine how many blocks run on a multiprocessor at a time. ptxas
    assembles the kernel for at most that many registers. Without a budget a kernel may use what the
    target has.

    Errors: rules S5, S6 and S8 of schedules/README.md. A kernel that needs more shared memory than
    its budget.

    Example (`test/Schedule/directives.mlir`):

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
  let summary = "directives for one stage";
  let description = [{
    Applies its directives, in order, to a stage; for a sum, to its initial definition. A stage
    without directives is computed at the root, in a loop nest of its own; a pad is computed inline.

    Errors: rules S6, S7, S9 and S10 of schedules/README.md.

    Example (`test/Schedule/directives.mlir`):

    ```mlir
    schedule.stage "pointwise_sum" {
      schedule.compute_at "pointwise" loop "co"
      schedule.vectorize "c" by "lanes"
    }
    ```
  }];
}

def Schedule_UpdateOp : Schedule_StageLikeOp<"update"> {
  let summary = "directives for the update definition of a sum";
  let description = [{
    Applies its directives, in order, to the update of a sum, the definition that adds a product.
    Its loops are those of the sum and of the reduction: ky, kx and kc.

    Errors: rules S6 and S7 of schedules/README.md.

    Example (`test/Schedule/directives.mlir`):

    ```mlir
    schedule.update "pointwise_sum" {
      schedule.reorder ["c", "x", "kc"]
      schedule.vectorize "c" by "lanes"
    }
    ```
  }];
  let hasVerifier = 1;
}

#endif // SCHEDULE_OPS
