// A pointwise convolution as a product of matrices. A block computes a tile of positions by a tile of output
// channels: for one chunk of the channels that are added up after the other, its threads load the input and
// the filter into shared memory, and multiply them from there; the sums stay in registers.
//
// A thread adds up tile_y x tile_x positions by `lanes` channels. Neighbouring threads have neighbouring
// channels, then neighbouring positions: they read the same words of the input or words of different banks,
// and the filter and their results in whole lines.

// What a thread has: the positions, SUMS sums at most. CHANNELS are added up, of SUM. A block's threads have
// channels side by side, and the input of each position costs as much as COST of them.
schedule.define @thread_tile(SUM, CHANNELS, SUMS, COST) {
  // The channels of a step: 32 are the banks of shared memory.
  schedule.search ["chunk"] in ["range(1, 32)"] {
    schedule.require "chunk % lanes_in == 0"
    schedule.let "conflicts" = "chunk * SUM.bytes % (4 * shared_banks) == 0"
    schedule.minimize "ceil(CHANNELS, chunk) * (chunk + 8 + select(conflicts, 0, 4))"
  }
  schedule.search ["step"] in ["[4, 2, 1]"] {
    schedule.require "chunk % step == 0"
  }
  // A step of a thread costs its products and the loads of `lanes` words of the filter, four times as much,
  // and of a word for each position; rounds of threads run on the lanes of each multiprocessor.
  schedule.search ["tile_y", "tile_x"] in ["range(1, 8)", "range(1, 7)"] {
    schedule.require "tile_x <= pointwise.x"
    schedule.require "tile_y <= pointwise.y"
    schedule.require "tile_y * tile_x * lanes <= SUMS"
    schedule.let "tiles" = "pointwise.b * ceil(pointwise.y, tile_y) * ceil(pointwise.x, tile_x)"
    schedule.let "rounds" = "ceil(tiles * ceil(pointwise.c, lanes), fma_lanes * sms)"
    schedule.minimize "rounds * (tile_y * tile_x * (lanes + 1) + 2 * lanes)"
  }
  schedule.search ["threads_c"] in ["[32, 16, 8, 4, 2, 1]"] {
    schedule.minimize "ceil(pointwise.c, threads_c * lanes) * (threads_c * lanes + COST)"
  }
  schedule.param "tile_c" = "threads_c * lanes"
  // A warp has 16 of them, so that two tiles of positions share what it reads of the filter.
  schedule.param "lanes_c" = "min(threads_c, 16)"
  // All rows are whole vectors.
  schedule.param "vector" = "max(1, vector_bytes / SUM.bytes)"
  schedule.param "row" = "ceil(chunk, vector) * vector"
}

// What a block has: groups_y x groups_x tiles of positions. SUM reads the input, through a window of so much
// more than an element as window_y and window_x say. A chunk is SHARED bytes of shared memory and costs COST
// beside the products and the loads: both may name `groups`, and input_y and input_x, the positions of the
// input.
schedule.define @block_tile(SUM, SHARED, COST) {
  schedule.search ["groups_y", "groups_x"] in ["range(1, 16)", "range(1, 16)"] {
    schedule.let "groups" = "groups_y * groups_x"
    schedule.require "groups * threads_c <= default_threads"
    schedule.require "(groups_x - 1) * tile_x < pointwise.x"
    schedule.require "(groups_y - 1) * tile_y < pointwise.y"
    schedule.require "groups % 2 == 0 || groups == 1 || threads_c <= lanes_c"
    schedule.require "groups_x > 1 || groups_y == 1 || tile_y * tile_x % 8 != 0"
    schedule.let "input_y" = "(groups_y * tile_y - 1) * SUM.stride_y + window_y + 1"
    schedule.let "input_x" = "(groups_x * tile_x - 1) * SUM.stride_x + window_x + 1"
    schedule.require "SHARED <= shared_bytes"
    schedule.let "tiles_y" = "ceil(pointwise.y, groups_y * tile_y)"
    schedule.let "tiles_x" = "ceil(pointwise.x, groups_x * tile_x)"
    schedule.let "rounds" = "ceil(pointwise.b * tiles_y * tiles_x * ceil(pointwise.c, tile_c), sms)"
    schedule.let "lanes_used" = "max(ceil(groups * threads_c, warp) * warp, fma_lanes)"
    schedule.let "products" = "lanes_used * (tile_y * tile_x * (lanes + 1) + 2 * lanes)"
    schedule.minimize "rounds * (products + COST + 10 * (input_y * input_x + tile_c) + 500)"
  }
  schedule.param "size_y" = "groups_y * tile_y"
  schedule.param "size_x" = "groups_x * tile_x"
  schedule.param "threads" = "groups_y * groups_x * threads_c"
  // Blocks with 512 threads in all, or as many whole ones as that, share a multiprocessor's registers, so
  // that one works while another one loads. Registers are given in units.
  schedule.param "block" = "ceil(threads, warp) * warp"
  schedule.param "resident" = "2 * default_threads / block * block"
  schedule.budget registers "registers_per_sm / resident / register_unit * register_unit"
    shared_bytes "shared_bytes"
}

