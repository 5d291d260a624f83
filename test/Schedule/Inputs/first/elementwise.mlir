// Schedules of a user, for choose-schedules.mlir.
schedule.schedule @never for ["elementwise"] when "elementwise.c > 1000" {}

schedule.schedule @infeasible for ["elementwise"] {
  schedule.param "tile" in "[48, 40]" when "elementwise.c % tile == 0"
}

// Loops that directives replace are followed; one whose `when` is zero need not have its loops.
schedule.schedule @mine for ["elementwise"] {
  schedule.param "lanes" = "vector_bytes / elementwise.bytes"
  schedule.param "tile" in "divisors(elementwise.c)" minimize "abs(tile - 3 * lanes)" when "tile >= lanes"
  schedule.stage "elementwise" {
    schedule.split "c" into ["co", "ci"] by "tile"
    schedule.rename "co" to "tiles"
    schedule.vectorize "ci" by "lanes"
    schedule.parallel "tiles"
    schedule.unroll "y" {when = "elementwise.rank == 4"}
  }
}
