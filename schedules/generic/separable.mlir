// Depthwise and pointwise convolution in one loop nest: a few rows of the depthwise result are computed into
// the cache, and the pointwise convolution of those rows reads them from there. The depthwise result never
// goes to memory.
//
// Measured with AVX-512, one core, against the FMA peak at the same clock: 56x56x128->128 85 %,
// 28x28x256->256 92 %, 14x14x512->512 91 %, 7x7x1024->1024 79 %, 112x112x32->64 70 %.

schedule.schedule @separable for ["depthwise", "pointwise"] {
  schedule.use @register_tile("pointwise", "pointwise_sum.kc")
  schedule.use @packed_weights("pointwise")
  schedule.use @groups_of_rows("depthwise", "depthwise_sum")
  schedule.use @windows_of_a_row("piece", "min(piece, pointwise.least_x)", "columns")
  schedule.use @tiles_of_rows()
  schedule.update "pointwise_sum" {
    schedule.use @add_terms(["kc"])
    // Rows of weights that are not packed lie apart: 64 channels are 900 cycles ahead, more than the latency
    // of memory.
    schedule.prefetch "weight" at "kc" from "kc" by "64" {when = "!packed"}
  }
  schedule.use @sums_in_registers("pointwise")
  schedule.use @rows_of_windows()
  schedule.use @window_sums("lanes_in")
}

// How many rows of the stage INPUT are computed together, whose vectors are those of VECTORS.
schedule.define @groups_of_rows(INPUT, VECTORS) {
  schedule.use @lanes("lanes_in", "VECTORS", "INPUT")
  schedule.param "channel_bytes" = "INPUT.c * INPUT.bytes"
  schedule.use @stored_row_group("pointwise", "pointwise.x * channel_bytes", "pointwise.c * channel_bytes",
    "0")
  // A row that is larger than L2 is cut into pieces of whole tiles.
  schedule.param "most_tiles" = "max(1, l2_bytes / (tile_x * channel_bytes))"
  schedule.param "tile_w" = "select(tile_y > 1, pointwise.x, min(pointwise.x, most_tiles * tile_x))"
  // A row of a dynamic size that needs no cutting is whatever it is; one that does may be as short as the
  // least.
  schedule.param "piece" = "select(tile_w < pointwise.x, min(tile_w, pointwise.least_x), tile_w)"
  schedule.param "whole" = "piece > pointwise.least_x"

  // With threads the groups of rows are the tasks; where there is one, the tiles of channels are. Two groups
  // on two threads beat tiles (MobileNet 224: 3.56 against 3.96 ms), which the other core's half of the
  // depthwise result has to travel for; more threads would want more tasks. Tiles that are moved inwards
  // overlap, and tasks must not write the same.
  schedule.param "separate" = "INPUT.c % lanes_in == 0 && (pointwise.c % tile_c == 0 || padded)"
  schedule.param "columns" = "threads && pointwise.b * pointwise.y / tile_y < 2 && separate"
}

// How the windows of a row are computed: of X positions, of a dynamic size at least LEAST. Tasks are COLUMNS
// of channels, or rows.
schedule.define @windows_of_a_row(X, LEAST, COLUMNS) {
  // Each position has an accumulator, each element of the window a weight in a register.
  schedule.search ["unroll_x"] in ["range(1, 16)"] {
    schedule.require "unroll_x <= LEAST"
    schedule.require "unroll_x + 10 <= registers || unroll_x <= 4"
    schedule.minimize "ceil(X, unroll_x) * (unroll_x * 10 + 10)"
  }
  // All channels of unroll_x positions before the next positions: what comes next is in the cache lines that
  // follow, which the hardware fetches ahead. One vector of channels of the whole row, which loads the
  // weights once, took 1 to 11 % longer (112x112x64 stride 2); a window of 25 weights does not care.
  schedule.param "channels_inside" = "!COLUMNS && depthwise_sum.ky * depthwise_sum.kx <= 9"
}

// The loops of the pointwise half.
schedule.define @tiles_of_rows() {
  schedule.stage "pointwise" {
    schedule.split "x" into ["xw", "xt"] by "piece" tail shift_inwards {when = "!whole"}
    schedule.rename "x" to "xt" {when = "whole"}
    schedule.split "b" into ["b", "xw"] by "1" {when = "whole"}
    schedule.use @tile_loops("pointwise", "xt", ["xw"])
  }
}

// The ROWS of the input that the next group needs.
schedule.define @next_rows(ROWS) {
  // Where the weights are streamed through L2 they drive out what is read ahead: 33x33x728 takes 2.5 %,
  // 14x14x512 2 % less time without.
  schedule.read_ahead "y" by "ROWS" in "pointwise_sum" loop "kc" {
    when = "weight_bytes <= l2_bytes / 2"
  }
}

// The loops of the depthwise half.
schedule.define @rows_of_windows() {
  schedule.stage "depthwise" {
    schedule.compute_at "pointwise" loop "xw"
    schedule.use @next_rows("tile_y * depthwise_sum.stride_y")
    schedule.use @window_loops("lanes_in", [])
    schedule.vectorize "ci"
    schedule.unroll "xi"
    schedule.parallel "co" {when = "columns"}
  }
}
