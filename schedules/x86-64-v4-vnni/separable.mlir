// Depthwise and pointwise convolution of bytes in one loop nest, as that of floats. The depthwise half stores
// bytes of the sign that the pointwise half reads.

schedule.schedule @separable_bytes for ["depthwise", "pointwise"] when "pointwise_sum.kc >= vpdpbusd_terms" {
  schedule.require "depthwise_sum.dot && depthwise_sum.weight && depthwise.c <= 4096"
  schedule.require "depthwise.c == depthwise_sum.input_c"
  schedule.use @dot_tile("pointwise", "pointwise_sum.kc", "vpdpbusd")
  schedule.use @groups_of_rows()
  schedule.require "lanes_in >= 4"
  schedule.use @tiles_of_rows()
  schedule.update "pointwise_sum" {
    schedule.tensorize ["kc"] into "kc" by "vpdpbusd"
    schedule.use @add_terms(["kc"])
  }
  schedule.use @sums_in_registers("pointwise")
  schedule.use @rows_of_windows()
  schedule.use @window_dot_sums("lanes_in", "vpdpbusd")
}
