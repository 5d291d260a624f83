//===- Schedules.td - passes that choose schedules --------------*- tablegen -*-===//

def PrintKernelStages : Pass<"sepconv-print-kernel-stages", "ModuleOp"> {
  let summary = "print the stages that schedules can name";
  let description = [{
    Prints to standard output, for each function that calls no kernel, its pattern and its stages. A
    stage is printed with its name, its dimensions and their sizes, outermost first, and its
    reduction dimensions; a sum also with strides, dilations and its weight.

    Example (`test/Schedule/print-kernel-stages.mlir`):

    ```mlir
    func.func private @example(%x: tensor<1x8xf32>, %f: tensor<8x6xf32> {sepconv.weight})
        -> tensor<1x6xf32> {
      %zero = arith.constant 0.0 : f32
      %empty = tensor.empty() : tensor<1x6xf32>
      %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x6xf32>) -> tensor<1x6xf32>
      %0 = linalg.matmul ins(%x, %f : tensor<1x8xf32>, tensor<8x6xf32>)
                         outs(%init : tensor<1x6xf32>) -> tensor<1x6xf32>
      return %0 : tensor<1x6xf32>
    }
    ```

    prints

    ```
    @example: ["dense"]
      dense_sum: b=1 c=6, kc=8, strides 1 1, dilations 1 1, weight %arg1 (constant) dimension 1
      dense: b=1 c=6
    ```
  }];
}

def ChooseSchedules : Pass<"sepconv-choose-schedules", "ModuleOp"> {
  let summary = "choose a schedule and its parameters for each kernel";
  let description = [{
    Searches the schedule files of the user's folder, of the target and of its parents, in this
    order. Copies the first schedule into the module that is for the kernel's pattern, whose
    requirements hold, and each of whose searches has a feasible candidate. The kernel refers to it
    with `sepconv.schedule` and stores the values in `sepconv.parameters`; the module stores the
    facts of the target in `sepconv.facts`. A kernel that already has a schedule keeps it, and a
    kernel that no schedule fits gets the default one. With `remarks`, a remark at the kernel states
    the choice, and what was rejected and why.

    `sepconv.alternatives` lists what `sepconv-lower-kernels` takes if the choice turns out to be
    illegal: the other schedules that fit, in this order, and the default one. A schedule of the
    user's folder has no alternatives, so that its failure is an error.

    Errors: an unknown target; a schedule file that cannot be parsed or breaks a rule of
    schedules/README.md.

    Example (`test/Schedule/choose-schedules.mlir`):

    ```mlir
    func.func private @k0(%x: tensor<64xf32>) -> tensor<64xf32>
        attributes {sepconv.pattern = ["elementwise"]} {
      return %x : tensor<64xf32>
    }
    ```

    becomes

    ```mlir
    schedule.schedule @mine for ["elementwise"] {
      schedule.param "lanes" = "vector_bytes / elementwise.bytes"
      schedule.search ["tile"] in ["divisors(elementwise.c)"] {
        schedule.require "tile >= lanes"
        schedule.minimize "abs(tile - 3 * lanes)"
      }
      schedule.stage "elementwise" {
        schedule.split "c" into ["co", "ci"] by "tile"
        schedule.rename "co" to "tiles"
        schedule.vectorize "ci" by "lanes"
        schedule.parallel "tiles"
        schedule.unroll "y" {when = "elementwise.rank == 4"}
      }
    }
    ...
    func.func private @k0(%arg0: tensor<64xf32>) -> tensor<64xf32>
        attributes {sepconv.parameters = {lanes = 8 : i64, tile = 16 : i64},
        sepconv.pattern = ["elementwise"], sepconv.schedule = @mine} {
      return %arg0 : tensor<64xf32>
    }
    ```
  }];
  let dependentDialects = ["::mlir::schedule::ScheduleDialect"];
  let options = [
    Option<"target", "target", "std::string", /*default=*/"\"generic\"",
           "machine to choose for: a folder of schedules/">,
    Option<"schedules", "schedules", "std::string", /*default=*/"\"\"",
           "folder of schedules that take precedence">,
    Option<"threads", "threads", "std::string", /*default=*/"\"none\"",
           "none or callback: whether loops may run in parallel">,
    Option<"remarks", "remarks", "bool", /*default=*/"false",
           "report what was chosen, what was rejected, and why">
  ];
}

