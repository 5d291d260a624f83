// A dense layer reads each weight once for each sample: a thread for each result, neighbouring ones in whole
// lines of the weights; several steps at once, so that many loads are under way.

schedule.schedule @dense for ["dense"] when "dense.rank == 2" {
  schedule.param "step" in "[16, 8, 4, 2, 1]" when "dense_sum.kc % step == 0"
  schedule.budget registers "registers_per_sm / (2 * default_threads)" shared_bytes "shared_bytes"
  schedule.stage "dense" {
    schedule.split "c" into ["block", "thread"] by "warp" tail guard_with_if
    schedule.gpu_blocks ["block", "b"]
    schedule.gpu_threads ["thread"]
  }
  schedule.update "dense_sum" {
    schedule.split "kc" into ["ko", "ki"] by "step"
    schedule.unroll "ki"
  }
  schedule.stage "dense_sum" {
    schedule.compute_at "dense" loop "thread"
    schedule.store_in register
  }
}
