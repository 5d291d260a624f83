// Depthwise convolution alone: vectors of channels, neighbouring positions of a row side by side so
// that they share the weights in registers and the inputs that their windows have in common. The sums
// stay in registers while the window is walked over.

schedule.schedule @depthwise for ["depthwise"] {
  schedule.use @positions_side_by_side()
  schedule.use @rows_of_positions()
  schedule.use @window_sums("lanes")
}

// How many neighbouring positions are computed together.
schedule.define @positions_side_by_side() {
  schedule.use @lanes("lanes", "depthwise_sum", "depthwise")
  // All channels of unroll_x positions before the next positions: what comes next is in the cache lines that
  // follow, which the hardware fetches ahead, for a few dozen places at once. With one vector of channels of
  // the whole row, 56x56x128 took 35 % longer; with all channels of 14 positions instead of 8, 8 %. Larger
  // windows would load too many weights again (7x7: 8 %).
  schedule.param "channels_inside" = "depthwise_sum.ky * depthwise_sum.kx <= 9"
  schedule.param "elements" = "depthwise.b * depthwise.y * depthwise.x * depthwise.c"
  schedule.param "read_and_written" = "1 + depthwise_sum.stride_y * depthwise_sum.stride_x"
  schedule.param "large" = "elements * depthwise.bytes * read_and_written > l2_bytes"
  schedule.param "streamed" = "channels_inside && depthwise_sum.dilation_x == 1 && large"
  // Neighbouring positions are a pitch apart. A multiple of 512 bytes maps the lines of a tile, those of its
  // window, its weights and its results, to few sets of the first level's cache, whose ways are of 4 KiB:
  // what does not fit is driven out before the next channels use it. 14x14x512 takes 32 %, with stride 2 37 %
  // less time with a position at a time than with 14 (Zen 5, 0.0245 and 0.0167 ms, 0.0118 and 0.0074 ms).
  schedule.param "pitch" = "depthwise.c * depthwise.bytes"
  schedule.param "few_sets" = "select(pitch % 1024 == 0, 4, select(pitch % 512 == 0, 8, 64))"
  schedule.param "sets" = "select(pitch % 4096 == 0, 1, select(pitch % 2048 == 0, 2, few_sets))"
  schedule.param "l1_lines" = "l1_bytes / 4096 * sets"
  schedule.search ["unroll_x"] in ["range(1, 16)"] {
    schedule.require "unroll_x <= depthwise.least_x"
    schedule.require "unroll_x + 10 <= registers || unroll_x <= 4"
    schedule.require "unroll_x <= 8 || !streamed"
    schedule.let "window_x" = "(depthwise_sum.kx - 1) * depthwise_sum.dilation_x + 1"
    schedule.let "input_x" = "(unroll_x - 1) * depthwise_sum.stride_x + window_x"
    schedule.let "lines" = "depthwise_sum.ky * (input_x + depthwise_sum.kx) + unroll_x"
    schedule.require "unroll_x == 1 || !channels_inside || lines <= l1_lines"
    schedule.minimize "ceil(depthwise.x, unroll_x) * (unroll_x * 10 + 10)"
  }
}

schedule.define @rows_of_positions() {
  schedule.stage "depthwise" {
    schedule.use @window_loops("lanes", ["b"])
    schedule.fuse ["y", "b"] into "rows"
    schedule.vectorize "ci"
    schedule.unroll "xi"
    schedule.parallel "rows" {when = "threads"}
  }
}
