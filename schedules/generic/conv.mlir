// Dense convolution: the microkernel, walked over the window. The padded rows that a group of output rows
// needs are copied into the cache first, so that the inner loops have no borders.

schedule.schedule @conv for ["conv"] {
  schedule.use @conv_of_floats()
}

// Elementwise operations, as they scale the pixels of an image, are computed where the rows are copied.
schedule.schedule @scaled_conv for ["elementwise", "conv"] {
  schedule.require "conv_sum.padded"
  schedule.stage "elementwise" {
    schedule.compute_inline
  }
  schedule.use @conv_of_floats()
}

schedule.define @conv_of_floats() {
  schedule.use @register_tile("conv", "conv_sum.ky * conv_sum.kx * conv_sum.kc")
  schedule.use @packed_weights("conv")
  schedule.use @groups_of_windows("conv.bytes")
  schedule.stage "conv" {
    schedule.use @tile_loops("conv", "x", [])
  }
  schedule.update "conv_sum" {
    schedule.use @add_terms(["kc", "kx", "ky"])
  }
  schedule.use @sums_in_registers("conv")
  schedule.stage "pad" {
    schedule.compute_at "conv" loop "rows"
    // LLVM copies rows of many channels by memmove, but those of 3 one by one: 224x224x3 -> 32, stride 2,
    // takes 20 % less time with the whole position at once.
    schedule.unroll "c" {when = "conv_sum.input_c <= 8"}
  }
}

// How many rows share the weights, whose elements have BYTES bytes, as the input's have. A row of windows has
// stride_y rows of the input that the one before it has not read.
schedule.define @groups_of_windows(BYTES) {
  schedule.param "input_x" = "(conv.x - 1) * conv_sum.stride_x + (conv_sum.kx - 1) * conv_sum.dilation_x + 1"
  schedule.param "window_y" = "(conv_sum.ky - 1) * conv_sum.dilation_y + 1"
  schedule.param "input_bytes" = "input_x * conv_sum.input_c * BYTES"
  schedule.use @stored_row_group("conv", "input_bytes * conv_sum.stride_y",
    "conv_sum.ky * conv_sum.kx * conv_sum.kc * conv.c * BYTES",
    "conv_sum.padded * max(0, window_y - conv_sum.stride_y) * input_bytes")
  // Where the rows of an image are one group, the tiles of channels are the tasks.
  schedule.param "separate" = "conv.c % tile_c == 0 || padded"
  schedule.param "columns" = "threads && conv.b * conv.y / tile_y < 4 && separate"
}
