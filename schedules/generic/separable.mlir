// Depthwise and pointwise convolution in one loop nest: a few rows of the depthwise result are
// computed into the cache, and the pointwise convolution of those rows reads them from there. The
// depthwise result never goes to memory.
//
// The microkernel keeps a tile of tile_x positions by `vectors` vectors of output channels in
// registers and adds one input channel at a time: `vectors` loads of the weights, tile_x broadcasts.
// Measured with AVX-512, one core, against the FMA peak at the same clock: 56x56x128->128 85 %,
// 28x28x256->256 92 %, 14x14x512->512 91 %, 7x7x1024->1024 79 %, 112x112x32->64 70 %.

schedule.schedule @separable for ["depthwise", "pointwise"] {
  // The widest vectors that the channels fill.
  schedule.param "lanes" in "[64, 32, 16, 8, 4, 2, 1]" minimize "0 - lanes"
    when "lanes * pointwise_sum.bytes <= vector_bytes && lanes <= pointwise.least_c"
  schedule.param "lanes_in" in "[64, 32, 16, 8, 4, 2, 1]" minimize "0 - lanes_in"
    when "lanes_in * depthwise_sum.bytes <= vector_bytes && lanes_in <= depthwise.least_c"

  // micro = 100 * vectors + tile_x. The accumulators, the vectors of weights and one broadcast must fit
  // into the registers. AVX-512's FMA could take the broadcast from memory, but LLVM loads it once for
  // all of its FMAs, and with 4 vectors by 7 positions, 32 registers without it, it spills: 7x7x1024 took
  // 25 %, 147x147x64 -> 128 40 % longer (Zen 5).
  // A step costs the FMAs at two a cycle or the loads at two a cycle, whichever is more, at least
  // the latency of an FMA (4 cycles); each tile costs a little to begin and end. A tile of weights that
  // is more than half of L1 comes from L2 for each tile of positions, three times slower: 57x61x128, by 8
  // vectors and 2 positions, took 0.71 ms instead of 0.53 (Zen 5).
  // Of an open size the rows are taken to be half way between the least and the greatest, and the last
  // tile of each half in vain.
  schedule.param "micro" in "range(101, 832)"
    minimize "ceil(pointwise.c, micro / 100 * lanes) * select(pointwise.least_x == pointwise.x, 16 * ceil(pointwise.x, micro % 100), 8 * (pointwise.least_x + pointwise.x + micro % 100 - 1) / (micro % 100)) * (max(max((micro / 100) * (micro % 100), micro / 100 * select(micro / 100 * lanes * pointwise_sum.kc * pointwise.bytes > l1_bytes / 2, 3, 1) + micro % 100), 8) + 2)"
    when "micro % 100 >= 1 && micro % 100 <= pointwise.least_x && micro / 100 * lanes <= pointwise.least_c && (micro / 100) * (micro % 100) + micro / 100 + 1 <= registers"
  schedule.param "tile_c" = "micro / 100 * lanes"
  schedule.param "tile_x" = "micro % 100"
  // A last tile that the channels do not fill is computed whole and stored in part; what else is
  // read for each channel must be a constant then, so that it is filled up too.
  schedule.param "packed" = "pointwise_sum.weight && (pointwise.c % tile_c == 0 || inputs == 1)"
  schedule.param "padded" = "packed && pointwise.c % tile_c != 0"

  // Weights that stay in half of L2 are read from there for each row. Larger ones are streamed for
  // each group of rows, so that few, large groups are better. A third of L2 holds a group, and with
  // threads, whose groups are on the stack, 224 KiB do. Three rows of 33x33x728 instead of one: 1.5 % less
  // time, and 18 % where the pages of the weights happen to lie badly in L2.
  schedule.param "row_bytes" = "pointwise.x * depthwise.c * depthwise.bytes"
  schedule.param "weight_bytes" = "depthwise.c * pointwise.c * pointwise.bytes"
  schedule.param "group_bytes" = "select(threads, min(l2_bytes / 4, 229376), l2_bytes / 3)"
  schedule.param "tile_y" in "range(1, pointwise.y)"
    minimize "max(0, weight_bytes - l2_bytes / 2) * ceil(pointwise.y, tile_y)"
    when "tile_y == 1 || tile_y * row_bytes <= group_bytes"
  // 224 KiB leave room for the rest on the 256 KiB of stack that a task may use. A row that is larger is cut into pieces of whole tiles.
  schedule.param "tile_w" = "select(tile_y > 1, pointwise.x, min(pointwise.x, max(1, 229376 / (tile_x * depthwise.c * depthwise.bytes)) * tile_x))"
  // A row of an open size that needs no cutting is whatever it is; one that does may be as short as the least.
  schedule.param "piece" = "select(tile_w < pointwise.x, min(tile_w, pointwise.least_x), tile_w)"
  schedule.param "whole" = "piece > pointwise.least_x"

  // With threads the groups of rows are the tasks; where there is one, the tiles of channels are.
  // Two groups on two threads beat tiles (MobileNet 224: 3.56 against 3.96 ms), which the other
  // core's half of the depthwise result has to travel for; more threads would want more tasks.
  // Tiles that are moved inwards overlap, and tasks must not write the same.
  schedule.param "columns" = "threads && pointwise.b * pointwise.y / tile_y < 2 && depthwise.c % lanes_in == 0 && (pointwise.c % tile_c == 0 || padded)"

  // Each position has an accumulator, each element of the window a weight in a register.
  schedule.param "unroll_x" in "range(1, 16)"
    minimize "ceil(piece, unroll_x) * (unroll_x * 10 + 10)"
    when "unroll_x <= min(piece, pointwise.least_x) && (unroll_x + 10 <= registers || unroll_x <= 4)"
  // All channels of unroll_x positions before the next positions: what comes next is in the cache lines
  // that follow, which the hardware fetches ahead. One vector of channels of the whole row, which
  // loads the weights once, took 1 to 11 % longer (112x112x64 stride 2); a window of 25 weights does
  // not care.
  schedule.param "channels_inside" = "!columns && depthwise_sum.ky * depthwise_sum.kx <= 9"

  schedule.stage "pointwise" {
    schedule.split "c" into ["ct", "ci"] by "tile_c" tail shift_inwards {when = "!padded"}
    schedule.split "c" into ["ct", "ci"] by "tile_c" tail guard_with_if {when = "padded"}
    schedule.split "x" into ["xw", "xt"] by "piece" tail shift_inwards {when = "!whole"}
    schedule.rename "x" to "xt" {when = "whole"}
    schedule.split "b" into ["b", "xw"] by "1" {when = "whole"}
    schedule.split "xt" into ["xo", "xi"] by "tile_x" tail shift_inwards
    schedule.split "y" into ["yo", "yi"] by "tile_y" tail guard_with_if
    schedule.reorder ["ci", "xi", "xo", "yi", "ct", "xw", "yo", "b"]
    schedule.fuse ["yo", "b"] into "rows"
    schedule.vectorize "ci" by "lanes"
    schedule.unroll "ci"
    schedule.unroll "xi"
    // When a network runs, its weights come from L3 or memory: the first row of a group would wait for each
    // new tile. MobileNet 224 takes 3 % less time, docs/decisions/003. Where few positions share a tile
    // there is no time to spread the loads over, and the hardware streams it.
    schedule.prefetch_next "ct" in "pointwise_sum" loop "kc" {when = "packed && tile_y * ceil(pointwise.x, tile_x) >= 4"}
    schedule.parallel "rows" {when = "threads && !columns"}
    schedule.parallel "ct" {when = "columns"}
  }
  schedule.update "pointwise_sum" {
    schedule.reorder ["c", "x", "kc"]
    schedule.vectorize "c" by "lanes"
    schedule.unroll "c"
    schedule.unroll "x"
    // Rows of weights that are not packed lie apart: 64 channels are 900 cycles ahead, more than the
    // latency of memory.
    schedule.prefetch "weight" at "kc" from "kc" by "64" {when = "!packed"}
  }
  schedule.stage "pointwise_sum" {
    schedule.compute_at "pointwise" loop "xo"
    schedule.store_in stack
    schedule.bound_extent "c" extent "tile_c" {when = "padded"}
    schedule.pack "c" by "tile_c" {when = "packed"}
    schedule.reorder ["c", "x"]
    schedule.vectorize "c" by "lanes"
    schedule.unroll "c"
    schedule.unroll "x"
  }
  schedule.stage "depthwise" {
    schedule.compute_at "pointwise" loop "xw"
    // Where the weights are streamed through L2 they drive out what is read ahead: 33x33x728 takes
    // 2.5 %, 14x14x512 2 % less time without.
    schedule.read_ahead "y" by "tile_y * depthwise_sum.stride_y" in "pointwise_sum" loop "kc" {when = "weight_bytes <= l2_bytes / 2"}
    schedule.split "c" into ["co", "ci"] by "lanes_in" tail shift_inwards
    schedule.split "x" into ["xo", "xi"] by "unroll_x" tail shift_inwards
    schedule.reorder ["ci", "xi", "xo", "co", "y"]
    schedule.reorder ["co", "xo"] {when = "channels_inside"}
    schedule.rename "xo" to "tile" {when = "!channels_inside"}
    schedule.rename "co" to "tile" {when = "channels_inside"}
    schedule.vectorize "ci"
    schedule.unroll "xi"
    schedule.parallel "co" {when = "columns"}
  }
  // One row of the window at a time: as one expression of 25 products, LLVM keeps so much of a 5x5
  // window that it spills (28x28x240 -> 80: 0.270 against 0.235 ms).
  schedule.update "depthwise_sum" {
    schedule.reorder ["c", "x", "kx", "ky"]
    schedule.vectorize "c" by "lanes_in"
    schedule.unroll "x"
    schedule.unroll "kx" {when = "depthwise_sum.kx <= 15"}
    schedule.unroll "ky" {when = "depthwise_sum.ky * depthwise_sum.kx <= 9"}
  }
  schedule.stage "depthwise_sum" {
    schedule.compute_at "depthwise" loop "tile"
    schedule.store_in stack
    schedule.reorder ["c", "x"]
    schedule.vectorize "c" by "lanes_in"
    schedule.unroll "x"
  }
}
