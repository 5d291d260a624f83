// Pointwise (1x1) convolution: the microkernel on the input itself.

schedule.schedule @pointwise for ["pointwise"] {
  schedule.use @register_tile("pointwise", "pointwise_sum.kc")
  schedule.use @packed_weights("pointwise")
  schedule.param "channel_bytes" = "pointwise_sum.kc * pointwise.bytes"
  schedule.use @row_group("pointwise", "pointwise.x * channel_bytes", "pointwise.c * channel_bytes",
    "0", "l2_bytes / 3")
  // Tiles that are moved inwards overlap, and tasks must not write the same.
  schedule.param "separate" = "pointwise.c % tile_c == 0 || padded"
  schedule.param "columns" = "threads && pointwise.b * pointwise.y / tile_y < 4 && separate"

  schedule.stage "pointwise" {
    schedule.use @tile_loops("pointwise", "x", [])
  }
  schedule.update "pointwise_sum" {
    schedule.use @add_terms(["kc"])
  }
  schedule.use @sums_in_registers("pointwise")
}
