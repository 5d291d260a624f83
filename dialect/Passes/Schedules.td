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
    order. Copies the first schedule into the module that is for the kernel's pattern, whose `when`
    holds, and each of whose parameters has a feasible value. The kernel refers to it with
    `sepconv.schedule` and stores the values in `sepconv.parameters`; the module stores the facts of
    the target in `sepconv.facts`. A kernel that already has a schedule keeps it, and a kernel that
    no schedule fits gets the default one. With `remarks`, a remark at the kernel states the choice,
    and what was rejected and why.

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
      schedule.param "tile" in "divisors(elementwise.c)" minimize "abs(tile - 3 * lanes)" when
          "tile >= lanes"
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
