// Pointwise (1x1) convolution of bytes.

schedule.schedule @pointwise_bytes for ["pointwise"] when "pointwise_sum.kc >= vpdpbusd_terms" {
  schedule.use @dot_tile("pointwise", "pointwise_sum.kc", "vpdpbusd")
  schedule.use @row_group("pointwise_sum.kc", "1", "l2_bytes / 3")
  schedule.param "columns" = "threads && pointwise.b * pointwise.y / tile_y < 4"

  schedule.stage "pointwise" {
    schedule.split "c" into ["ct", "ci"] by "tile_c" tail shift_inwards {when = "!padded"}
    schedule.split "c" into ["ct", "ci"] by "tile_c" tail guard_with_if {when = "padded"}
    schedule.use @tile_loops("x", [])
  }
  schedule.update "pointwise_sum" {
    schedule.tensorize ["kc"] into "kc" by "vpdpbusd"
    schedule.use @add_terms(["kc"])
  }
  schedule.use @dot_sums("pointwise", "pointwise_sum.signed")
}
