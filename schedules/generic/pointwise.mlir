// Pointwise (1x1) convolution: the microkernel on the input itself.

schedule.schedule @pointwise for ["pointwise"] {
  schedule.use @register_tile("pointwise", "pointwise_sum.kc")
  schedule.use @packed_weights()
  schedule.use @row_group("pointwise_sum.kc", "pointwise.bytes", "l2_bytes / 3")
  // Tiles that are moved inwards overlap, and tasks must not write the same.
  schedule.param "separate" = "pointwise.c % tile_c == 0 || padded"
  schedule.param "columns" = "threads && pointwise.b * pointwise.y / tile_y < 4 && separate"

  schedule.stage "pointwise" {
    schedule.split "c" into ["ct", "ci"] by "tile_c" tail shift_inwards {when = "!padded"}
    schedule.split "c" into ["ct", "ci"] by "tile_c" tail guard_with_if {when = "padded"}
    schedule.use @tile_loops("x", [])
  }
  schedule.update "pointwise_sum" {
    schedule.use @add_terms(["kc"])
  }
  schedule.use @sums_in_registers("pointwise")
}
