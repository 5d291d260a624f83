// Operations without a reduction: a thread for each 16 bytes of the result, in the order of memory.

schedule.schedule @elementwise for ["elementwise"] when "elementwise.rank == 4" {
  schedule.param "lanes" in "[8, 4, 2, 1]" minimize "0 - lanes"
    when "lanes * elementwise.bytes <= vector_bytes && elementwise.c % lanes == 0"
  schedule.budget registers "registers_per_sm / (4 * default_threads)" shared_bytes "shared_bytes"
  schedule.stage "elementwise" {
    schedule.split "c" into ["co", "ci"] by "lanes"
    schedule.fuse ["co", "x"] into "cx"
    schedule.fuse ["cx", "y"] into "cxy"
    schedule.fuse ["cxy", "b"] into "all"
    schedule.split "all" into ["block", "thread"] by "default_threads" tail guard_with_if
    schedule.vectorize "ci"
    schedule.gpu_blocks ["block"]
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
