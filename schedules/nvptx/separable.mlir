// Depthwise and pointwise convolution in one launch. A block computes a tile of positions by a tile of output
// channels, as a product of matrices: for one chunk of the channels that are added up after the other, its threads
// load the input's window and the filters into shared memory, compute the depthwise result of the chunk from there
// to there, and multiply it by the filter; the sums stay in registers. The depthwise result never goes to
// memory. Blocks of other output channels compute it again.
//
// A thread adds up tile_y x tile_x positions by `lanes` channels. Neighbouring threads have neighbouring channels,
// then neighbouring positions: they read the same words of the depthwise result or words of different banks, and the
// filter and their results in whole lines.

schedule.schedule @separable for ["depthwise", "pointwise"] {
  schedule.param "lanes" in "[8, 4, 2, 1]" minimize "0 - lanes"
    when "lanes * pointwise.bytes <= vector_bytes && pointwise.c % lanes == 0"
  schedule.param "lanes_in" in "[8, 4, 2, 1]" minimize "0 - lanes_in"
    when "lanes_in * depthwise.bytes <= vector_bytes && depthwise.c % lanes_in == 0"
  // The channels of a step: 32 are the banks of shared memory.
  schedule.param "chunk" in "range(1, 64)" minimize "ceil(depthwise.c, chunk) * (chunk + 8 + select(chunk * depthwise_sum.bytes % (4 * shared_banks) == 0, 0, 4))"
    when "chunk % lanes_in == 0 && chunk <= 32"
  // Of the input a chunk has as many channels less as the depth multiplier says.
  schedule.param "multiplier" = "depthwise.c / depthwise_sum.input_c"
  schedule.param "chunk_in" = "chunk / multiplier + select(chunk % multiplier == 0, 0, 2)"
  schedule.param "lanes_window" in "[8, 4, 2, 1]" minimize "0 - lanes_window"
    when "lanes_window == 1 || (lanes_window <= lanes_in && chunk % multiplier == 0 && chunk_in % lanes_window == 0 && depthwise_sum.input_c % lanes_window == 0)"
  schedule.param "step" in "[4, 2, 1]" when "chunk % step == 0"

  // 100 * tile_y + tile_x, at most 32 sums of a thread. A step of a thread costs its products and the loads of
  // `lanes` words of the filter, four times as much, and of a word for each position; rounds of threads run on the
  // 128 lanes of each multiprocessor.
  schedule.param "micro" in "range(101, 832)"
    minimize "ceil(pointwise.b * ceil(pointwise.y, micro / 100) * ceil(pointwise.x, micro % 100) * ceil(pointwise.c, lanes), 128 * sms) * (micro / 100 * (micro % 100) * (lanes + 1) + 2 * lanes)"
    when "micro % 100 >= 1 && micro % 100 <= min(7, pointwise.x) && micro / 100 <= pointwise.y && micro / 100 * (micro % 100) * lanes <= select(lanes > 4, 24, 32)"
  schedule.param "tile_x" = "micro % 100"
  schedule.param "tile_y" = "micro / 100"
  // For each position the depthwise result costs as much as 20 channels.
  schedule.param "threads_c" in "[32, 16, 8, 4, 2, 1]"
    minimize "ceil(pointwise.c, threads_c * lanes) * (threads_c * lanes + 20)"
  schedule.param "tile_c" = "threads_c * lanes"
  // A warp has 16 of them, so that two tiles of positions share what it reads of the filter.
  schedule.param "lanes_c" = "min(threads_c, 16)"

  // 100 * groups_y + groups_x: what a block's threads have of positions, and what of shared memory.
  schedule.param "window_y" = "(depthwise_sum.ky - 1) * depthwise_sum.dilation_y"
  schedule.param "window_x" = "(depthwise_sum.kx - 1) * depthwise_sum.dilation_x"
  // All rows are whole vectors.
  schedule.param "vector" = "max(1, vector_bytes / depthwise_sum.bytes)"
  schedule.param "row" = "ceil(chunk, vector) * vector"
  schedule.param "row_in" = "ceil(chunk_in, vector) * vector"
  schedule.param "rest_bytes" = "depthwise_sum.bytes * (chunk * ceil(tile_c, vector) * vector + row * depthwise_sum.ky * depthwise_sum.kx)"
  schedule.param "groups" in "range(101, 1632)"
    minimize "ceil(pointwise.b * ceil(pointwise.y, groups / 100 * tile_y) * ceil(pointwise.x, groups % 100 * tile_x) * ceil(pointwise.c, tile_c), sms) * (max(ceil(groups / 100 * (groups % 100) * threads_c, warp) * warp, 128) * (tile_y * tile_x * (lanes + 1) + 2 * lanes) + 20 * (groups / 100) * (groups % 100) * tile_y * tile_x + 10 * (((groups / 100 * tile_y - 1) * depthwise_sum.stride_y + window_y + 1) * ((groups % 100 * tile_x - 1) * depthwise_sum.stride_x + window_x + 1) + tile_c) + 500)"
    when "groups % 100 >= 1 && groups % 100 <= 16 && groups / 100 * (groups % 100) * threads_c <= default_threads && (groups % 100 - 1) * tile_x < pointwise.x && (groups / 100 - 1) * tile_y < pointwise.y && (groups / 100 * (groups % 100) % 2 == 0 || groups == 101 || threads_c <= lanes_c) && (groups % 100 > 1 || groups / 100 == 1 || tile_y * tile_x % 8 != 0) && rest_bytes + depthwise_sum.bytes * (groups / 100 * (groups % 100) * tile_y * tile_x * max(chunk + lanes_in, row + vector) + row_in * ((groups / 100 * tile_y - 1) * depthwise_sum.stride_y + window_y + 1) * ((groups % 100 * tile_x - 1) * depthwise_sum.stride_x + window_x + 1)) <= shared_bytes"
  schedule.param "groups_y" = "groups / 100"
  schedule.param "groups_x" = "groups % 100"
  schedule.param "size_y" = "groups_y * tile_y"
  schedule.param "size_x" = "groups_x * tile_x"
  // How far apart the positions of the depthwise result are stored. Those that a warp reads, or a quarter of it
  // where it reads four channels at once, must not lie in the same banks, and what it writes should be in one piece.
  schedule.param "next" = "select(groups_x > 1, 1, size_x) * depthwise_sum.bytes"
  schedule.param "pitch" in "[row, row + vector]"
    minimize "select(next * pitch * warp / lanes_c / 2 % (4 * shared_banks) == 0, 2, 0) + select(lanes_c < 8 && next * pitch * 4 / lanes_c % (4 * shared_banks) == 0, 4, 0) + (pitch - row) * select(chunk * depthwise_sum.bytes % (4 * shared_banks) == 0, 0, 1) / vector"
  schedule.param "threads" = "groups_y * groups_x * threads_c"
  // Neighbouring positions of the depthwise result that a thread computes: they share inputs and weights. 16 sums more are
  // what there are registers for.
  schedule.param "unroll_x" in "divisors(size_x)" minimize "ceil(size_y * (size_x / unroll_x) * chunk / lanes_in, threads) * (2 * unroll_x + depthwise_sum.kx)"
    when "unroll_x == 1 || unroll_x * lanes_in <= 16"

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
  schedule.stage "depthwise" {
    schedule.compute_inline
  }
  schedule.stage "tile" {
    schedule.compute_at "pointwise_sum" loop "ko"
    schedule.store_in gpu_shared
    schedule.align_storage "kc" by "pitch"
    schedule.bound_extent "kc" extent "chunk"
    schedule.split "kc" into ["co", "ci"] by "lanes_in"
    schedule.split "x" into ["xo", "xi"] by "unroll_x"
    schedule.reorder ["ci", "xi", "co", "xo", "y", "b"]
    schedule.fuse ["co", "xo"] into "cx"
    schedule.fuse ["cx", "y"] into "all"
    schedule.split "all" into ["s", "t"] by "threads" tail guard_with_if
    schedule.split "t" into ["tyz", "tx"] by "lanes_c"
    schedule.split "tyz" into ["tz", "ty"] by "groups_y * groups_x"
    schedule.reorder ["ci", "xi", "tx", "ty", "tz", "s"]
    schedule.vectorize "ci"
    schedule.unroll "xi"
    schedule.gpu_threads ["tx", "ty", "tz"]
  }
  schedule.update "depthwise_sum" {
    schedule.reorder ["c", "x", "kx", "ky"]
    schedule.vectorize "c"
    schedule.unroll "x"
    schedule.unroll "kx" {when = "depthwise_sum.kx <= 7"}
    schedule.unroll "ky" {when = "depthwise_sum.ky * depthwise_sum.kx <= 9"}
  }
  schedule.stage "depthwise_sum" {
    schedule.wrap "input" as "window" by "lanes_window"
    schedule.wrap "weight" as "taps" by "lanes_in"
    schedule.compute_at "tile" loop "tx"
    schedule.store_in register
    schedule.reorder ["c", "x"]
    schedule.vectorize "c"
    schedule.unroll "x"
  }
  schedule.stage "taps" {
    schedule.compute_at "pointwise_sum" loop "ko"
    schedule.store_in gpu_shared
    schedule.align_storage "c" by "vector"
    schedule.bound_extent "c" extent "chunk"
    schedule.split "c" into ["co", "ci"] by "lanes_in"
    schedule.fuse ["co", "kx"] into "cx"
    schedule.fuse ["cx", "ky"] into "all"
    schedule.split "all" into ["s", "t"] by "threads" tail guard_with_if
    schedule.split "t" into ["tyz", "tx"] by "lanes_c"
    schedule.split "tyz" into ["tz", "ty"] by "groups_y * groups_x"
    schedule.reorder ["ci", "tx", "ty", "tz", "s"]
    schedule.vectorize "ci"
    schedule.gpu_threads ["tx", "ty", "tz"]
  }
  schedule.stage "window" {
    schedule.compute_at "pointwise_sum" loop "ko"
    schedule.store_in gpu_shared
    schedule.align_storage "c" by "vector"
    schedule.bound_extent "c" extent "chunk_in"
    schedule.bound_extent "x" extent "(size_x - 1) * depthwise_sum.stride_x + window_x + 1"
    schedule.bound_extent "y" extent "(size_y - 1) * depthwise_sum.stride_y + window_y + 1"
    schedule.split "c" into ["co", "ci"] by "lanes_window"
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
