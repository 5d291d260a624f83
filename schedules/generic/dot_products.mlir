// The pieces of schedules of sums of products of bytes, which an instruction adds up in groups: 4 of them for
// each 32-bit lane, in the time of one product of float32. `kc` counts groups then.

// The microkernel's tile, and what its weights are packed by. TERMS are the terms of a sum.
schedule.define @dot_tile(STAGE, TERMS, INSTRUCTION) {
  schedule.require "STAGE_sum.dot && STAGE_sum.weight"
  schedule.use @tile_of_sums("STAGE", "TERMS", "2 / INSTRUCTION_per_cycle", "INSTRUCTION_latency")
  schedule.require "lanes >= 4"
  schedule.param "packed" = "1"
  schedule.param "padded" = "STAGE.c % tile_c != 0"
}

// The sums of one tile, of an input whose bytes are copied if COPIED is not zero: into the padding, or to
// have the sign that the instruction reads.
schedule.define @dot_sums(STAGE, COPIED) {
  // The widest vectors that the bytes of the input fill.
  schedule.search ["bytes_in"] in ["[64, 32, 16, 8, 4, 2, 1]"] {
    schedule.require "bytes_in <= vector_bytes"
    schedule.require "bytes_in <= STAGE_sum.input_c"
  }
  schedule.stage "STAGE_sum" {
    schedule.wrap "input" as "bytes" {when = "COPIED"}
    schedule.use @in_registers("STAGE")
  }
  schedule.stage "bytes" {
    schedule.compute_at "STAGE" loop "rows"
    schedule.vectorize "kc" by "bytes_in" tail shift_inwards
  }
}

// The sums of a depthwise convolution: the rows of a window are the terms of a group, so that a word has
// those of one channel. Neighbouring positions share the words of the columns that their windows have in
// common.
schedule.define @window_dot_sums(LANES, INSTRUCTION) {
  schedule.update "depthwise_sum" {
    schedule.tensorize ["ky"] into "ky" by "INSTRUCTION"
    schedule.use @window_terms("LANES", "ceil(depthwise_sum.ky, INSTRUCTION_terms)")
  }
  schedule.stage "depthwise_sum" {
    schedule.pack "c" by "depthwise.c"
    schedule.use @window_in_registers("LANES")
  }
}

// Pointwise (1x1) convolution of bytes.
schedule.define @pointwise_of_bytes(INSTRUCTION, COPIED) {
  schedule.use @dot_tile("pointwise", "pointwise_sum.kc", "INSTRUCTION")
  schedule.use @row_group("pointwise", "pointwise.x * pointwise_sum.kc", "pointwise.c * pointwise_sum.kc",
    "0", "l2_bytes / 3")
  schedule.param "columns" = "threads && pointwise.b * pointwise.y / tile_y < 4"

  schedule.stage "pointwise" {
    schedule.use @tile_loops("pointwise", "x", [])
  }
  schedule.update "pointwise_sum" {
    schedule.tensorize ["kc"] into "kc" by "INSTRUCTION"
    schedule.use @add_terms(["kc"])
  }
  schedule.use @dot_sums("pointwise", "COPIED")
}

// Dense layers of bytes. Each weight is read once for each sample, so that the sums of as many channels as
// hide the latency of the instruction are in registers, and the weights come in the order in which they are
// packed.
schedule.define @dense_of_bytes(INSTRUCTION, COPIED) {
  schedule.require "dense_sum.dot && dense_sum.weight"
  schedule.use @lanes("lanes", "dense_sum", "dense")
  schedule.require "lanes >= 4"
  schedule.param "vectors" = "dense.c / lanes"
  schedule.param "most" = "INSTRUCTION_latency * INSTRUCTION_per_cycle"
  schedule.param "tile_c" = "lanes * ceil(vectors, ceil(vectors, most))"
  schedule.param "padded" = "dense.c % tile_c != 0"
  schedule.search ["bytes_in"] in ["[64, 32, 16, 8, 4]"] {
    schedule.require "bytes_in <= min(vector_bytes, dense_sum.kc)"
  }
  schedule.stage "dense" {
    schedule.split "c" into ["ct", "ci"] by "tile_c" tail shift_inwards {when = "!padded"}
    schedule.split "c" into ["ct", "ci"] by "tile_c" tail guard_with_if {when = "padded"}
    schedule.reorder ["ci", "b", "ct"]
    schedule.vectorize "ci" by "lanes"
    schedule.unroll "ci"
  }
  schedule.update "dense_sum" {
    schedule.tensorize ["kc"] into "kc" by "INSTRUCTION"
    schedule.reorder ["c", "kc"]
    schedule.vectorize "c" by "lanes"
    schedule.unroll "c"
  }
  schedule.stage "dense_sum" {
    schedule.wrap "input" as "bytes" {when = "COPIED"}
    schedule.compute_at "dense" loop "b"
    schedule.store_in stack
    schedule.bound_extent "c" extent "tile_c" {when = "padded"}
    schedule.pack "c" by "tile_c"
    schedule.vectorize "c" by "lanes"
    schedule.unroll "c"
  }
  schedule.stage "bytes" {
    schedule.compute_root
    schedule.vectorize "kc" by "bytes_in" tail shift_inwards
  }
}

