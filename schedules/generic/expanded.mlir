// A pointwise convolution that expands the channels and the depthwise convolution of its result, alone or
// with the projection after it, in one loop nest. A few expanded rows are in the cache at a time: each group
// of rows of the depthwise result computes those that its windows need beyond those of the group before it.
//
// Measured with AVX-512, one core: 112x112, 16 -> 96 -> 24, stride 2: 0.475 ms, in two kernels 0.647; 56x56,
// 24 -> 144 -> 24: 0.403 and 0.414 ms, with 2 MiB of L2, which hold what is between the two.

schedule.schedule @expanded for ["pointwise", "depthwise"] {
  schedule.use @expanded_rows("depthwise", "0")
  schedule.stage "depthwise" {
    schedule.split "y" into ["yt", "y"] by "task_y" tail guard_with_if
    schedule.split "y" into ["yo", "y"] by "tile_y" tail guard_with_if
    schedule.use @window_loops("lanes_in", ["yo", "yt", "b"])
    schedule.vectorize "ci"
    schedule.unroll "xi"
    schedule.use @tasks_of_rows()
  }
  schedule.use @window_sums("lanes_in")
  schedule.use @expanded_tiles("depthwise")
}

schedule.schedule @inverted_residual for ["pointwise", "depthwise", "pointwise"] {
  schedule.use @register_tile("pointwise_1", "pointwise_1_sum.kc")
  schedule.use @packed_weights("pointwise_1")
  schedule.use @expanded_rows("pointwise_1", "pointwise_1_sum.kc * pointwise_1.c")
  schedule.stage "pointwise_1" {
    schedule.split "y" into ["yt", "y"] by "task_y" tail guard_with_if
    schedule.use @tiles_of_groups("pointwise_1", "x", ["yo", "yt", "b"])
    schedule.use @tasks_of_rows()
  }
  schedule.update "pointwise_1_sum" {
    schedule.use @add_terms(["kc"])
  }
  schedule.use @sums_in_registers("pointwise_1")
  schedule.stage "depthwise" {
    schedule.compute_at "pointwise_1" loop "yo"
    schedule.use @window_loops("lanes_in", [])
    schedule.vectorize "ci"
    schedule.unroll "xi"
  }
  schedule.use @window_sums("lanes_in")
  schedule.use @expanded_tiles("pointwise_1")
}

// Tasks share no rows: each computes those of its first windows again.
schedule.define @tasks_of_rows() {
  schedule.fuse ["yt", "b"] into "rows"
  schedule.parallel "rows" {when = "threads"}
}

// How many expanded rows are in the cache for groups of rows of OUTPUT, which has WEIGHTS elements of weights
// of its own, and how they are computed.
schedule.define @expanded_rows(OUTPUT, WEIGHTS) {
  schedule.use @lanes("lanes_in", "depthwise_sum", "depthwise")
  schedule.use @lanes("expand_lanes", "pointwise_sum", "pointwise")
  schedule.use @vectors_by_positions("pointwise", "pointwise_sum.kc * pointwise.bytes", "1", "4",
    "expand_lanes", "expand_vectors", "expand_x")
  schedule.param "expand_c" = "expand_vectors * expand_lanes"
  schedule.param "expand_packed" = "pointwise_sum.weight && pointwise.c % expand_c == 0"
  // Halide keeps a power of two of rows: up to twice as many as the windows of a group need.
  schedule.use @stored_row_group("OUTPUT",
    "2 * depthwise_sum.stride_y * pointwise.x * pointwise.c * pointwise.bytes",
    "(pointwise_sum.kc * pointwise.c + WEIGHTS) * pointwise.bytes", "0")
  // Eight tasks of an image of 56 rows compute 2 rows in 14 or in 7 again.
  schedule.param "task_y" = "select(threads, ceil(OUTPUT.y, 8 * tile_y) * tile_y, OUTPUT.y)"
  schedule.use @windows_of_a_row("depthwise.x", "depthwise.x", "0")
}

schedule.define @expanded_tiles(OUTPUT) {
  schedule.stage "pointwise" {
    schedule.compute_at "OUTPUT" loop "yo"
    schedule.store_at "OUTPUT" loop "rows"
    schedule.split "c" into ["ct", "ci"] by "expand_c" tail shift_inwards
    schedule.split "x" into ["xo", "xi"] by "expand_x" tail shift_inwards
    schedule.reorder ["ci", "xi", "xo", "y", "ct"]
    schedule.vectorize "ci" by "expand_lanes"
    schedule.unroll "ci"
    schedule.unroll "xi"
  }
  schedule.update "pointwise_sum" {
    schedule.use @unrolled_tile(["kc"], "expand_lanes")
  }
  schedule.stage "pointwise_sum" {
    schedule.compute_at "pointwise" loop "xo"
    schedule.store_in stack
    schedule.pack "c" by "expand_c" {when = "expand_packed"}
    schedule.use @unrolled_tile([], "expand_lanes")
  }
}
