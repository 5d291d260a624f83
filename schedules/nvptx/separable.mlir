// Depthwise and pointwise convolution in one launch: for one chunk of the channels after the other, the
// threads of a block load the input's window and the filters into shared memory, compute the depthwise result
// of the chunk from there to there, and multiply it by the filter, as multiply.mlir says. The depthwise
// result never goes to memory. Blocks of other output channels compute it again.

schedule.schedule @separable for ["depthwise", "pointwise"] {
  schedule.use @lanes("lanes", "pointwise.bytes", "pointwise.c")
  schedule.use @lanes("lanes_in", "depthwise.bytes", "depthwise.c")
  // For each position the depthwise result costs as much as 20 channels.
  schedule.use @thread_tile("depthwise_sum", "depthwise.c", "select(lanes > 4, 24, 32)", "20")
  // Of the input a chunk has as many channels less as the depth multiplier says.
  schedule.param "multiplier" = "depthwise.c / depthwise_sum.input_c"
  schedule.param "chunk_in" = "chunk / multiplier + select(chunk % multiplier == 0, 0, 2)"
  schedule.search ["lanes_window"] in ["[8, 4, 2, 1]"] {
    schedule.let "divides" = "chunk_in % lanes_window == 0 && depthwise_sum.input_c % lanes_window == 0"
    schedule.require "lanes_window == 1 || (lanes_window <= lanes_in && chunk % multiplier == 0 && divides)"
  }
  schedule.param "window_y" = "(depthwise_sum.ky - 1) * depthwise_sum.dilation_y"
  schedule.param "window_x" = "(depthwise_sum.kx - 1) * depthwise_sum.dilation_x"
  schedule.param "row_in" = "ceil(chunk_in, vector) * vector"
  schedule.param "filter_elements" = "chunk * ceil(tile_c, vector) * vector"
  schedule.param "taps_elements" = "row * depthwise_sum.ky * depthwise_sum.kx"
  schedule.param "rest_bytes" = "depthwise_sum.bytes * (filter_elements + taps_elements)"
  schedule.param "position_elements" = "tile_y * tile_x * max(chunk + lanes_in, row + vector)"
  schedule.use @block_tile("depthwise_sum",
      "rest_bytes + depthwise_sum.bytes * (groups * position_elements + row_in * input_y * input_x)",
      "20 * groups * tile_y * tile_x")
  schedule.use @pitch("depthwise_sum", "select(groups_x > 1, 1, size_x)")
  // Neighbouring positions of the depthwise result that a thread computes: they share inputs and weights. 16
  // sums more are what there are registers for.
  schedule.search ["unroll_x"] in ["divisors(size_x)"] {
    schedule.require "unroll_x == 1 || unroll_x * lanes_in <= 16"
    schedule.let "rounds" = "ceil(size_y * (size_x / unroll_x) * chunk / lanes_in, threads)"
    schedule.minimize "rounds * (2 * unroll_x + depthwise_sum.kx)"
  }
  schedule.use @product()
  schedule.stage "depthwise" {
    schedule.compute_inline
  }
  schedule.stage "tile" {
    schedule.use @tile_of_chunk()
    schedule.split "x" into ["xo", "xi"] by "unroll_x"
    schedule.reorder ["ci", "xi", "co", "xo", "y", "b"]
    schedule.fuse ["co", "xo"] into "cx"
    schedule.fuse ["cx", "y"] into "all"
    schedule.use @load_together(["xi"])
    schedule.unroll "xi"
    schedule.gpu_threads ["tx", "ty", "tz"]
  }
  schedule.update "depthwise_sum" {
    schedule.use @window_update()
  }
  schedule.stage "depthwise_sum" {
    schedule.wrap "input" as "window" by "lanes_window"
    schedule.wrap "weight" as "taps" by "lanes_in"
    schedule.compute_at "tile" loop "tx"
    schedule.store_in register
    schedule.reorder ["c", "x"]
    schedule.vectorize "c"
    schedule.unroll "x"
  }
  schedule.stage "taps" {
    schedule.compute_at "pointwise_sum" loop "ko"
    schedule.store_in gpu_shared
    schedule.align_storage "c" by "vector"
    schedule.bound_extent "c" extent "chunk"
    schedule.split "c" into ["co", "ci"] by "lanes_in"
    schedule.fuse ["co", "kx"] into "cx"
    schedule.fuse ["cx", "ky"] into "all"
    schedule.use @load_together([])
    schedule.gpu_threads ["tx", "ty", "tz"]
  }
  schedule.stage "window" {
    schedule.compute_at "pointwise_sum" loop "ko"
    schedule.store_in gpu_shared
    schedule.align_storage "c" by "vector"
    schedule.bound_extent "c" extent "chunk_in"
    schedule.bound_extent "x" extent "(size_x - 1) * depthwise_sum.stride_x + window_x + 1"
    schedule.bound_extent "y" extent "(size_y - 1) * depthwise_sum.stride_y + window_y + 1"
    schedule.split "c" into ["co", "ci"] by "lanes_window"
    schedule.fuse ["co", "x"] into "cx"
    schedule.fuse ["cx", "y"] into "all"
    schedule.use @load_together([])
    schedule.gpu_threads ["tx", "ty", "tz"]
  }
}
