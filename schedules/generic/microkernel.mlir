// The pieces that schedules of convolutions and dense layers are made of.

// The widest vectors that the channels of a stage fill.
schedule.define @lanes(NAME, SUM, STAGE) {
  schedule.search ["NAME"] in ["[64, 32, 16, 8, 4, 2, 1]"] {
    schedule.require "NAME * SUM.bytes <= vector_bytes"
    schedule.require "NAME <= STAGE.least_c"
  }
}

// The microkernel keeps a tile of tile_x positions by `vectors` vectors of output channels in registers and
// adds up TERMS products for each: for one of them after the other, `vectors` loads of the weights and tile_x
// broadcasts.
schedule.define @register_tile(STAGE, TERMS) {
  schedule.use @tile_of_sums("STAGE", "TERMS * STAGE.bytes", "1", "4")
}

// The same of products that a core starts one of in PRODUCT half cycles, and adds to a sum in LATENCY cycles;
// WEIGHTS are the bytes of weights of a channel.
schedule.define @tile_of_sums(STAGE, WEIGHTS, PRODUCT, LATENCY) {
  schedule.use @lanes("lanes", "STAGE_sum", "STAGE")
  schedule.use @vectors_by_positions("STAGE", "WEIGHTS", "PRODUCT", "LATENCY", "lanes", "vectors", "tile_x")
  schedule.param "tile_c" = "vectors * lanes"
}

// How many VECTORS of LANES channels, and POSITIONS of a row.
schedule.define @vectors_by_positions(STAGE, WEIGHTS, PRODUCT, LATENCY, LANES, VECTORS, POSITIONS) {
  schedule.search ["VECTORS", "POSITIONS"] in ["range(1, 8)", "range(1, 32)"] {
    schedule.require "POSITIONS <= STAGE.least_x"
    schedule.require "VECTORS * LANES <= STAGE.least_c"
    // The accumulators, the vectors of weights and one broadcast must fit into the registers. AVX-512's FMA
    // could take the broadcast from memory, but LLVM loads it once for all of its FMAs, and with 4 vectors by
    // 7 positions, 32 registers without it, it spills: 7x7x1024 took 25 %, 147x147x64 -> 128 40 % longer (Zen
    // 5).
    schedule.require "VECTORS * POSITIONS + VECTORS + 1 <= registers"
    // A step costs the products (FMAs: two a cycle) or the loads at two a cycle, whichever is more, at least
    // the latency of a product (4 cycles); each tile costs a little to begin and end. A tile of weights that
    // is more than half of L1 comes from L2 for each tile of positions, three times slower: 57x61x128, by 8
    // vectors and 2 positions, took 0.71 ms instead of 0.53 (Zen 5).
    schedule.let "from_l2" = "VECTORS * LANES * WEIGHTS > l1_bytes / 2"
    schedule.let "loads" = "VECTORS * select(from_l2, 3, 1) + POSITIONS"
    schedule.let "step" = "max(VECTORS * POSITIONS * PRODUCT, loads, 2 * LATENCY)"
    // Of a dynamic size rows are taken to be half way between the least and the greatest, and the last tile
    // of each half in vain.
    schedule.let "halves" = "8 * (STAGE.least_x + STAGE.x + POSITIONS - 1) / POSITIONS"
    schedule.let "tiles_x" = "select(STAGE.least_x == STAGE.x, 16 * ceil(STAGE.x, POSITIONS), halves)"
    schedule.minimize "ceil(STAGE.c, VECTORS * LANES) * tiles_x * (step + 2)"
  }
}

// The weights of STAGE in tiles. A last tile that the channels do not fill is computed whole and stored in
// part; what else is read for each channel is read in part, or is a constant that is filled up too.
schedule.define @packed_weights(STAGE) {
  schedule.param "packed" = "STAGE_sum.weight"
  schedule.param "padded" = "packed && STAGE.c % tile_c != 0"
}

