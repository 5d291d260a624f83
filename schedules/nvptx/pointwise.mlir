// One position of each image, as in squeeze-and-excite and in front of a classifier: as dense.mlir.
schedule.schedule @pointwise_few for ["pointwise"] when "pointwise.y == 1 && pointwise.x == 1" {
  schedule.param "lanes" in "[8, 4, 2, 1]" minimize "0 - lanes"
    when "lanes * pointwise.bytes <= vector_bytes && pointwise.c % lanes == 0"
  schedule.param "tile_b" in "divisors(pointwise.b)" minimize "0 - tile_b" when "tile_b <= 8"
  schedule.param "lanes_c" in "[8, 4, 2, 1]"
    minimize "select(lanes_c * lanes * pointwise.bytes < sector_bytes, 8, 0) - lanes_c"
    when "lanes_c <= ceil(pointwise.c, lanes) && (lanes_c * lanes * pointwise.bytes <= sector_bytes || pointwise.b / tile_b * ceil(pointwise.c, lanes_c * lanes) >= 2 * sms)"
  schedule.param "slices" in "[128, 64, 32, 16, 8]" minimize "ceil(pointwise_sum.kc, slices) + slices / 8"
    when "slices * lanes_c <= default_threads && slices * lanes_c * lanes * (tile_b + 1) * pointwise_sum.bytes <= shared_bytes / 2"
  schedule.budget registers "registers_per_sm / max(default_threads, 2 * slices * lanes_c)" shared_bytes "shared_bytes"
  schedule.stage "pointwise" {
    schedule.split "c" into ["cb", "ci"] by "lanes_c * lanes" tail guard_with_if
    schedule.split "ci" into ["ct", "cv"] by "lanes"
    schedule.split "b" into ["bb", "bi"] by "tile_b"
    schedule.reorder ["cv", "x", "y", "ct", "bi", "cb", "bb"]
    schedule.vectorize "cv"
    schedule.gpu_blocks ["cb", "bb"]
    schedule.gpu_threads ["ct", "bi"]
  }
  schedule.update "pointwise_sum" {
    schedule.split "kc" into ["step", "slice"] by "slices" tail guard_with_if
    schedule.rfactor "slice" as "part"
    schedule.split "c" into ["ct", "cv"] by "lanes"
    schedule.reorder ["cv", "slice", "x", "y", "ct", "b"]
    schedule.vectorize "cv"
    schedule.unroll "slice" by "8"
    schedule.gpu_threads ["ct", "b"]
  }
  schedule.update "part_sum" {
    schedule.split "step" into ["steps", "unrolled"] by "min(8, ceil(pointwise_sum.kc, slices))" tail guard_with_if
    schedule.reorder ["c", "x", "y", "b", "unrolled", "steps", "slice"]
    schedule.vectorize "c"
    schedule.unroll "b"
    schedule.unroll "unrolled"
  }
  schedule.stage "pointwise_sum" {
    schedule.wrap "weight" as "filter" by "lanes"
    schedule.compute_at "pointwise" loop "cb"
    schedule.store_in register
    schedule.bound_extent "c" extent "lanes_c * lanes"
    schedule.bound_extent "b" extent "tile_b"
    schedule.split "c" into ["ct", "cv"] by "lanes"
    schedule.reorder ["cv", "x", "y", "ct", "b"]
    schedule.vectorize "cv"
    schedule.gpu_threads ["ct", "b"]
  }
  schedule.stage "part" {
    schedule.compute_at "pointwise" loop "cb"
    schedule.store_in gpu_shared
    // Slices must not begin in the same banks.
    schedule.align_storage "b" by "tile_b + 1 - tile_b % 2"
    schedule.bound_extent "c" extent "lanes_c * lanes"
    schedule.bound_extent "b" extent "tile_b"
    schedule.split "c" into ["ct", "cv"] by "lanes"
    schedule.reorder ["cv", "x", "y", "b", "ct", "slice"]
    schedule.vectorize "cv"
    schedule.unroll "b"
    schedule.gpu_threads ["ct", "slice"]
  }
  schedule.stage "part_sum" {
    schedule.compute_at "part" loop "ct"
    schedule.store_in register
    schedule.reorder ["c", "x", "y", "b"]
    schedule.vectorize "c"
    schedule.unroll "b"
  }
  // Nothing beyond the last channel.
  schedule.stage "filter" {
    schedule.compute_inline
  }
}

// Pointwise (1x1) convolution. A block computes a tile of positions by a tile of output channels, as a product of
// matrices: for one chunk of the channels that are added up after the other, its threads load the input and the filter
// into shared memory, and multiply them from there; the sums stay in registers.
//
// A thread adds up tile_y x tile_x positions by `lanes` channels. Neighbouring threads have neighbouring channels,
// then neighbouring positions: they read the same words of the input or words of different banks, and the filter and
// their results in whole lines. See separable.mlir for the costs.

