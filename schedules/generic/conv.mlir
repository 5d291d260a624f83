// Dense convolution: the microkernel, walked over the window. The padded rows that one output row needs are
// copied into the cache first, so that the inner loops have no borders.

schedule.schedule @conv for ["conv"] {
  schedule.use @register_tile("conv", "conv_sum.ky * conv_sum.kx * conv_sum.kc", "conv.least_x")
  schedule.param "packed" = "conv_sum.weight && conv.c % tile_c == 0"
  schedule.param "padded" = "0"
  // With threads the padded rows are on the stack of a task, beside its sums. Where they are too large, the
  // output row is cut into pieces of whole tiles, and where those of one tile are, nothing is copied.
  schedule.param "task_bytes" = "stack_bytes * 7 / 8"
  schedule.param "window_y" = "(conv_sum.ky - 1) * conv_sum.dilation_y + 1"
  schedule.param "window_x" = "(conv_sum.kx - 1) * conv_sum.dilation_x + 1"
  schedule.param "column_bytes" = "select(conv_sum.padded, window_y * pad.c * pad.bytes, 0)"
  schedule.param "whole_row" = "(conv.x - 1) * conv_sum.stride_x + window_x"
  schedule.param "cut" = "threads && whole_row * column_bytes > task_bytes"
  schedule.param "most_x" = "select(cut, (task_bytes / column_bytes - window_x) / conv_sum.stride_x + 1, 0)"
  schedule.param "piece" = "min(conv.least_x, max(1, most_x / tile_x) * tile_x)"
  schedule.param "copied" = "!cut || most_x >= tile_x"

  schedule.stage "conv" {
    schedule.split "c" into ["ct", "ci"] by "tile_c" tail shift_inwards
    schedule.split "x" into ["xw", "x"] by "piece" tail shift_inwards {when = "cut"}
    schedule.split "x" into ["xo", "xi"] by "tile_x" tail shift_inwards
    schedule.reorder ["ci", "xi", "xo", "ct", "y", "b"] {when = "!cut"}
    schedule.reorder ["ci", "xi", "xo", "ct", "xw", "y", "b"] {when = "cut"}
    schedule.fuse ["y", "b"] into "rows"
    schedule.vectorize "ci" by "lanes"
    schedule.unroll "ci"
    schedule.unroll "xi"
    schedule.parallel "rows" {when = "threads"}
    schedule.rename "rows" to "whole_rows" {when = "cut"}
    schedule.rename "xw" to "rows" {when = "cut"}
  }
  schedule.update "conv_sum" {
    schedule.use @add_terms(["kc", "kx", "ky"])
  }
  schedule.use @sums_in_registers("conv")
  schedule.stage "pad" {
    schedule.compute_at "conv" loop "rows" {when = "copied"}
  }
}
