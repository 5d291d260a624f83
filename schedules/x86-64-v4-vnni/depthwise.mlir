// Depthwise convolution of bytes: as that of floats, but for the rows of a window, which vpdpbusd adds up.

schedule.schedule @depthwise_bytes for ["depthwise"] when "depthwise.c <= 4096" {
  schedule.require "depthwise_sum.dot && depthwise_sum.weight && depthwise.c == depthwise_sum.input_c"
  schedule.use @positions_side_by_side()
  schedule.require "lanes >= 4"
  schedule.use @rows_of_positions()
  schedule.use @window_dot_sums("lanes", "vpdpbusd")
}
