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
