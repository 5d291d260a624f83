//===- ScheduleDialect.td - the schedule dialect ----------------*- tablegen -*-===//
#ifndef SCHEDULE_DIALECT
#define SCHEDULE_DIALECT

include "mlir/IR/BuiltinAttributes.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"
include "mlir/IR/SymbolInterfaces.td"

def Schedule_Dialect : Dialect {
  let name = "schedule";
  let cppNamespace = "::mlir::schedule";
  let summary = "schedules as data: how kernels run on a machine";
  let description = [{
    A schedule lists the stages of a kernel, with Halide's directives for each: `split`, `reorder`,
    `vectorize`, `compute_at` and so on. Its parameters are chosen when a kernel is compiled. Stages
    and loops are named by strings. Numbers are strings too: expressions in the parameters, the
    facts of the target and the facts of the kernel, such as `"vector_bytes / pointwise.bytes"`.
    Every directive can have the attribute `when`, an expression: the directive only applies if the
    value is not 0.

    A verifier's error begins with the number of the rule that the schedule breaks (S1, S2, ...);
    schedules/README.md lists the rules, the stages and their loops, and the facts. Rule S8, the
    syntax of expressions, applies to every number.
  }];
}

class Schedule_Op<string mnemonic, list<Trait> traits = []>
    : Op<Schedule_Dialect, mnemonic, traits>;

class Schedule_HasBody<string mnemonic, list<Trait> traits> : Schedule_Op<mnemonic, !listconcat([
    SingleBlock, NoTerminator, NoRegionArguments], traits)> {
  let regions = (region SizedRegion<1>:$body);
  let hasRegionVerifier = 1;
}

class Schedule_Directive<string mnemonic, list<Trait> traits = []>
    : Schedule_Op<mnemonic,
                  !listconcat([ParentOneOf<["StageOp", "UpdateOp", "DefineOp"]>], traits)>;

//===----------------------------------------------------------------------===//
// Interfaces
//===----------------------------------------------------------------------===//

def ScheduleDirective : OpInterface<"ScheduleDirective"> {
  let cppNamespace = "::mlir::schedule";
  let description = [{
    An operation in a `schedule.stage`: a directive of Halide's scheduling language, or one that
    sepconv adds, such as `schedule.pack` and `schedule.expand`.
  }];
  let methods = [
    InterfaceMethod<"The directive's name, without the dialect's.", "::llvm::StringRef",
      "getDirective", (ins), "", [{ return $_op->getName().stripDialect(); }]>
  ];
}

def LoopDirective : OpInterface<"LoopDirective", [ScheduleDirective]> {
  let cppNamespace = "::mlir::schedule";
  let description = [{
    A directive for the loops of one definition, which can also be in a `schedule.update`. If it
    creates loops, they replace those that it uses.
  }];
  let methods = [
    InterfaceMethod<"The loops that must exist.", "::llvm::SmallVector<::llvm::StringRef>",
      "getUsedLoops">,
    InterfaceMethod<"The loops that replace them; empty if they remain.",
      "::llvm::SmallVector<::llvm::StringRef>", "getNewLoops", (ins), "", [{ return {}; }]>
  ];
}

//===----------------------------------------------------------------------===//
// Enums
//===----------------------------------------------------------------------===//

def Schedule_TailStrategy : I32EnumAttr<"TailStrategy",
    "tail strategy of a split, as in Halide", [
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
    "memory type, as in Halide", [
  I32EnumAttrCase<"Auto", 0, "auto">, I32EnumAttrCase<"Heap", 1, "heap">,
  I32EnumAttrCase<"Stack", 2, "stack">, I32EnumAttrCase<"Register", 3, "register">,
  I32EnumAttrCase<"GPUShared", 4, "gpu_shared">
]> {
  let cppNamespace = "::mlir::schedule";
}

#endif // SCHEDULE_DIALECT
