// Dense convolution: as pointwise.mlir, walked over the window. The first layer of a network has few
// channels, which are unrolled; others are read by four.

schedule.schedule @conv for ["conv"] {
  schedule.search ["lanes"] in ["[8, 4, 2, 1]"] {
    schedule.require "lanes * conv.bytes <= vector_bytes && conv.c % lanes == 0"
    schedule.require "lanes == 1 || conv.c >= lanes * 8"
  }
  schedule.search ["step"] in ["[4, 3, 2, 1]"] {
    schedule.require "conv_sum.kc % step == 0"
  }
  // A step of a warp costs its multiplications, and eight times as much for a load; rounds of them run on the
  // schedulers of each multiprocessor. 8 positions by 4 channels: 128 registers.
  schedule.param "warps" = "conv.b * conv.y * conv.x * ceil(conv.c / lanes, warp)"
  schedule.search ["tile_x"] in ["divisors(conv.factor_x, 32)"] {
    schedule.require "tile_x == 1 || tile_x * lanes <= 32"
    schedule.minimize "ceil(warps / tile_x, schedulers * sms) * (4 * tile_x * lanes + 8 * (4 + tile_x))"
  }
  schedule.param "threads_c" = "min(warp, conv.c / lanes)"
  schedule.param "groups" = "max(1, 128 / threads_c)"
  schedule.use @blocks_at_a_time("2")
  schedule.stage "conv" {
    schedule.split "c" into ["co", "cv"] by "lanes"
    schedule.split "co" into ["ct", "cth"] by "threads_c" tail guard_with_if
    schedule.split "x" into ["xo", "xi"] by "tile_x"
    schedule.reorder ["cv", "xi", "cth", "xo", "y", "b", "ct"]
    // Halide cannot divide by a dynamic size: a row is blocks of its own then.
    schedule.rename "xo" to "all" {when = "conv.dynamic"}
    schedule.fuse ["xo", "y"] into "xy" {when = "conv.dynamic == 0"}
    schedule.fuse ["xy", "b"] into "all" {when = "conv.dynamic == 0"}
    schedule.split "all" into ["tile", "group"] by "groups" tail guard_with_if
    schedule.reorder ["cv", "xi", "cth", "group", "ct", "tile"] {when = "conv.dynamic"}
    schedule.reorder ["cv", "xi", "cth", "group", "tile", "ct"] {when = "conv.dynamic == 0"}
    schedule.fuse ["ct", "tile"] into "ct_tile" {when = "conv.dynamic"}
    schedule.vectorize "cv"
    schedule.unroll "xi"
    schedule.gpu_blocks ["tile", "ct"] {when = "conv.dynamic == 0"}
    schedule.gpu_blocks ["ct_tile", "y", "b"] {when = "conv.dynamic"}
    schedule.gpu_threads ["cth", "group"]
  }
  schedule.update "conv_sum" {
    schedule.split "kc" into ["ko", "ki"] by "step"
    schedule.reorder ["c", "x", "ki", "ko", "kx", "ky"]
    schedule.vectorize "c"
    schedule.unroll "x"
    schedule.unroll "ki"
  }
  schedule.stage "conv_sum" {
    schedule.compute_at "conv" loop "cth"
    schedule.store_in register
    schedule.reorder ["c", "x"]
    schedule.vectorize "c"
    schedule.unroll "x"
  }
}
