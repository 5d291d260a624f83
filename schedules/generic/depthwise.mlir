// Depthwise convolution alone: vectors of channels, neighbouring positions of a row side by side so
// that they share the weights in registers and the inputs that their windows have in common. The sums
// stay in registers while the window is walked over.

schedule.schedule @depthwise for ["depthwise"] {
  schedule.param "lanes" in "[64, 32, 16, 8, 4, 2, 1]" minimize "0 - lanes"
    when "lanes * depthwise_sum.bytes <= vector_bytes && lanes <= depthwise.least_c"
  // All channels of unroll_x positions before the next positions: what comes next is in the cache lines
  // that follow, which the hardware fetches ahead, for a few dozen places at once. With one vector of
  // channels of the whole row, 56x56x128 took 35 % longer; with all channels of 14 positions instead
  // of 8, 8 %. Larger windows would load too many weights again (7x7: 8 %).
  schedule.param "channels_inside" = "depthwise_sum.ky * depthwise_sum.kx <= 9"
  schedule.param "streamed" = "channels_inside && depthwise_sum.dilation_x == 1 && depthwise.b * depthwise.y * depthwise.x * depthwise.c * depthwise.bytes * (1 + depthwise_sum.stride_y * depthwise_sum.stride_x) > l2_bytes"
  // Neighbouring positions are a pitch apart. A multiple of 512 bytes maps the lines of a tile, those of its window,
  // its weights and its results, to few sets of the first level's cache, whose ways are of 4 KiB: what
  // does not fit is driven out before the next channels use it. 14x14x512 takes 32 %, with stride 2 37 % less
  // time with a position at a time than with 14 (Zen 5, 0.0245 and 0.0167 ms, 0.0118 and 0.0074 ms).
  schedule.param "pitch" = "depthwise.c * depthwise.bytes"
  schedule.param "l1_lines" = "l1_bytes / 4096 * select(pitch % 4096 == 0, 1, select(pitch % 2048 == 0, 2, select(pitch % 1024 == 0, 4, select(pitch % 512 == 0, 8, 64))))"
  schedule.param "unroll_x" in "range(1, 16)"
    minimize "ceil(depthwise.x, unroll_x) * (unroll_x * 10 + 10)"
    when "unroll_x <= depthwise.least_x && (unroll_x + 10 <= registers || unroll_x <= 4) && (unroll_x <= 8 || !streamed) && (unroll_x == 1 || !channels_inside || depthwise_sum.ky * ((unroll_x - 1) * depthwise_sum.stride_x + (depthwise_sum.kx - 1) * depthwise_sum.dilation_x + 1) + depthwise_sum.ky * depthwise_sum.kx + unroll_x <= l1_lines)"
  schedule.stage "depthwise" {
    schedule.split "c" into ["co", "ci"] by "lanes" tail shift_inwards
    schedule.split "x" into ["xo", "xi"] by "unroll_x" tail shift_inwards
    schedule.reorder ["ci", "xi", "xo", "co", "y", "b"]
    schedule.reorder ["co", "xo"] {when = "channels_inside"}
    schedule.rename "xo" to "tile" {when = "!channels_inside"}
    schedule.rename "co" to "tile" {when = "channels_inside"}
    schedule.fuse ["y", "b"] into "rows"
    schedule.vectorize "ci"
    schedule.unroll "xi"
    schedule.parallel "rows" {when = "threads"}
  }
  schedule.update "depthwise_sum" {
    schedule.reorder ["c", "x", "kx", "ky"]
    schedule.vectorize "c" by "lanes"
    schedule.unroll "x"
    schedule.unroll "kx" {when = "depthwise_sum.kx <= 15"}
    schedule.unroll "ky" {when = "depthwise_sum.ky * depthwise_sum.kx <= 9"}
  }
  schedule.stage "depthwise_sum" {
    schedule.compute_at "depthwise" loop "tile"
    schedule.store_in stack
    schedule.reorder ["c", "x"]
    schedule.vectorize "c" by "lanes"
    schedule.unroll "x"
  }
}
