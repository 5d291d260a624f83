// Depthwise convolution alone, bound by memory: a thread has 16 bytes of channels and a few neighbouring
// positions, which share the weights in registers and the inputs that their windows have in common.
// Neighbouring threads have neighbouring channels, then positions: whole lines.

schedule.schedule @depthwise for ["depthwise"] {
  schedule.param "lanes" in "[8, 4, 2, 1]" minimize "0 - lanes"
    when "lanes * depthwise.bytes <= vector_bytes && depthwise.c % lanes == 0"
  // Four positions of 3x3 read 18 inputs and 9 weights instead of 36 and 36. Fewer where there would be fewer
  // threads than a GPU needs.
  schedule.param "tile_x" in "divisors(depthwise.factor_x)" minimize "0 - tile_x"
    when "tile_x == 1 || (tile_x * lanes <= 16 && depthwise.b * depthwise.y * depthwise.x * depthwise.c / lanes / tile_x >= sms * default_threads)"
  // Halide cannot divide by an open size: a row is blocks of its own then.
  schedule.param "threads" = "select(depthwise.open, min(default_threads, ceil(depthwise.c / lanes * (depthwise.x / tile_x), warp) * warp), default_threads)"
  schedule.budget registers "registers_per_sm / (2 * default_threads)" shared_bytes "shared_bytes"
  schedule.stage "depthwise" {
    schedule.split "c" into ["co", "ci"] by "lanes"
    schedule.split "x" into ["xo", "xi"] by "tile_x"
    schedule.reorder ["ci", "xi", "co", "xo", "y", "b"]
    schedule.fuse ["co", "xo"] into "cx"
    schedule.rename "cx" to "all" {when = "depthwise.open"}
    schedule.fuse ["cx", "y"] into "cxy" {when = "depthwise.open == 0"}
    schedule.fuse ["cxy", "b"] into "all" {when = "depthwise.open == 0"}
    schedule.split "all" into ["block", "thread"] by "threads" tail guard_with_if
    schedule.reorder ["ci", "xi", "thread", "block"]
    schedule.vectorize "ci"
    schedule.unroll "xi"
    schedule.gpu_blocks ["block"] {when = "depthwise.open == 0"}
    schedule.gpu_blocks ["block", "y", "b"] {when = "depthwise.open"}
    schedule.gpu_threads ["thread"]
  }
  schedule.update "depthwise_sum" {
    schedule.reorder ["c", "x", "kx", "ky"]
    schedule.vectorize "c"
    schedule.unroll "x"
    schedule.unroll "kx" {when = "depthwise_sum.kx <= 7"}
    schedule.unroll "ky" {when = "depthwise_sum.ky * depthwise_sum.kx <= 9"}
  }
  schedule.stage "depthwise_sum" {
    schedule.compute_at "depthwise" loop "thread"
    schedule.store_in register
    schedule.reorder ["c", "x"]
    schedule.vectorize "c"
    schedule.unroll "x"
  }
}
