// Operations without a reduction: one pass over memory, in vectors.

schedule.schedule @elementwise for ["elementwise"] when "elementwise.rank == 4" {
  schedule.param "lanes" in "[64, 32, 16, 8, 4, 2, 1]" minimize "0 - lanes"
    when "lanes * elementwise.bytes <= vector_bytes && lanes <= elementwise.least_c"
  schedule.stage "elementwise" {
    schedule.split "c" into ["co", "ci"] by "lanes" tail shift_inwards
    schedule.fuse ["y", "b"] into "rows"
    schedule.vectorize "ci"
    schedule.parallel "rows" {when = "threads"}
  }
}

schedule.schedule @elementwise_rows for ["elementwise"] when "elementwise.rank == 2" {
  schedule.param "lanes" in "[64, 32, 16, 8, 4, 2, 1]" minimize "0 - lanes"
    when "lanes * elementwise.bytes <= vector_bytes && lanes <= elementwise.least_c"
  schedule.stage "elementwise" {
    schedule.split "c" into ["co", "ci"] by "lanes" tail shift_inwards
    schedule.vectorize "ci"
  }
}