// Dense convolution of bytes. The rows that one output row needs are copied into the cache first if they are
// padded, or have another sign than the instruction's.
schedule.define @conv_of_bytes(INSTRUCTION, COPIED) {
  schedule.require "conv_sum.kc == conv_sum.input_c"
  // A row of the window is one piece of memory, unless it is dilated. Taken as one, it has fewer groups where
  // the channels do not fill theirs.
  schedule.param "whole_rows" = "conv_sum.dilation_x == 1 && conv_sum.kc % INSTRUCTION_terms"
  schedule.require "select(whole_rows, conv_sum.kx, 1) * conv_sum.kc >= INSTRUCTION_terms"
  schedule.use @dot_tile("conv", "conv_sum.ky * conv_sum.kx * conv_sum.kc", "INSTRUCTION")
  schedule.use @groups_of_windows("1")

  schedule.stage "conv" {
    schedule.use @tile_loops("conv", "x", [])
  }
  schedule.update "conv_sum" {
    schedule.tensorize ["kc", "kx"] into "kc" by "INSTRUCTION" {when = "whole_rows"}
    schedule.tensorize ["kc"] into "kc" by "INSTRUCTION" {when = "!whole_rows"}
    schedule.reorder ["c", "x", "kc", "ky"] {when = "whole_rows"}
    schedule.reorder ["c", "x", "kc", "kx", "ky"] {when = "!whole_rows"}
    schedule.vectorize "c" by "lanes"
    schedule.unroll "c"
    schedule.unroll "x"
  }
  schedule.use @dot_sums("conv", "COPIED || conv_sum.padded")
}

// Depthwise convolution of bytes: as that of floats, but for the rows of a window, which the instruction adds
// up.
schedule.define @depthwise_of_bytes(INSTRUCTION) {
  schedule.require "depthwise_sum.dot && depthwise_sum.weight && depthwise.c == depthwise_sum.input_c"
  schedule.use @positions_side_by_side()
  schedule.require "lanes >= 4"
  schedule.use @rows_of_positions()
  schedule.use @window_dot_sums("lanes", "INSTRUCTION")
}

// Depthwise and pointwise convolution of bytes in one loop nest, as that of floats. The depthwise half stores
// bytes of the sign that the pointwise half reads.
schedule.define @separable_of_bytes(INSTRUCTION) {
  schedule.require "depthwise_sum.dot && depthwise_sum.weight && depthwise.c == depthwise_sum.input_c"
  schedule.require "depthwise.c <= 4096"
  schedule.use @dot_tile("pointwise", "pointwise_sum.kc", "INSTRUCTION")
  schedule.use @groups_of_rows("depthwise", "depthwise_sum")
  schedule.use @windows_of_a_row("piece", "min(piece, pointwise.least_x)", "columns")
  schedule.require "lanes_in >= 4"
  schedule.use @tiles_of_rows()
  schedule.update "pointwise_sum" {
    schedule.tensorize ["kc"] into "kc" by "INSTRUCTION"
    schedule.use @add_terms(["kc"])
  }
  schedule.use @sums_in_registers("pointwise")
  schedule.use @rows_of_windows()
  schedule.use @window_dot_sums("lanes_in", "INSTRUCTION")
}
