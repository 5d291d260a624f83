// Pools: vectors of channels; a small window is one expression, a large one (a global pool) a loop
// around a sum that stays in registers.

schedule.schedule @pool for ["pool"] when "pool.rank == 4 && pool_sum.ky * pool_sum.kx <= 25" {
  schedule.require "pool_sum.ky == pool_sum.least_ky && pool_sum.kx == pool_sum.least_kx"
  schedule.use @lanes("lanes", "pool_sum", "pool")
  schedule.stage "pool" {
    schedule.split "c" into ["co", "ci"] by "lanes" tail shift_inwards
    schedule.reorder ["ci", "co", "x", "y", "b"]
    schedule.fuse ["y", "b"] into "rows"
    schedule.vectorize "ci"
    schedule.parallel "rows" {when = "threads"}
  }
  schedule.stage "pool_sum" {
    schedule.expand
  }
}

schedule.schedule @pool_large for ["pool"] when "pool.rank == 4" {
  schedule.use @channel_tile("pool")
  schedule.stage "pool" {
    schedule.use @tiles_of_channels()
    schedule.reorder ["co", "x", "y", "b"]
  }
  schedule.use @sums_of_channels("pool")
}
