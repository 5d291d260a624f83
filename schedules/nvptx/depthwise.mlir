// Depthwise convolution alone, bound by memory: a thread has 16 bytes of channels and a few neighbouring
// positions, which share the weights in registers and the inputs that their windows have in common.
// Neighbouring threads have neighbouring channels, then positions: whole lines.

schedule.schedule @depthwise for ["depthwise"] {
  schedule.use @lanes("lanes", "depthwise.bytes", "depthwise.c")
  // Four positions of 3x3 read 18 inputs and 9 weights instead of 36 and 36. Fewer where there would be fewer
  // threads than a GPU needs.
  schedule.param "vectors" = "depthwise.b * depthwise.y * depthwise.x * depthwise.c / lanes"
  schedule.search ["tile_x"] in ["divisors(depthwise.factor_x, 16)"] {
    schedule.require "tile_x == 1 || (tile_x * lanes <= 16 && vectors / tile_x >= sms * default_threads)"
    schedule.minimize "0 - tile_x"
  }
  schedule.use @threads_of_rows("depthwise", "depthwise.x / tile_x")
  schedule.use @blocks_at_a_time("2")
  schedule.stage "depthwise" {
    schedule.split "c" into ["co", "ci"] by "lanes"
    schedule.split "x" into ["xo", "xi"] by "tile_x"
    schedule.reorder ["ci", "xi", "co", "xo", "y", "b"]
    schedule.use @one_loop("depthwise", "xo")
    schedule.reorder ["ci", "xi", "thread", "block"]
    schedule.vectorize "ci"
    schedule.unroll "xi"
    schedule.use @blocks_of_threads("depthwise")
  }
  schedule.update "depthwise_sum" {
    schedule.use @window_update()
  }
  schedule.stage "depthwise_sum" {
    schedule.compute_at "depthwise" loop "thread"
    schedule.store_in register
    schedule.reorder ["c", "x"]
    schedule.vectorize "c"
    schedule.unroll "x"
  }
}
