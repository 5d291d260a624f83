// A dense layer reads each weight once for each sample: the weights are streamed in their order, a
// few input channels at a time, into sums that stay in the cache.

schedule.define @dense_tile() {
  schedule.search ["lanes"] in ["[64, 32, 16, 8, 4, 2, 1]"] {
    schedule.require "lanes * dense_sum.bytes <= vector_bytes"
    schedule.require "dense.c % lanes == 0"
  }
}

// Adds up the terms K of STAGE, whose loops around those of a sample are OUTER.
schedule.define @stream_weights(STAGE, K, OUTER) {
  schedule.update "STAGE_sum" {
    schedule.split "K" into ["ko", "ki"] by "unroll_kc"
    schedule.split "c" into ["co", "ci"] by "lanes"
    schedule.reorder ["ci", "ki", "co", "b", "ko", "OUTER"]
    schedule.vectorize "ci"
    schedule.unroll "ki"
  }
}

schedule.schedule @dense for ["dense"] when "dense.rank == 2 && dense_sum.kc <= 256" {
  schedule.use @dense_tile()
  schedule.search ["unroll_kc"] in ["[8, 4, 2, 1]"] {
    schedule.require "dense_sum.kc % unroll_kc == 0"
  }
  schedule.stage "dense" {
    schedule.vectorize "c" by "lanes"
  }
  schedule.use @stream_weights("dense", "kc", [])
  schedule.stage "dense_sum" {
    schedule.compute_root
    schedule.vectorize "c" by "lanes"
  }
}

// A long sum is a sum of blocks of equal length: its error grows with the length of a block and the number of
// blocks, not with their product.
schedule.schedule @dense_blocks for ["dense"] when "dense.rank == 2" {
  schedule.use @dense_tile()
  schedule.param "unroll_kc" = "8"
  schedule.param "block" = "ceil(ceil(dense_sum.kc, ceil(dense_sum.kc, 256)), unroll_kc) * unroll_kc"
  schedule.stage "dense" {
    schedule.vectorize "c" by "lanes"
  }
  schedule.update "dense_sum" {
    schedule.split "kc" into ["block", "term"] by "block" tail guard_with_if
    schedule.rfactor "block" as "part"
    schedule.reorder ["c", "b", "block"]
    schedule.vectorize "c" by "lanes"
  }
  schedule.stage "dense_sum" {
    schedule.compute_root
    schedule.vectorize "c" by "lanes"
  }
  schedule.stage "part" {
    schedule.compute_inline
  }
  schedule.use @stream_weights("part", "term", ["block"])
  schedule.stage "part_sum" {
    schedule.compute_at "dense_sum" loop "block"
    schedule.vectorize "c" by "lanes"
  }
}