// Rows that share the weights of STAGE, WEIGHTS bytes. Weights that fit into L1 are read from there for each
// row. Larger ones pass through it for each group of rows, so that few, large groups are better: MobileNetV2
// takes 4 % less time than where this is said of half of L2. With threads the groups are tasks, and only what
// passes through L2 is worth fewer of them. A group has at most GROUP bytes of the input, ROW for each row,
// and as many of the output.
// Of groups that stay in L1 those are better that copy less: each has SHARED bytes in common with the next.
schedule.define @row_group(STAGE, ROW, WEIGHTS, SHARED, GROUP) {
  schedule.param "row_bytes" = "ROW"
  schedule.param "weight_bytes" = "WEIGHTS"
  schedule.search ["tile_y"] in ["range(1, min(STAGE.y, 4096))"] {
    schedule.require "tile_y == 1 || tile_y * max(row_bytes, STAGE.x * STAGE.c * STAGE.bytes) <= GROUP"
    schedule.let "near" = "select(threads, l2_bytes / 2, l1_bytes)"
    schedule.let "again" = "select(tile_y * row_bytes <= l1_bytes / 2, ceil(STAGE.y, tile_y), STAGE.y)"
    schedule.minimize "max(0, weight_bytes - near) * ceil(STAGE.y, tile_y) + again * (SHARED)"
  }
}

// The same of rows that are stored in the cache first.
schedule.define @stored_row_group(STAGE, ROW, WEIGHTS, SHARED) {
  // A group of a dynamic height is stored in the space of the whole image, as Halide cannot bound it.
  schedule.param "bounded" = "!threads || STAGE.least_y == STAGE.y"
  schedule.param "groups" = "bounded || STAGE.y * ROW <= l2_bytes"
  // A third of L2 holds a group; with threads a quarter, which makes more tasks. Three rows of 33x33x728
  // instead of one: 1.5 % less time, and 18 % where the pages of the weights happen to lie badly in L2.
  schedule.param "room" = "l2_bytes / select(threads, 4, 3)"
  schedule.use @row_group("STAGE", "ROW", "WEIGHTS", "SHARED", "select(groups, room, 0)")
}

// The loops over the tiles of STAGE, X being what is left of x, and PIECES the loops over those.
schedule.define @tile_loops(STAGE, X, PIECES) {
  schedule.use @tiles_of_groups("STAGE", "X", ["PIECES", "yo", "b"])
  schedule.fuse ["yo", "b"] into "rows"
  schedule.parallel "rows" {when = "threads && !columns"}
  schedule.parallel "ct" {when = "columns"}
}

// The same, of groups of rows yo, which are one of the loops OUTER.
schedule.define @tiles_of_groups(STAGE, X, OUTER) {
  schedule.split "c" into ["ct", "ci"] by "tile_c" tail shift_inwards {when = "!padded"}
  schedule.split "c" into ["ct", "ci"] by "tile_c" tail guard_with_if {when = "padded"}
  schedule.split "X" into ["xo", "xi"] by "tile_x" tail shift_inwards
  schedule.split "y" into ["yo", "yi"] by "tile_y" tail guard_with_if
  schedule.reorder ["ci", "xi", "xo", "yi", "ct", "OUTER"]
  schedule.vectorize "ci" by "lanes"
  schedule.unroll "ci"
  schedule.unroll "xi"
  // When a network runs, its weights come from L3 or memory: the first row of a group would wait for each new
  // tile. MobileNet 224 takes 3 %, MobileNetV2 3 %, EfficientNetB0 4 % less time, docs/decisions/003. Where
  // few positions share a tile there is no time to spread the loads over, and the hardware streams it.
  schedule.prefetch_next "ct" in "STAGE_sum" loop "kc" {
    when = "packed && tile_y * ceil(STAGE.x, tile_x) >= 4"
  }
}

// The update of the microkernel's sums: LOOPS are those of what is added up.
schedule.define @add_terms(LOOPS) {
  schedule.use @unrolled_tile(["LOOPS"], "lanes")
}

// The channels and the positions of a tile, and LOOPS around them.
schedule.define @unrolled_tile(LOOPS, LANES) {
  schedule.reorder ["c", "x", "LOOPS"]
  schedule.vectorize "c" by "LANES"
  schedule.unroll "c"
  schedule.unroll "x"
}

