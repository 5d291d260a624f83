// Pointwise (1x1) convolution: the product of the input itself. See multiply.mlir for how, and for the costs.

schedule.schedule @pointwise for ["pointwise"] {
  schedule.use @lanes("lanes", "pointwise.bytes", "pointwise.c")
  schedule.use @lanes("lanes_in", "pointwise.bytes", "pointwise_sum.kc")
  schedule.use @thread_tile("pointwise_sum", "pointwise_sum.kc", "32", "8")
  schedule.param "window_y" = "0"
  schedule.param "window_x" = "0"
  schedule.param "filter_elements" = "chunk * ceil(tile_c, vector) * vector"
  schedule.param "position_elements" = "max(chunk + lanes_in, row + vector)"
  schedule.use @block_tile("pointwise_sum",
      "pointwise_sum.bytes * (filter_elements + position_elements * input_y * input_x)", "0")
  schedule.param "input_row" = "(size_x - 1) * pointwise_sum.stride_x + 1"
  schedule.use @pitch("pointwise_sum",
      "select(groups_x > 1, pointwise_sum.stride_x, pointwise_sum.stride_y * input_row)")
  schedule.use @product()
  schedule.stage "tile" {
    schedule.use @tile_of_chunk()
    schedule.fuse ["co", "x"] into "cx"
    schedule.fuse ["cx", "y"] into "all"
    schedule.use @load_together([])
    schedule.gpu_threads ["tx", "ty", "tz"]
  }
}
