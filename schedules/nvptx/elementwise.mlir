// Operations without a reduction: a thread for each 16 bytes of the result, in the order of memory.

schedule.schedule @elementwise for ["elementwise"] when "elementwise.rank == 4 && elementwise.least_c == elementwise.c" {
  schedule.param "lanes" in "[8, 4, 2, 1]" minimize "0 - lanes"
    when "lanes * elementwise.bytes <= vector_bytes && elementwise.c % lanes == 0"
  // Halide cannot divide by an open size: a row is blocks of its own then.
  schedule.param "threads" = "select(elementwise.open, min(default_threads, ceil(elementwise.c / lanes * elementwise.x, warp) * warp), default_threads)"
  schedule.budget registers "registers_per_sm / (4 * default_threads)" shared_bytes "shared_bytes"
  schedule.stage "elementwise" {
    schedule.split "c" into ["co", "ci"] by "lanes"
    schedule.fuse ["co", "x"] into "cx"
    schedule.rename "cx" to "all" {when = "elementwise.open"}
    schedule.fuse ["cx", "y"] into "cxy" {when = "elementwise.open == 0"}
    schedule.fuse ["cxy", "b"] into "all" {when = "elementwise.open == 0"}
    schedule.split "all" into ["block", "thread"] by "threads" tail guard_with_if
    schedule.vectorize "ci"
    schedule.gpu_blocks ["block"] {when = "elementwise.open == 0"}
    schedule.gpu_blocks ["block", "y", "b"] {when = "elementwise.open"}
    schedule.gpu_threads ["thread"]
  }
}

// Rows of an open size, of what has its channels outermost.
schedule.schedule @elementwise_planes for ["elementwise"] when "elementwise.rank == 4" {
  schedule.param "lanes" in "[8, 4, 2, 1]" minimize "0 - lanes"
    when "lanes * elementwise.bytes <= vector_bytes && elementwise.factor_c % lanes == 0"
  schedule.param "threads" = "min(default_threads, ceil(elementwise.c / lanes, warp) * warp)"
  schedule.budget registers "registers_per_sm / (4 * default_threads)" shared_bytes "shared_bytes"
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
  schedule.param "lanes" in "[8, 4, 2, 1]" minimize "0 - lanes"
    when "lanes * elementwise.bytes <= vector_bytes && elementwise.c % lanes == 0"
  schedule.budget registers "registers_per_sm / (4 * default_threads)" shared_bytes "shared_bytes"
  schedule.stage "elementwise" {
    schedule.split "c" into ["co", "ci"] by "lanes"
    schedule.fuse ["co", "b"] into "all"
    schedule.split "all" into ["block", "thread"] by "default_threads" tail guard_with_if
    schedule.vectorize "ci"
    schedule.gpu_blocks ["block"]
    schedule.gpu_threads ["thread"]
  }
}
