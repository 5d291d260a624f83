// Depthwise convolution alone: vectors of channels, neighbouring positions of a row side by side so
// that they share the weights in registers and the inputs that their windows have in common. The sums
// stay in registers while the window is walked over.

schedule.schedule @depthwise for ["depthwise"] {
  schedule.param "lanes" in "[64, 32, 16, 8, 4, 2, 1]" minimize "0 - lanes"
    when "lanes * depthwise_sum.bytes <= vector_bytes && lanes <= depthwise.c"
  schedule.param "unroll_x" in "range(1, 16)"
    minimize "ceil(depthwise.x, unroll_x) * (unroll_x * 10 + 10)"
    when "unroll_x <= depthwise.x && (unroll_x + 10 <= registers || unroll_x <= 4)"
  schedule.stage "depthwise" {
    schedule.split "c" into ["co", "ci"] by "lanes" tail shift_inwards
    schedule.split "x" into ["xo", "xi"] by "unroll_x" tail shift_inwards
    schedule.reorder ["ci", "xi", "xo", "co", "y", "b"]
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
    schedule.compute_at "depthwise" loop "xo"
    schedule.store_in stack
    schedule.reorder ["c", "x"]
    schedule.vectorize "c" by "lanes"
    schedule.unroll "x"
  }
}
