//===- ScheduleSearches.td - searches and definitions -----------*- tablegen -*-===//
#ifndef SCHEDULE_SEARCHES
#define SCHEDULE_SEARCHES

include "ScheduleDialect.td"

//===----------------------------------------------------------------------===//
// Searches
//===----------------------------------------------------------------------===//

def Schedule_SearchOp : Schedule_HasBody<"search", [ParentOneOf<["ScheduleOp", "DefineOp"]>]> {
  let summary = "parameters that are chosen together";
  let description = [{
    Each parameter has a list of candidates: `[a, b, ...]`, `range(first, last)`, `divisors(n)` or
    `divisors(n, greatest)`, which can use the parameters before it. All combinations are tried in
    lexicographic order, the last parameter varying fastest. For each, the body is evaluated from
    top to bottom: `schedule.let` names values, `schedule.require` rejects combinations, and
    `schedule.minimize` gives the cost. Among the combinations that meet all requirements, the first
    of least cost is chosen; without a cost, the first. If there is none, the schedule does not fit
    the kernel.

    Errors: rules S5, S8 and S14 of schedules/README.md. More than 4096 candidates in a list, or
    combinations in all.

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
  let summary = "named value within a search";
  let description = [{
    Expressions after it in the same search can use the name.

    Errors: rules S8 and S14 of schedules/README.md.

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
  let summary = "condition for a combination or a schedule";
  let description = [{
    In a search, rejects the combinations for which the expression is 0; what follows is evaluated
    only for the others. In a schedule, the schedule does not fit a kernel for which the expression
    is 0. Remarks quote the requirement that failed.

    Errors: rule S8 of schedules/README.md.

    Example (`test/Schedule/directives.mlir`):

    ```mlir
    schedule.require "sums + vectors + 1 <= registers"
    ```
  }];
  let arguments = (ins StrAttr:$expression);
  let assemblyFormat = "$expression attr-dict";
}

def Schedule_MinimizeOp : Schedule_Op<"minimize", [ParentOneOf<["SearchOp", "DefineOp"]>]> {
  let summary = "cost of a combination in a search";
  let description = [{
    The search chooses the combination with the least value. A search has at most one cost.

    Errors: rules S8 and S14 of schedules/README.md.

    Example (`test/Schedule/directives.mlir`):

    ```mlir
    schedule.minimize "ceil(pointwise.x, tile) * (sums + 2)"
    ```
  }];
  let arguments = (ins StrAttr:$expression);
  let assemblyFormat = "$expression attr-dict";
}

def Schedule_ChooseOp : Schedule_Op<"choose"> {
  let summary = "values that a schedule's searches take for some kernels";
  let description = [{
    Stands beside schedules in a file of a folder, and names a schedule of any. For a kernel for
    which `when` is not 0 this schedule is tried before all others, and its searches take the values
    given, whatever others cost. Searches whose parameters are not named choose as always. Of
    several that name a schedule and hold for a kernel, the first is taken. `sepconv-tune` writes
    them.

    Errors: rule S19 of schedules/README.md.

    Example (`test/Schedule/choose.mlir`):

    ```mlir
    schedule.choose @pointwise when "pointwise.y == 28" with {tile_x = 7, vectors = 4}
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$schedule, OptionalAttr<StrAttr>:$condition,
                       DictionaryAttr:$parameters);
  let assemblyFormat = "$schedule (`when` $condition^)? `with` $parameters attr-dict";
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Definitions
//===----------------------------------------------------------------------===//

def Schedule_DefineOp : Schedule_HasBody<"define", [Symbol, IsolatedFromAbove]> {
  let summary = "reusable piece of a schedule";
  let description = [{
    The formal arguments are words in capital letters. `schedule.use` replaces them wherever they
    occur in strings of the body, as a whole or as part of a name. The body holds whatever the
    schedules, stages, updates or searches that use it can hold.

    Errors: rules S1, S8 and S15 of schedules/README.md.

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
  let summary = "insert a definition";
  let description = [{
    Replaced by the body of the definition when the files of a target are loaded. A definition is
    looked up like a schedule, so that one in the user's folder also overrides ours in our own
    schedules. An argument is a string, or a list of strings, which replaces one element of a list.
    An argument that is not a single word is inserted in parentheses.

    Errors: rule S16 of schedules/README.md.

    Example (`test/Schedule/directives.mlir`):

    ```mlir
    schedule.use @accumulate("conv", ["kc", "kx", "ky"])
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$definition, ArrayAttr:$arguments);
  let assemblyFormat = "$definition `` custom<Arguments>($arguments) attr-dict";
  let hasVerifier = 1;
}

#endif // SCHEDULE_SEARCHES
