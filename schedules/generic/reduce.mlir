// Reductions of any form and rank: vectors of the last dimension of the result, whose sums stay in registers
// while the loops of the reduction run.

schedule.schedule @reduce for ["reduce"] when "reduce.rank > 0" {
  schedule.use @channel_tile("reduce")
  schedule.stage "reduce" {
    schedule.use @tiles_of_channels()
  }
  schedule.use @sums_of_channels("reduce")
}
