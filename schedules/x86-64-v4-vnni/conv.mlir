// Dense convolution of bytes. The rows that one output row needs are copied into the cache first if they are
// padded, or have a sign that vpdpbusd does not read.

schedule.schedule @conv_bytes for ["conv"] {
  schedule.require "conv_sum.kc == conv_sum.input_c"
  // A row of the window is one piece of memory, unless it is dilated.
  schedule.param "whole_rows" = "conv_sum.dilation_x == 1"
  schedule.require "select(whole_rows, conv_sum.kx, 1) * conv_sum.kc >= vpdpbusd_terms"
  schedule.use @dot_tile("conv", "conv_sum.ky * conv_sum.kx * conv_sum.kc", "vpdpbusd")

  schedule.stage "conv" {
    schedule.split "c" into ["ct", "ci"] by "tile_c" tail shift_inwards {when = "!padded"}
    schedule.split "c" into ["ct", "ci"] by "tile_c" tail guard_with_if {when = "padded"}
    schedule.use @tiles_of_a_row()
  }
  schedule.update "conv_sum" {
    schedule.tensorize ["kc", "kx"] into "kc" by "vpdpbusd" {when = "whole_rows"}
    schedule.tensorize ["kc"] into "kc" by "vpdpbusd" {when = "!whole_rows"}
    schedule.reorder ["c", "x", "kc", "ky"] {when = "whole_rows"}
    schedule.reorder ["c", "x", "kc", "kx", "ky"] {when = "!whole_rows"}
    schedule.vectorize "c" by "lanes"
    schedule.unroll "c"
    schedule.unroll "x"
  }
  schedule.use @dot_sums("conv", "conv_sum.signed || conv_sum.padded")
}
