// A dense layer reads each weight once for a few samples: the threads of a block each have some channels of the
// results and a slice of what is added up, rows of the weights apart, so that neighbours read whole sectors; then
// some of them add up the slices, from shared memory. Blocks have few channels until there are enough of them.

schedule.schedule @dense for ["dense"] when "dense.rank == 2" {
  schedule.param "lanes" in "[8, 4, 2, 1]" minimize "0 - lanes"
    when "lanes * dense.bytes <= vector_bytes && dense.c % lanes == 0"
  schedule.param "tile_b" in "divisors(dense.b)" minimize "0 - tile_b" when "tile_b <= 8"
  schedule.param "lanes_c" in "[8, 4, 2, 1]"
    minimize "select(lanes_c * lanes * dense.bytes < sector_bytes, 8, 0) - lanes_c"
    when "lanes_c <= ceil(dense.c, lanes) && (lanes_c * lanes * dense.bytes <= sector_bytes || dense.b / tile_b * ceil(dense.c, lanes_c * lanes) >= 2 * sms)"
  schedule.param "slices" in "[128, 64, 32, 16, 8]" minimize "ceil(dense_sum.kc, slices) + slices / 8"
    when "slices * lanes_c <= default_threads && slices * lanes_c * lanes * (tile_b + 1) * dense_sum.bytes <= shared_bytes / 2"
  schedule.budget registers "registers_per_sm / max(default_threads, 2 * slices * lanes_c)" shared_bytes "shared_bytes"
  schedule.stage "dense" {
    schedule.split "c" into ["cb", "ci"] by "lanes_c * lanes" tail guard_with_if
    schedule.split "ci" into ["ct", "cv"] by "lanes"
    schedule.split "b" into ["bb", "bi"] by "tile_b"
    schedule.reorder ["cv", "ct", "bi", "cb", "bb"]
    schedule.vectorize "cv"
    schedule.gpu_blocks ["cb", "bb"]
    schedule.gpu_threads ["ct", "bi"]
  }
  schedule.update "dense_sum" {
    schedule.split "kc" into ["step", "slice"] by "slices" tail guard_with_if
    schedule.rfactor "slice" as "part"
    schedule.split "c" into ["ct", "cv"] by "lanes"
    schedule.reorder ["cv", "slice", "ct", "b"]
    schedule.vectorize "cv"
    schedule.unroll "slice" by "8"
    schedule.gpu_threads ["ct", "b"]
  }
  schedule.update "part_sum" {
    schedule.split "step" into ["steps", "unrolled"] by "min(8, ceil(dense_sum.kc, slices))" tail guard_with_if
    schedule.reorder ["c", "b", "unrolled", "steps", "slice"]
    schedule.vectorize "c"
    schedule.unroll "b"
    schedule.unroll "unrolled"
  }
  schedule.stage "dense_sum" {
    schedule.wrap "weight" as "filter" by "lanes"
    schedule.compute_at "dense" loop "cb"
    schedule.store_in register
    schedule.bound_extent "c" extent "lanes_c * lanes"
    schedule.bound_extent "b" extent "tile_b"
    schedule.split "c" into ["ct", "cv"] by "lanes"
    schedule.reorder ["cv", "ct", "b"]
    schedule.vectorize "cv"
    schedule.gpu_threads ["ct", "b"]
  }
  schedule.stage "part" {
    schedule.compute_at "dense" loop "cb"
    schedule.store_in gpu_shared
    // Slices must not begin in the same banks.
    schedule.align_storage "b" by "tile_b + 1 - tile_b % 2"
    schedule.bound_extent "c" extent "lanes_c * lanes"
    schedule.bound_extent "b" extent "tile_b"
    schedule.split "c" into ["ct", "cv"] by "lanes"
    schedule.reorder ["cv", "b", "ct", "slice"]
    schedule.vectorize "cv"
    schedule.unroll "b"
    schedule.gpu_threads ["ct", "slice"]
  }
  schedule.stage "part_sum" {
    schedule.compute_at "part" loop "ct"
    schedule.store_in register
    schedule.reorder ["c", "b"]
    schedule.vectorize "c"
    schedule.unroll "b"
  }
  // Nothing beyond the last channel.
  schedule.stage "filter" {
    schedule.compute_inline
  }
}
