// Dense convolution: the microkernel, walked over the window. The padded rows that one output row needs are
// copied into the cache first, so that the inner loops have no borders.

schedule.schedule @conv for ["conv"] {
  schedule.use @register_tile("conv", "conv_sum.ky * conv_sum.kx * conv_sum.kc")
  schedule.param "packed" = "conv_sum.weight && conv.c % tile_c == 0"
  schedule.param "padded" = "0"

  schedule.stage "conv" {
    schedule.split "c" into ["ct", "ci"] by "tile_c" tail shift_inwards
    schedule.use @tiles_of_a_row()
  }
  schedule.update "conv_sum" {
    schedule.use @add_terms(["kc", "kx", "ky"])
  }
  schedule.use @sums_in_registers("conv")
  schedule.stage "pad" {
    schedule.compute_at "conv" loop "rows"
  }
}

schedule.define @tiles_of_a_row() {
  schedule.split "x" into ["xo", "xi"] by "tile_x" tail shift_inwards
  schedule.reorder ["ci", "xi", "xo", "ct", "y", "b"]
  schedule.fuse ["y", "b"] into "rows"
  schedule.vectorize "ci" by "lanes"
  schedule.unroll "ci"
  schedule.unroll "xi"
  schedule.parallel "rows" {when = "threads"}
}
