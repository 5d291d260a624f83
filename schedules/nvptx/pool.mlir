// Pools: a thread for each 16 bytes of channels of the result; a small window is one expression, a large one
// (a global pool) a loop around sums that stay in registers.

schedule.schedule @pool for ["pool"] when "pool.rank == 4 && pool_sum.ky * pool_sum.kx <= 25" {
  schedule.require "pool.least_c == pool.c"
  schedule.use @lanes("lanes", "pool.bytes", "pool.c")
  schedule.use @threads_of_rows("pool", "pool.x")
  schedule.use @blocks_at_a_time("2")
  schedule.stage "pool" {
    schedule.split "c" into ["co", "ci"] by "lanes"
    schedule.use @one_loop("pool", "x")
    schedule.vectorize "ci"
    schedule.use @blocks_of_threads("pool")
  }
  schedule.stage "pool_sum" {
    schedule.expand
  }
}

// A large window has few results: the threads of a block each add up a slice of it, rows apart so that
// neighbours read neighbouring words; then those of the first slice add up the slices, from shared memory.
schedule.schedule @pool_large for ["pool"] when "pool.rank == 4 && pool.least_c == pool.c" {
  schedule.use @lanes("lanes", "pool.bytes", "pool.c")
  schedule.use @channels_of_block("pool", "pool.b * pool.y * pool.x")
  schedule.param "window" = "pool_sum.ky * pool_sum.kx"
  schedule.search ["slices"] in ["[128, 64, 32, 16, 8, 4, 2]"] {
    schedule.require "slices * lanes_c <= default_threads"
    schedule.minimize "ceil(window, slices) + slices / 8"
  }
  schedule.use @blocks_at_a_time("2")
  schedule.stage "pool" {
    schedule.split "c" into ["cb", "ci"] by "lanes_c * lanes" tail guard_with_if
    schedule.split "ci" into ["ct", "cv"] by "lanes"
    schedule.fuse ["cb", "x"] into "cx"
    schedule.reorder ["cv", "ct", "cx", "y", "b"]
    schedule.vectorize "cv"
    schedule.gpu_blocks ["cx", "y", "b"]
    schedule.gpu_threads ["ct"]
  }
  schedule.update "pool_sum" {
    schedule.fuse ["kx", "ky"] into "k"
    schedule.split "k" into ["step", "slice"] by "slices" tail guard_with_if
    schedule.rfactor "slice" as "part"
    schedule.split "c" into ["ct", "cv"] by "lanes"
    schedule.reorder ["cv", "slice", "ct"]
    schedule.vectorize "cv"
    schedule.unroll "slice" by "8"
    schedule.gpu_threads ["ct"]
  }
  schedule.update "part_sum" {
    schedule.split "step" into ["steps", "unrolled"] by "min(8, ceil(window, slices))" tail guard_with_if
    schedule.reorder ["c", "unrolled", "steps", "slice"]
    schedule.vectorize "c"
    schedule.unroll "unrolled"
  }
  schedule.stage "pool_sum" {
    schedule.wrap "input" as "image" by "lanes"
    schedule.compute_at "pool" loop "cx"
    schedule.store_in register
    schedule.bound_extent "c" extent "lanes_c * lanes"
    schedule.split "c" into ["ct", "cv"] by "lanes"
    schedule.vectorize "cv"
    schedule.gpu_threads ["ct"]
  }
  schedule.stage "part" {
    schedule.compute_at "pool" loop "cx"
    schedule.store_in gpu_shared
    schedule.bound_extent "c" extent "lanes_c * lanes"
    schedule.split "c" into ["ct", "cv"] by "lanes"
    schedule.reorder ["cv", "ct", "slice"]
    schedule.vectorize "cv"
    schedule.gpu_threads ["ct", "slice"]
  }
  schedule.stage "part_sum" {
    schedule.compute_at "part" loop "ct"
    schedule.store_in register
    schedule.vectorize "c"
  }
  // Nothing beyond the last channel.
  schedule.stage "image" {
    schedule.compute_inline
  }
}
