// Depthwise and pointwise convolution in one launch: the threads of a block compute a tile of the depthwise
// result into shared memory, and multiply it by the pointwise filter from there. It never goes to memory.
//
// A thread adds up tile_x positions of a row by `lanes` output channels in registers; a warp has the same
// positions, so that its reads of the tile are one word for all, and neighbouring channels, so that its reads
// of the filter and its results are whole lines.

schedule.schedule @separable for ["depthwise", "pointwise"] {
  schedule.param "lanes" in "[8, 4, 2, 1]" minimize "0 - lanes"
    when "lanes * pointwise.bytes <= vector_bytes && pointwise.c % lanes == 0 && (lanes == 1 || pointwise.c >= lanes * 8)"
  schedule.param "lanes_in" in "[8, 4, 2, 1]" minimize "0 - lanes_in"
    when "lanes_in * depthwise.bytes <= vector_bytes && depthwise.c % lanes_in == 0"
  schedule.param "step" = "select(pointwise_sum.kc % 4 == 0, 4, 1)"

  // A step of a warp costs its multiplications, and eight times as much for a load; rounds of them run on the
  // schedulers, four of each multiprocessor. 8 positions by 4 channels: 128 registers.
  schedule.param "warps" = "pointwise.b * pointwise.y * pointwise.x * ceil(pointwise.c / lanes, warp)"
  schedule.param "tile_x" in "divisors(pointwise.x)"
    minimize "ceil(warps / tile_x, 4 * sms) * (4 * tile_x * lanes + 8 * (4 + tile_x))"
    when "tile_x == 1 || tile_x * lanes <= 32"
  schedule.param "threads_c" = "min(warp, pointwise.c / lanes)"
  schedule.param "position_bytes" = "depthwise.c * depthwise.bytes"
  // A block has tiles of a row, then rows, as many as its threads and its shared memory hold.
  schedule.param "groups_x" in "divisors(pointwise.x / tile_x)" minimize "0 - groups_x"
    when "groups_x * tile_x * position_bytes <= shared_bytes && groups_x * threads_c <= default_threads"
  schedule.param "groups_y" in "divisors(pointwise.y)" minimize "0 - groups_y"
    when "groups_y * groups_x * tile_x * position_bytes <= shared_bytes && groups_y * groups_x * threads_c <= default_threads"
  // Where there are few tiles of positions, several blocks share the channels of one; each computes the
  // depthwise result again, which is a small part of the work. Otherwise several warps do.
  schedule.param "tiles" = "pointwise.b * (pointwise.y / groups_y) * (pointwise.x / tile_x / groups_x)"
  schedule.param "columns" = "ceil(pointwise.c / lanes, threads_c)"
  schedule.param "blocks_c" in "divisors(columns)" minimize "blocks_c"
    when "tiles * blocks_c >= 2 * sms || blocks_c == columns"
  schedule.param "warps_c" in "divisors(columns / blocks_c)" minimize "0 - warps_c"
    when "warps_c * groups_y * groups_x * threads_c <= default_threads"

  schedule.stage "pointwise" {
    schedule.split "c" into ["co", "cv"] by "lanes"
    schedule.split "co" into ["ct", "cth"] by "threads_c" tail guard_with_if
    schedule.split "ct" into ["cb", "cr"] by "columns / blocks_c"
    schedule.split "cr" into ["cs", "cw"] by "warps_c"
    schedule.split "x" into ["xo", "xi"] by "tile_x"
    schedule.split "xo" into ["xb", "xt"] by "groups_x"
    schedule.split "y" into ["yb", "yt"] by "groups_y"
    schedule.reorder ["cv", "xi", "cth", "xt", "yt", "cw", "cs", "cb", "xb", "yb", "b"]
    schedule.fuse ["xt", "yt"] into "group"
    schedule.fuse ["xb", "yb"] into "tile"
    schedule.vectorize "cv"
    schedule.unroll "xi"
    schedule.gpu_blocks ["cb", "tile", "b"]
    schedule.gpu_threads ["cth", "group", "cw"]
  }
  schedule.update "pointwise_sum" {
    schedule.split "kc" into ["ko", "ki"] by "step"
    schedule.reorder ["c", "x", "ki", "ko"]
    schedule.vectorize "c"
    schedule.unroll "x"
    schedule.unroll "ki"
  }
  schedule.stage "pointwise_sum" {
    schedule.compute_at "pointwise" loop "cth"
    schedule.store_in register
    schedule.reorder ["c", "x"]
    schedule.vectorize "c"
    schedule.unroll "x"
  }
  schedule.stage "depthwise" {
    schedule.compute_at "pointwise" loop "cb"
    schedule.store_in gpu_shared
    schedule.split "c" into ["co", "ci"] by "lanes_in"
    schedule.fuse ["co", "x"] into "cx"
    schedule.fuse ["cx", "y"] into "all"
    schedule.split "all" into ["s", "t"] by "threads_c * groups_x * groups_y * warps_c" tail guard_with_if
    schedule.split "t" into ["tyz", "tx"] by "threads_c"
    schedule.split "tyz" into ["tz", "ty"] by "groups_x * groups_y"
    schedule.reorder ["ci", "tx", "ty", "tz", "s"]
    schedule.vectorize "ci"
    schedule.gpu_threads ["tx", "ty", "tz"]
  }
  schedule.update "depthwise_sum" {
    schedule.reorder ["c", "kx", "ky"]
    schedule.vectorize "c"
    schedule.unroll "kx" {when = "depthwise_sum.kx <= 7"}
    schedule.unroll "ky" {when = "depthwise_sum.ky * depthwise_sum.kx <= 9"}
  }
  schedule.stage "depthwise_sum" {
    schedule.compute_at "depthwise" loop "tx"
    schedule.store_in register
    schedule.vectorize "c"
  }
}