// How far apart the positions are stored that are multiplied, of the type of SUM; the next one that a warp
// reads is NEXT of them away. Those that a warp reads, or a quarter of it where it reads four channels at
// once, must not lie in the same banks, and what it writes should be in one piece.
schedule.define @pitch(SUM, NEXT) {
  schedule.param "next" = "NEXT * SUM.bytes"
  schedule.search ["pitch"] in ["[row, row + vector]"] {
    schedule.let "apart" = "next * pitch"
    schedule.let "warp_waits" = "apart * warp / lanes_c / 2 % (4 * shared_banks) == 0"
    schedule.let "quarter_waits" = "lanes_c < 8 && apart * 4 / lanes_c % (4 * shared_banks) == 0"
    schedule.let "gaps" = "(pitch - row) * (chunk * SUM.bytes % (4 * shared_banks) != 0) / vector"
    schedule.minimize "2 * warp_waits + 4 * quarter_waits + gaps"
  }
}

// The loops of the sums that a thread has: those within a thread, its threads, and OUTER.
schedule.define @thread_loops(STEP, OUTER) {
  schedule.reorder ["cv", "xv", "yv", "STEP", "ct", "xt", "yt", "cw", "OUTER", "b"]
  schedule.fuse ["xt", "yt"] into "group"
}

schedule.define @split_among_threads() {
  schedule.split "c" into ["ctw", "cv"] by "lanes"
  schedule.split "ctw" into ["cw", "ct"] by "lanes_c"
  schedule.split "x" into ["xv", "xt"] by "groups_x"
  schedule.split "y" into ["yv", "yt"] by "groups_y"
}

schedule.define @run_in_threads() {
  schedule.vectorize "cv"
  schedule.unroll "xv"
  schedule.unroll "yv"
}

// The threads of a block load together what the loops "ci", INNER and "all" go over.
schedule.define @load_together(INNER) {
  schedule.split "all" into ["s", "t"] by "threads" tail guard_with_if
  schedule.split "t" into ["tyz", "tx"] by "lanes_c"
  schedule.split "tyz" into ["tz", "ty"] by "groups_y * groups_x"
  schedule.reorder ["ci", "INNER", "tx", "ty", "tz", "s"]
  schedule.vectorize "ci"
}

// How "tile" is stored, which the input of the product is read through: a chunk of its channels.
schedule.define @tile_of_chunk() {
  schedule.compute_at "pointwise_sum" loop "ko"
  schedule.store_in gpu_shared
  schedule.align_storage "kc" by "pitch"
  schedule.bound_extent "kc" extent "chunk"
  schedule.split "kc" into ["co", "ci"] by "lanes_in"
}

// The product: what is left to say is how "tile", which its input is read through, is computed.
schedule.define @product() {
  schedule.stage "pointwise" {
    schedule.split "c" into ["cb", "ci"] by "tile_c" tail guard_with_if
    schedule.split "ci" into ["ctw", "cv"] by "lanes"
    schedule.split "ctw" into ["cw", "ct"] by "lanes_c"
    schedule.split "x" into ["xb", "xi"] by "size_x" tail guard_with_if
    schedule.split "xi" into ["xv", "xt"] by "groups_x"
    schedule.split "y" into ["yb", "yi"] by "size_y" tail guard_with_if
    schedule.split "yi" into ["yv", "yt"] by "groups_y"
    schedule.use @thread_loops([], ["cb", "xb", "yb"])
    schedule.fuse ["xb", "yb"] into "part"
    schedule.use @run_in_threads()
    schedule.gpu_blocks ["cb", "part", "b"]
    schedule.gpu_threads ["ct", "group", "cw"]
  }
  schedule.update "pointwise_sum" {
    schedule.use @split_among_threads()
    schedule.split "kc" into ["ko", "ki"] by "chunk" tail guard_with_if
    schedule.split "ki" into ["kt", "kv"] by "step"
    schedule.use @thread_loops(["kv", "kt"], ["ko"])
    schedule.use @run_in_threads()
    schedule.unroll "kv"
    schedule.gpu_threads ["ct", "group", "cw"]
  }
  schedule.stage "pointwise_sum" {
    schedule.wrap "input" as "tile" by "lanes_in"
    schedule.wrap "weight" as "filter" by "lanes"
    schedule.compute_at "pointwise" loop "cb"
    schedule.store_in register
    schedule.bound_extent "c" extent "tile_c"
    schedule.bound_extent "x" extent "size_x"
    schedule.bound_extent "y" extent "size_y"
    schedule.use @split_among_threads()
    schedule.use @thread_loops([], [])
    schedule.use @run_in_threads()
    schedule.gpu_threads ["ct", "group", "cw"]
  }
  schedule.stage "filter" {
    schedule.compute_at "pointwise_sum" loop "ko"
    schedule.store_in gpu_shared
    schedule.align_storage "c" by "vector"
    schedule.bound_extent "kc" extent "chunk"
    schedule.split "c" into ["co", "ci"] by "lanes"
    schedule.fuse ["co", "kc"] into "all"
    schedule.use @load_together([])
    schedule.gpu_threads ["tx", "ty", "tz"]
  }
}