schedule.schedule @pointwise for ["pointwise"] {
  schedule.param "lanes" in "[8, 4, 2, 1]" minimize "0 - lanes"
    when "lanes * pointwise.bytes <= vector_bytes && pointwise.c % lanes == 0"
  schedule.param "lanes_in" in "[8, 4, 2, 1]" minimize "0 - lanes_in"
    when "lanes_in * pointwise.bytes <= vector_bytes && pointwise_sum.kc % lanes_in == 0"
  // The channels of a step: 32 are the banks of shared memory.
  schedule.param "chunk" in "range(1, 64)" minimize "ceil(pointwise_sum.kc, chunk) * (chunk + 8 + select(chunk * pointwise_sum.bytes % (4 * shared_banks) == 0, 0, 4))"
    when "chunk % lanes_in == 0 && chunk <= 32"
  schedule.param "step" in "[4, 2, 1]" when "chunk % step == 0"

  // 100 * tile_y + tile_x, at most 32 sums of a thread. A step of a thread costs its products and the loads of
  // `lanes` words of the filter, four times as much, and of a word for each position; rounds of threads run on the
  // 128 lanes of each multiprocessor.
  schedule.param "micro" in "range(101, 832)"
    minimize "ceil(pointwise.b * ceil(pointwise.y, micro / 100) * ceil(pointwise.x, micro % 100) * ceil(pointwise.c, lanes), 128 * sms) * (micro / 100 * (micro % 100) * (lanes + 1) + 2 * lanes)"
    when "micro % 100 >= 1 && micro % 100 <= min(7, pointwise.x) && micro / 100 <= pointwise.y && micro / 100 * (micro % 100) * lanes <= 32"
  schedule.param "tile_x" = "micro % 100"
  schedule.param "tile_y" = "micro / 100"
  schedule.param "threads_c" in "[32, 16, 8, 4, 2, 1]"
    minimize "ceil(pointwise.c, threads_c * lanes) * (threads_c * lanes + 8)"
  schedule.param "tile_c" = "threads_c * lanes"
  // A warp has 16 of them, so that two tiles of positions share what it reads of the filter.
  schedule.param "lanes_c" = "min(threads_c, 16)"

  // 100 * groups_y + groups_x: what a block's threads have of positions, and what of shared memory.
  // All rows are whole vectors.
  schedule.param "vector" = "max(1, vector_bytes / pointwise_sum.bytes)"
  schedule.param "row" = "ceil(chunk, vector) * vector"
  schedule.param "filter_bytes" = "chunk * pointwise_sum.bytes * ceil(tile_c, vector) * vector"
  schedule.param "groups" in "range(101, 1632)"
    minimize "ceil(pointwise.b * ceil(pointwise.y, groups / 100 * tile_y) * ceil(pointwise.x, groups % 100 * tile_x) * ceil(pointwise.c, tile_c), sms) * (max(ceil(groups / 100 * (groups % 100) * threads_c, warp) * warp, 128) * (tile_y * tile_x * (lanes + 1) + 2 * lanes) + 10 * (((groups / 100 * tile_y - 1) * pointwise_sum.stride_y + 1) * ((groups % 100 * tile_x - 1) * pointwise_sum.stride_x + 1) + tile_c) + 500)"
    when "groups % 100 >= 1 && groups % 100 <= 16 && groups / 100 * (groups % 100) * threads_c <= default_threads && (groups % 100 - 1) * tile_x < pointwise.x && (groups / 100 - 1) * tile_y < pointwise.y && (groups / 100 * (groups % 100) % 2 == 0 || groups == 101 || threads_c <= lanes_c) && (groups % 100 > 1 || groups / 100 == 1 || tile_y * tile_x % 8 != 0) && filter_bytes + pointwise_sum.bytes * max(chunk + lanes_in, row + vector) * ((groups / 100 * tile_y - 1) * pointwise_sum.stride_y + 1) * ((groups % 100 * tile_x - 1) * pointwise_sum.stride_x + 1) <= shared_bytes"
  schedule.param "groups_y" = "groups / 100"
  schedule.param "groups_x" = "groups % 100"
  schedule.param "size_y" = "groups_y * tile_y"
  schedule.param "size_x" = "groups_x * tile_x"
  // How far apart the positions of the input are stored. Those that a warp reads, or a quarter of it
  // where it reads four channels at once, must not lie in the same banks, and what it writes should be in one piece.
  schedule.param "next" = "select(groups_x > 1, pointwise_sum.stride_x, pointwise_sum.stride_y * ((size_x - 1) * pointwise_sum.stride_x + 1)) * pointwise_sum.bytes"
  schedule.param "pitch" in "[row, row + vector]"
    minimize "select(next * pitch * warp / lanes_c / 2 % (4 * shared_banks) == 0, 2, 0) + select(lanes_c < 8 && next * pitch * 4 / lanes_c % (4 * shared_banks) == 0, 4, 0) + (pitch - row) * select(chunk * pointwise_sum.bytes % (4 * shared_banks) == 0, 0, 1) / vector"
  schedule.param "threads" = "groups_y * groups_x * threads_c"

  // Blocks with 512 threads in all, or as many whole ones as that, share a multiprocessor's registers, so that one works
  // while another one loads. Registers are given by eights.
  schedule.param "warps" = "ceil(threads, warp)"
  schedule.budget registers "registers_per_sm / (2 * default_threads / (warps * warp) * warps * warp) / 8 * 8" shared_bytes "shared_bytes"

  schedule.stage "pointwise" {
    schedule.split "c" into ["cb", "ci"] by "tile_c" tail guard_with_if
    schedule.split "ci" into ["ctw", "cv"] by "lanes"
    schedule.split "ctw" into ["cw", "ct"] by "lanes_c"
    schedule.split "x" into ["xb", "xi"] by "size_x" tail guard_with_if
    schedule.split "xi" into ["xv", "xt"] by "groups_x"
    schedule.split "y" into ["yb", "yi"] by "size_y" tail guard_with_if
    schedule.split "yi" into ["yv", "yt"] by "groups_y"
    schedule.reorder ["cv", "xv", "yv", "ct", "xt", "yt", "cw", "cb", "xb", "yb", "b"]
    schedule.fuse ["xt", "yt"] into "group"
    schedule.fuse ["xb", "yb"] into "part"
    schedule.vectorize "cv"
    schedule.unroll "xv"
    schedule.unroll "yv"
    schedule.gpu_blocks ["cb", "part", "b"]
    schedule.gpu_threads ["ct", "group", "cw"]
  }
  schedule.update "pointwise_sum" {
    schedule.split "c" into ["ctw", "cv"] by "lanes"
    schedule.split "ctw" into ["cw", "ct"] by "lanes_c"
    schedule.split "x" into ["xv", "xt"] by "groups_x"
    schedule.split "y" into ["yv", "yt"] by "groups_y"
    schedule.split "kc" into ["ko", "ki"] by "chunk" tail guard_with_if
    schedule.split "ki" into ["kt", "kv"] by "step"
    schedule.reorder ["cv", "xv", "yv", "kv", "kt", "ct", "xt", "yt", "cw", "ko", "b"]
    schedule.fuse ["xt", "yt"] into "group"
    schedule.vectorize "cv"
    schedule.unroll "xv"
    schedule.unroll "yv"
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
    schedule.split "c" into ["ctw", "cv"] by "lanes"
    schedule.split "ctw" into ["cw", "ct"] by "lanes_c"
    schedule.split "x" into ["xv", "xt"] by "groups_x"
    schedule.split "y" into ["yv", "yt"] by "groups_y"
    schedule.reorder ["cv", "xv", "yv", "ct", "xt", "yt", "cw", "b"]
    schedule.fuse ["xt", "yt"] into "group"
    schedule.vectorize "cv"
    schedule.unroll "xv"
    schedule.unroll "yv"
    schedule.gpu_threads ["ct", "group", "cw"]
  }
  schedule.stage "filter" {
    schedule.compute_at "pointwise_sum" loop "ko"
    schedule.store_in gpu_shared
    schedule.align_storage "c" by "vector"
    schedule.bound_extent "kc" extent "chunk"
    schedule.split "c" into ["co", "ci"] by "lanes"
    schedule.fuse ["co", "kc"] into "all"
    schedule.split "all" into ["s", "t"] by "threads" tail guard_with_if
    schedule.split "t" into ["tyz", "tx"] by "lanes_c"
    schedule.split "tyz" into ["tz", "ty"] by "groups_y * groups_x"
    schedule.reorder ["ci", "tx", "ty", "tz", "s"]
    schedule.vectorize "ci"
    schedule.gpu_threads ["tx", "ty", "tz"]
  }
  schedule.stage "tile" {
    schedule.compute_at "pointwise_sum" loop "ko"
    schedule.store_in gpu_shared
    schedule.align_storage "kc" by "pitch"
    schedule.bound_extent "kc" extent "chunk"
    schedule.split "kc" into ["co", "ci"] by "lanes_in"
    schedule.fuse ["co", "x"] into "cx"
    schedule.fuse ["cx", "y"] into "all"
    schedule.split "all" into ["s", "t"] by "threads" tail guard_with_if
    schedule.split "t" into ["tyz", "tx"] by "lanes_c"
    schedule.split "tyz" into ["tz", "ty"] by "groups_y * groups_x"
    schedule.reorder ["ci", "tx", "ty", "tz", "s"]
    schedule.vectorize "ci"
    schedule.gpu_threads ["tx", "ty", "tz"]
  }
}
