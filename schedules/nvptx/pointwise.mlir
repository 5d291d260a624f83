// Pointwise (1x1) convolution: a thread adds up tile_x positions by `lanes` channels in registers. A warp has the
// same positions and neighbouring channels, so that an input is read once for all of its threads, and the
// filter in whole lines.

schedule.schedule @pointwise for ["pointwise"] {
  schedule.param "lanes" in "[8, 4, 2, 1]" minimize "0 - lanes"
    when "lanes * pointwise.bytes <= vector_bytes && pointwise.c % lanes == 0 && (lanes == 1 || pointwise.c >= lanes * 8)"
  schedule.param "step" in "[4, 2, 1]" when "pointwise_sum.kc % step == 0"
  // A step of a warp costs its multiplications, and eight times as much for a load; rounds of them run on the
  // schedulers, four of each multiprocessor. 8 positions by 4 channels: 128 registers.
  schedule.param "warps" = "pointwise.b * pointwise.y * pointwise.x * ceil(pointwise.c / lanes, warp)"
  schedule.param "tile_x" in "divisors(pointwise.x)"
    minimize "ceil(warps / tile_x, 4 * sms) * (4 * tile_x * lanes + 8 * (4 + tile_x))"
    when "tile_x == 1 || tile_x * lanes <= 32"
  schedule.param "threads_c" = "min(warp, pointwise.c / lanes)"
  schedule.param "groups" = "max(1, 128 / threads_c)"

  schedule.stage "pointwise" {
    schedule.split "c" into ["co", "cv"] by "lanes"
    schedule.split "co" into ["ct", "cth"] by "threads_c" tail guard_with_if
    schedule.split "x" into ["xo", "xi"] by "tile_x"
    schedule.reorder ["cv", "xi", "cth", "xo", "y", "b", "ct"]
    schedule.fuse ["xo", "y"] into "xy"
    schedule.fuse ["xy", "b"] into "all"
    schedule.split "all" into ["tile", "group"] by "groups" tail guard_with_if
    schedule.reorder ["cv", "xi", "cth", "group", "tile", "ct"]
    schedule.vectorize "cv"
    schedule.unroll "xi"
    schedule.gpu_blocks ["tile", "ct"]
    schedule.gpu_threads ["cth", "group"]
  }
  schedule.update "pointwise_sum" {
    schedule.split "kc" into ["ko", "ki"] by "step"
    schedule.reorder ["c", "x", "ki", "ko"]
    schedule.vectorize "c"
    schedule.unroll "x"
    schedule.unroll "ki"
  }
  schedule.stage "pointwise_sum" {
    schedule.compute_at "pointwise" loop "cth"
    schedule.store_in register
    schedule.reorder ["c", "x"]
    schedule.vectorize "c"
    schedule.unroll "x"
  }
}
