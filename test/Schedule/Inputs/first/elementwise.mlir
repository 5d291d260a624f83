// Schedules of a user, for choose-schedules.mlir.
schedule.schedule @never for ["elementwise"] when "elementwise.c > 1000" {}

schedule.schedule @infeasible for ["elementwise"] {
  schedule.search ["tile"] in ["[48, 40]"] {
    schedule.require "elementwise.c % tile == 0"
  }
}

// Loops that directives replace are followed; one whose `when` is zero need not have its loops.
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
