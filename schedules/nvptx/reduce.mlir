// A softmax of rows: a block for each, whose threads find the largest element of a slice, then the sum of a
// slice's exponentials, which are computed again for the results: that is cheaper than to keep them.

// A sum of the block's slices, which is in shared memory as they are.
schedule.define @sum_of_slices(STAGE, PART) {
  schedule.update "STAGE_sum" {
    schedule.split "kc" into ["step", "slice"] by "slices" tail guard_with_if
    schedule.rfactor "slice" as "PART"
    schedule.reorder ["slice", "c"]
    schedule.unroll "slice" by "8"
    schedule.gpu_threads ["c"]
  }
  schedule.update "PART_sum" {
    schedule.reorder ["step", "c", "slice"]
  }
  schedule.stage "STAGE_sum" {
    schedule.compute_at "reduce_1" loop "b"
    schedule.store_in gpu_shared
    schedule.gpu_threads ["c"]
  }
  schedule.stage "PART" {
    schedule.compute_at "reduce_1" loop "b"
    schedule.store_in gpu_shared
    schedule.reorder ["c", "slice"]
    schedule.gpu_threads ["slice"]
  }
  schedule.stage "PART_sum" {
    schedule.compute_at "PART" loop "slice"
    schedule.store_in register
  }
}

schedule.schedule @softmax for ["reduce", "reduce"] {
  schedule.require "reduce.rank == 2 && reduce_1.rank == 2"
  schedule.require "reduce_sum.rank == 1 && reduce_1_sum.rank == 1"
  schedule.require "reduce_1.c == reduce_sum.kc && reduce_1.c == reduce_1_sum.kc"
  schedule.search ["slices"] in ["[128, 64, 32]"] {
    schedule.minimize "ceil(reduce_1.c, slices) + slices / 8"
  }
  schedule.use @blocks_at_a_time("2")
  schedule.stage "reduce_1" {
    schedule.split "c" into ["step", "thread"] by "slices" tail guard_with_if
    schedule.reorder ["step", "thread", "b"]
    schedule.gpu_blocks ["b"]
    schedule.gpu_threads ["thread"]
  }
  schedule.stage "reduce" {
    schedule.compute_inline
  }
  schedule.use @sum_of_slices("reduce", "most")
  schedule.use @sum_of_slices("reduce_1", "total")
}
