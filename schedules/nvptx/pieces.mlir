// The pieces that schedules for NVIDIA's GPUs are made of.

// 16 bytes of channels that a thread has at most, and that divide them.
schedule.define @lanes(NAME, BYTES, CHANNELS) {
  schedule.search ["NAME"] in ["[8, 4, 2, 1]"] {
    schedule.require "NAME * BYTES <= vector_bytes"
    schedule.require "CHANNELS % NAME == 0"
  }
}

// The registers of blocks of which a multiprocessor is to run BLOCKS at a time.
schedule.define @blocks_at_a_time(BLOCKS) {
  schedule.budget registers "registers_per_sm / (BLOCKS * default_threads)" shared_bytes "shared_bytes"
}

//===----------------------------------------------------------------------===//
// A thread for each vector of the results, in the order of memory
//===----------------------------------------------------------------------===//

// Halide cannot divide by a dynamic size: a row, of POSITIONS each of which has threads, is blocks of
// its own then.
schedule.define @threads_of_rows(STAGE, POSITIONS) {
  schedule.param "row_threads" = "ceil(STAGE.c / lanes * POSITIONS, warp) * warp"
  schedule.param "threads" = "select(STAGE.dynamic, min(default_threads, row_threads), default_threads)"
}

// All loops but that of the vector in one, which is split into blocks of threads. X is the one over
// positions.
schedule.define @one_loop(STAGE, X) {
  schedule.fuse ["co", "X"] into "cx"
  schedule.rename "cx" to "all" {when = "STAGE.dynamic"}
  schedule.fuse ["cx", "y"] into "cxy" {when = "STAGE.dynamic == 0"}
  schedule.fuse ["cxy", "b"] into "all" {when = "STAGE.dynamic == 0"}
  schedule.split "all" into ["block", "thread"] by "threads" tail guard_with_if
}

schedule.define @blocks_of_threads(STAGE) {
  schedule.gpu_blocks ["block"] {when = "STAGE.dynamic == 0"}
  schedule.gpu_blocks ["block", "y", "b"] {when = "STAGE.dynamic"}
  schedule.gpu_threads ["thread"]
}

// The sums of a window in a thread's registers.
schedule.define @window_update() {
  schedule.reorder ["c", "x", "kx", "ky"]
  schedule.vectorize "c"
  schedule.unroll "x"
  schedule.unroll "kx" {when = "depthwise_sum.kx <= 7"}
  schedule.unroll "ky" {when = "depthwise_sum.ky * depthwise_sum.kx <= 9"}
}

//===----------------------------------------------------------------------===//
// Slices of a sum
//===----------------------------------------------------------------------===//

// Blocks have few channels, one sector, until there are enough of them for the GPU: TILES are the blocks of
// all channels.
schedule.define @channels_of_block(STAGE, TILES) {
  schedule.search ["lanes_c"] in ["[8, 4, 2, 1]"] {
    schedule.require "lanes_c <= ceil(STAGE.c, lanes)"
    schedule.let "blocks" = "TILES * ceil(STAGE.c, lanes_c * lanes)"
    schedule.require "lanes_c * lanes * STAGE.bytes <= sector_bytes || blocks >= 2 * sms"
    schedule.minimize "select(lanes_c * lanes * STAGE.bytes < sector_bytes, 8, 0) - lanes_c"
  }
}

// A dense layer, or what is one, reads each weight once for a few samples: the threads of a block each have
// some channels of the results and a slice of what is added up, rows of the weights apart, so that neighbours
// read whole sectors; then some of them add up the slices, from shared memory. POSITION are the loops that go
// once.
schedule.define @add_up_slices(STAGE, POSITION) {
  schedule.use @lanes("lanes", "STAGE.bytes", "STAGE.c")
  schedule.search ["tile_b"] in ["divisors(STAGE.b, 8)"] {
    schedule.minimize "0 - tile_b"
  }
  schedule.use @channels_of_block("STAGE", "STAGE.b / tile_b")
  schedule.search ["slices"] in ["[128, 64, 32, 16, 8]"] {
    schedule.require "slices * lanes_c <= default_threads"
    schedule.require "slices * lanes_c * lanes * (tile_b + 1) * STAGE_sum.bytes <= shared_bytes / 2"
    schedule.minimize "ceil(STAGE_sum.kc, slices) + slices / 8"
  }
  schedule.param "slice_terms" = "ceil(STAGE_sum.kc, slices)"
  schedule.param "block_threads" = "max(default_threads, 2 * slices * lanes_c)"
  schedule.budget registers "registers_per_sm / block_threads" shared_bytes "shared_bytes"
  schedule.stage "STAGE" {
    schedule.split "c" into ["cb", "ci"] by "lanes_c * lanes" tail guard_with_if
    schedule.split "ci" into ["ct", "cv"] by "lanes"
    schedule.split "b" into ["bb", "bi"] by "tile_b"
    schedule.reorder ["cv", "POSITION", "ct", "bi", "cb", "bb"]
    schedule.vectorize "cv"
    schedule.gpu_blocks ["cb", "bb"]
    schedule.gpu_threads ["ct", "bi"]
  }
  schedule.update "STAGE_sum" {
    schedule.split "kc" into ["step", "slice"] by "slices" tail guard_with_if
    schedule.rfactor "slice" as "part"
    schedule.split "c" into ["ct", "cv"] by "lanes"
    schedule.reorder ["cv", "slice", "POSITION", "ct", "b"]
    schedule.vectorize "cv"
    schedule.unroll "slice" by "8"
    schedule.gpu_threads ["ct", "b"]
  }
  schedule.update "part_sum" {
    schedule.split "step" into ["steps", "unrolled"] by "min(8, slice_terms)" tail guard_with_if
    schedule.reorder ["c", "POSITION", "b", "unrolled", "steps", "slice"]
    schedule.vectorize "c"
    schedule.unroll "b"
    schedule.unroll "unrolled"
  }
  schedule.stage "STAGE_sum" {
    schedule.wrap "weight" as "filter" by "lanes"
    schedule.compute_at "STAGE" loop "cb"
    schedule.store_in register
    schedule.bound_extent "c" extent "lanes_c * lanes"
    schedule.bound_extent "b" extent "tile_b"
    schedule.split "c" into ["ct", "cv"] by "lanes"
    schedule.reorder ["cv", "POSITION", "ct", "b"]
    schedule.vectorize "cv"
    schedule.gpu_threads ["ct", "b"]
  }
  schedule.stage "part" {
    schedule.compute_at "STAGE" loop "cb"
    schedule.store_in gpu_shared
    // Slices must not begin in the same banks.
    schedule.align_storage "b" by "tile_b + 1 - tile_b % 2"
    schedule.bound_extent "c" extent "lanes_c * lanes"
    schedule.bound_extent "b" extent "tile_b"
    schedule.split "c" into ["ct", "cv"] by "lanes"
    schedule.reorder ["cv", "POSITION", "b", "ct", "slice"]
    schedule.vectorize "cv"
    schedule.unroll "b"
    schedule.gpu_threads ["ct", "slice"]
  }
  schedule.stage "part_sum" {
    schedule.compute_at "part" loop "ct"
    schedule.store_in register
    schedule.reorder ["c", "POSITION", "b"]
    schedule.vectorize "c"
    schedule.unroll "b"
  }
  // Nothing beyond the last channel.
  schedule.stage "filter" {
    schedule.compute_inline
  }
}
