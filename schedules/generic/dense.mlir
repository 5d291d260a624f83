// A dense layer reads each weight once for each sample: the weights are streamed in their order, a
// few input channels at a time, into sums that stay in the cache.

schedule.schedule @dense for ["dense"] when "dense.rank == 2" {
  schedule.search ["lanes"] in ["[64, 32, 16, 8, 4, 2, 1]"] {
    schedule.require "lanes * dense_sum.bytes <= vector_bytes"
    schedule.require "dense.c % lanes == 0"
  }
  schedule.search ["unroll_kc"] in ["[8, 4, 2, 1]"] {
    schedule.require "dense_sum.kc % unroll_kc == 0"
  }
  schedule.stage "dense" {
    schedule.vectorize "c" by "lanes"
  }
  schedule.update "dense_sum" {
    schedule.split "kc" into ["ko", "ki"] by "unroll_kc"
    schedule.split "c" into ["co", "ci"] by "lanes"
    schedule.reorder ["ci", "ki", "co", "b", "ko"]
    schedule.vectorize "ci"
    schedule.unroll "ki"
  }
  schedule.stage "dense_sum" {
    schedule.compute_root
    schedule.vectorize "c" by "lanes"
  }
}