// The sums of one tile.
schedule.define @sums_in_registers(STAGE) {
  schedule.stage "STAGE_sum" {
    schedule.use @in_registers("STAGE")
  }
}

schedule.define @in_registers(STAGE) {
  schedule.compute_at "STAGE" loop "xo"
  schedule.store_in stack
  schedule.bound_extent "c" extent "tile_c" {when = "padded"}
  schedule.pack "c" by "tile_c" {when = "packed"}
  schedule.use @unrolled_tile([], "lanes")
}

// The loops of a depthwise convolution: vectors of channels, neighbouring positions of a row side by side.
// OUTER are the loops around the rows.
schedule.define @window_loops(LANES, OUTER) {
  schedule.split "c" into ["co", "ci"] by "LANES" tail shift_inwards
  schedule.split "x" into ["xo", "xi"] by "unroll_x" tail shift_inwards
  schedule.reorder ["ci", "xi", "xo", "co", "y", "OUTER"]
  schedule.reorder ["co", "xo"] {when = "channels_inside"}
  schedule.rename "xo" to "tile" {when = "!channels_inside"}
  schedule.rename "co" to "tile" {when = "channels_inside"}
}

// The sums of a depthwise convolution. One row of the window at a time: as one expression of 25 products,
// LLVM keeps so much of a 5x5 window that it spills (28x28x240 -> 80: 0.270 against 0.235 ms).
schedule.define @window_sums(LANES) {
  schedule.update "depthwise_sum" {
    schedule.use @window_terms("LANES", "depthwise_sum.ky")
  }
  schedule.stage "depthwise_sum" {
    schedule.use @window_in_registers("LANES")
  }
}

// ROWS are those of a window that are left.
schedule.define @window_terms(LANES, ROWS) {
  schedule.reorder ["c", "x", "kx", "ky"]
  schedule.vectorize "c" by "LANES"
  schedule.unroll "x"
  schedule.unroll "kx" {when = "depthwise_sum.kx <= 15"}
  schedule.unroll "ky" {when = "ROWS * depthwise_sum.kx <= 9"}
}

schedule.define @window_in_registers(LANES) {
  schedule.compute_at "depthwise" loop "tile"
  schedule.store_in stack
  schedule.reorder ["c", "x"]
  schedule.vectorize "c" by "LANES"
  schedule.unroll "x"
}

// Sums without products, of STAGE: as many vectors of channels at a time as hide the latency of an
// addition, 4 cycles at two a cycle.
schedule.define @channel_tile(STAGE) {
  schedule.use @lanes("lanes", "STAGE_sum", "STAGE")
  schedule.param "vectors" = "STAGE.least_c / lanes"
  schedule.param "tile_c" = "lanes * ceil(vectors, ceil(vectors, 8))"
}

// The loops of such a stage, and of its sums.
schedule.define @tiles_of_channels() {
  schedule.split "c" into ["co", "ci"] by "tile_c" tail shift_inwards
  schedule.vectorize "ci" by "lanes"
  schedule.unroll "ci"
}

// The channels go inwards past one loop after the other, from the outermost one: these keep their order.
schedule.define @sums_of_channels(STAGE) {
  schedule.update "STAGE_sum" {
    schedule.reorder ["c", "r0"] {when = "STAGE_sum.r0"}
    schedule.reorder ["c", "r1"] {when = "STAGE_sum.r1"}
    schedule.reorder ["c", "r2"] {when = "STAGE_sum.r2"}
    schedule.reorder ["c", "r3"] {when = "STAGE_sum.r3"}
    schedule.reorder ["c", "ky"] {when = "STAGE_sum.ky"}
    schedule.reorder ["c", "kx"] {when = "STAGE_sum.kx"}
    schedule.reorder ["c", "kc"] {when = "STAGE_sum.kc"}
    schedule.vectorize "c" by "lanes"
    schedule.unroll "c"
  }
  schedule.stage "STAGE_sum" {
    schedule.compute_at "STAGE" loop "co"
    schedule.store_in stack
    schedule.vectorize "c" by "lanes"
    schedule.unroll "c"
  }
}
