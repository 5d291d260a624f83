// Elementwise operations and a pointwise convolution in one loop nest, as squeeze-and-excite scales the
// channels of an image before they are projected: a few rows are computed into the cache, and multiplied
// from there.

schedule.schedule @scaled_pointwise for ["elementwise", "pointwise"] {
  schedule.use @register_tile("pointwise", "pointwise_sum.kc")
  schedule.use @packed_weights("pointwise")
  schedule.use @groups_of_rows("elementwise", "elementwise")
  schedule.use @tiles_of_rows()
  schedule.update "pointwise_sum" {
    schedule.use @add_terms(["kc"])
  }
  schedule.use @sums_in_registers("pointwise")
  schedule.stage "elementwise" {
    schedule.compute_at "pointwise" loop "xw"
    schedule.use @next_rows("tile_y")
    schedule.split "c" into ["co", "ci"] by "lanes_in" tail shift_inwards
    schedule.reorder ["ci", "co", "x", "y"]
    schedule.vectorize "ci"
    schedule.parallel "co" {when = "columns"}
  }
}
