// Dense convolution: the microkernel of separable.mlir, walked over the window. The padded rows that
// one output row needs are copied into the cache first, so that the inner loops have no borders.

schedule.schedule @conv for ["conv"] {
  schedule.param "lanes" in "[64, 32, 16, 8, 4, 2, 1]" minimize "0 - lanes"
    when "lanes * conv_sum.bytes <= vector_bytes && lanes <= conv.least_c"
  schedule.param "micro" in "range(101, 832)"
    minimize "ceil(conv.c, micro / 100 * lanes) * select(conv.least_x == conv.x, 16 * ceil(conv.x, micro % 100), 8 * (conv.least_x + conv.x + micro % 100 - 1) / (micro % 100)) * (max(max((micro / 100) * (micro % 100), micro / 100 * select(micro / 100 * lanes * conv_sum.ky * conv_sum.kx * conv_sum.kc * conv.bytes > l1_bytes / 2, 3, 1) + micro % 100), 8) + 2)"
    when "micro % 100 >= 1 && micro % 100 <= conv.least_x && micro / 100 * lanes <= conv.least_c && (micro / 100) * (micro % 100) + micro / 100 + 1 <= registers"
  schedule.param "tile_c" = "micro / 100 * lanes"
  schedule.param "tile_x" = "micro % 100"
  schedule.param "packed" = "conv_sum.weight && conv.c % tile_c == 0"

  schedule.stage "conv" {
    schedule.split "c" into ["ct", "ci"] by "tile_c" tail shift_inwards
    schedule.split "x" into ["xo", "xi"] by "tile_x" tail shift_inwards
    schedule.reorder ["ci", "xi", "xo", "ct", "y", "b"]
    schedule.fuse ["y", "b"] into "rows"
    schedule.vectorize "ci" by "lanes"
    schedule.unroll "ci"
    schedule.unroll "xi"
    schedule.parallel "rows" {when = "threads"}
  }
  schedule.update "conv_sum" {
    schedule.reorder ["c", "x", "kc", "kx", "ky"]
    schedule.vectorize "c" by "lanes"
    schedule.unroll "c"
    schedule.unroll "x"
  }
  schedule.stage "conv_sum" {
    schedule.compute_at "conv" loop "xo"
    schedule.store_in stack
    schedule.pack "c" by "tile_c" {when = "packed"}
    schedule.reorder ["c", "x"]
    schedule.vectorize "c" by "lanes"
    schedule.unroll "c"
    schedule.unroll "x"
  }
  schedule.stage "pad" {
    schedule.compute_at "conv" loop "rows"
  }
}
