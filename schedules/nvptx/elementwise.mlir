// Operations without a reduction: a thread for each 16 bytes of the result, in the order of memory.

schedule.schedule @elementwise for ["elementwise"] when "elementwise.rank == 4" {
  schedule.require "elementwise.least_c == elementwise.c"
  schedule.use @lanes("lanes", "elementwise.bytes", "elementwise.c")
  schedule.use @threads_of_rows("elementwise", "elementwise.x")
  schedule.use @blocks_at_a_time("4")
  schedule.stage "elementwise" {
    schedule.split "c" into ["co", "ci"] by "lanes"
    schedule.use @one_loop("elementwise", "x")
    schedule.vectorize "ci"
    schedule.use @blocks_of_threads("elementwise")
  }
}

// Rows of a dynamic size, of what has its channels outermost.
schedule.schedule @elementwise_planes for ["elementwise"] when "elementwise.rank == 4" {
  schedule.use @lanes("lanes", "elementwise.bytes", "elementwise.factor_c")
  schedule.param "threads" = "min(default_threads, ceil(elementwise.c / lanes, warp) * warp)"
  schedule.use @blocks_at_a_time("4")
  schedule.stage "elementwise" {
    schedule.split "c" into ["co", "ci"] by "lanes"
    schedule.split "co" into ["block", "thread"] by "threads" tail guard_with_if
    schedule.fuse ["y", "b"] into "yb" {when = "elementwise.least_y == elementwise.y"}
    schedule.vectorize "ci"
    schedule.gpu_blocks ["block", "x", "yb"] {when = "elementwise.least_y == elementwise.y"}
    schedule.gpu_blocks ["block", "x", "y"] {when = "elementwise.least_y != elementwise.y"}
    schedule.gpu_threads ["thread"]
  }
}

schedule.schedule @elementwise_rows for ["elementwise"] when "elementwise.rank == 2" {
  schedule.use @lanes("lanes", "elementwise.bytes", "elementwise.c")
  schedule.use @blocks_at_a_time("4")
  schedule.stage "elementwise" {
    schedule.split "c" into ["co", "ci"] by "lanes"
    schedule.fuse ["co", "b"] into "all"
    schedule.split "all" into ["block", "thread"] by "default_threads" tail guard_with_if
    schedule.vectorize "ci"
    schedule.gpu_blocks ["block"]
    schedule.gpu_threads ["thread"]
  }
}
