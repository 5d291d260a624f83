// Pools: a thread for each 16 bytes of channels of the result; a small window is one expression, a large one (a
// global pool) a loop around sums that stay in registers.

schedule.schedule @pool for ["pool"] when "pool.rank == 4 && pool_sum.ky * pool_sum.kx <= 25" {
  schedule.param "lanes" in "[8, 4, 2, 1]" minimize "0 - lanes"
    when "lanes * pool.bytes <= vector_bytes && pool.c % lanes == 0"
  schedule.budget registers "registers_per_sm / (2 * default_threads)" shared_bytes "shared_bytes"
  schedule.stage "pool" {
    schedule.split "c" into ["co", "ci"] by "lanes"
    schedule.fuse ["co", "x"] into "cx"
    schedule.fuse ["cx", "y"] into "cxy"
    schedule.fuse ["cxy", "b"] into "all"
    schedule.split "all" into ["block", "thread"] by "default_threads" tail guard_with_if
    schedule.vectorize "ci"
    schedule.gpu_blocks ["block"]
    schedule.gpu_threads ["thread"]
  }
  schedule.stage "pool_sum" {
    schedule.expand
  }
}

// The results are few: a thread for each, so that there are more of them.
schedule.schedule @pool_large for ["pool"] when "pool.rank == 4" {
  schedule.budget registers "registers_per_sm / (2 * default_threads)" shared_bytes "shared_bytes"
  schedule.stage "pool" {
    schedule.fuse ["c", "x"] into "cx"
    schedule.fuse ["cx", "y"] into "cxy"
    schedule.fuse ["cxy", "b"] into "all"
    schedule.split "all" into ["block", "thread"] by "warp" tail guard_with_if
    schedule.gpu_blocks ["block"]
    schedule.gpu_threads ["thread"]
  }
  schedule.update "pool_sum" {
    schedule.reorder ["kx", "ky"]
    schedule.unroll "kx" {when = "pool_sum.kx <= 16"}
  }
  schedule.stage "pool_sum" {
    schedule.compute_at "pool" loop "thread"
    schedule.store_in register
  }
}
