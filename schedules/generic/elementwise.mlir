// Operations without a reduction: one pass over memory, in vectors.

schedule.schedule @elementwise for ["elementwise"] when "elementwise.rank == 4" {
  schedule.use @lanes("lanes", "elementwise", "elementwise")
  schedule.stage "elementwise" {
    schedule.split "c" into ["co", "ci"] by "lanes" tail shift_inwards
    schedule.fuse ["y", "b"] into "rows"
    schedule.vectorize "ci"
    schedule.parallel "rows" {when = "threads"}
  }
}

// Of any other rank, without tasks.
schedule.schedule @elementwise_rows for ["elementwise"] when "elementwise.rank > 0" {
  schedule.use @lanes("lanes", "elementwise", "elementwise")
  schedule.stage "elementwise" {
    schedule.split "c" into ["co", "ci"] by "lanes" tail shift_inwards
    schedule.vectorize "ci"
  }
}