def ListCandidates : Pass<"sepconv-list-candidates", "ModuleOp"> {
  let summary = "list the schedules and parameters that are feasible for each kernel";
  let description = [{
    Prints to standard output what `sepconv-choose-schedules` chooses from, for a program that
    measures it. Each line is a JSON object. A kernel's first line has its `facts`, by which a
    `schedule.choose` can name it; each further line is one feasible choice for it:

    - `kernel`, `schedule`: their names; `at`: file and line of the schedule;
    - `costs`: for each search of the schedule, in order, the cost of the candidate that is taken.
      Of two choices for one schedule, the model prefers the one with the smaller number where they
      first differ;
    - `parameters`: the values of all parameters, in order, as `sepconv.parameters` takes them;
    - `searched`: the parameters of the search that has taken another candidate, if one has.

    The schedules of a kernel are listed in lookup order. The first line of each schedule is the
    choice of its searches; the kernel's first choice is therefore what it gets. Then, for
    each search in turn, one line for each other candidate of it, in lexicographic order, the
    searches behind it taking what is best with that candidate. Equal inputs give equal lines.

    Example (`test/Schedule/list-candidates.mlir`):

    ```mlir
    func.func private @k(%x: tensor<12xf32>) -> tensor<12xf32>
        attributes {sepconv.pattern = ["elementwise"]} {
      return %x : tensor<12xf32>
    }
    ```

    prints, with a folder of schedules that searches a tile for it,

    ```
    {"kernel":"k","facts":{"elementwise.bytes":4,"elementwise.c":12,...}}
    {"kernel":"k","schedule":"s","at":"...s.mlir:1","costs":[1,0],"parameters":{"tile":4,"step":4}}
    {"kernel":"k","schedule":"s","at":"...s.mlir:1","costs":[3,0],
     "parameters":{"tile":2,"step":2},"searched":["tile"]}
    {"kernel":"k","schedule":"s","at":"...s.mlir:1","costs":[2,0],
     "parameters":{"tile":3,"step":1},"searched":["tile"]}
    ```
  }];
  let dependentDialects = ["::mlir::schedule::ScheduleDialect"];
  let options = [
    Option<"target", "target", "std::string", /*default=*/"\"generic\"",
           "machine to choose for: a folder of schedules/">,
    Option<"schedules", "schedules", "std::string", /*default=*/"\"\"",
           "folder of schedules that take precedence">,
    Option<"threads", "threads", "std::string", /*default=*/"\"none\"",
           "none or callback: whether loops may run in parallel">
  ];
}

def PrintSchedules : Pass<"sepconv-print-schedules", "ModuleOp"> {
  let summary = "print the directives that are applied to each kernel";
  let description = [{
    Prints to standard output, for each kernel, its schedule as it is applied: with numbers in place
    of expressions, without parameters, and without directives whose `when` is 0. Updates come
    first, then stages. For a kernel that has no schedule it prints `@KERNEL: default`.

    Example (`test/Schedule/print-schedules.mlir`):

    ```mlir
    func.func private @k(%x: tensor<1x8xf32>) -> tensor<1x8xf32>
        attributes {sepconv.pattern = ["elementwise"]} {
      return %x : tensor<1x8xf32>
    }
    ```

    prints, once schedules are chosen for x86-64-v3,

    ```
    @k: schedule.schedule @elementwise_rows for ["elementwise"] {
      schedule.stage "elementwise" {
        schedule.split "c" into ["co", "ci"] by "8" tail shift_inwards
        schedule.vectorize "ci"
      }
    }
    ```
  }];
}
