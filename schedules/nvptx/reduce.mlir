// A softmax of rows: a block for each, whose threads find the largest element of a slice, then the sum of a slice's
// exponentials, which are computed again for the results: that is cheaper than to keep them.

schedule.schedule @softmax for ["reduce", "reduce"]
    when "reduce.rank == 2 && reduce_1.rank == 2 && reduce_sum.rank == 1 && reduce_1_sum.rank == 1 && reduce_1.c == reduce_sum.kc && reduce_1.c == reduce_1_sum.kc" {
  schedule.param "slices" in "[128, 64, 32]" minimize "ceil(reduce_1.c, slices) + slices / 8"
  schedule.budget registers "registers_per_sm / (2 * default_threads)" shared_bytes "shared_bytes"
  schedule.stage "reduce_1" {
    schedule.split "c" into ["step", "thread"] by "slices" tail guard_with_if
    schedule.reorder ["step", "thread", "b"]
    schedule.gpu_blocks ["b"]
    schedule.gpu_threads ["thread"]
  }
  schedule.update "reduce_sum" {
    schedule.split "kc" into ["step", "slice"] by "slices" tail guard_with_if
    schedule.rfactor "slice" as "most"
    schedule.reorder ["slice", "c"]
    schedule.unroll "slice" by "8"
    schedule.gpu_threads ["c"]
  }
  schedule.update "most_sum" {
    schedule.reorder ["step", "c", "slice"]
  }
  schedule.update "reduce_1_sum" {
    schedule.split "kc" into ["step", "slice"] by "slices" tail guard_with_if
    schedule.rfactor "slice" as "total"
    schedule.reorder ["slice", "c"]
    schedule.unroll "slice" by "8"
    schedule.gpu_threads ["c"]
  }
  schedule.update "total_sum" {
    schedule.reorder ["step", "c", "slice"]
  }
  schedule.stage "reduce" {
    schedule.compute_inline
  }
  schedule.stage "reduce_sum" {
    schedule.compute_at "reduce_1" loop "b"
    schedule.store_in gpu_shared
    schedule.gpu_threads ["c"]
  }
  schedule.stage "most" {
    schedule.compute_at "reduce_1" loop "b"
    schedule.store_in gpu_shared
    schedule.reorder ["c", "slice"]
    schedule.gpu_threads ["slice"]
  }
  schedule.stage "most_sum" {
    schedule.compute_at "most" loop "slice"
    schedule.store_in register
  }
  schedule.stage "reduce_1_sum" {
    schedule.compute_at "reduce_1" loop "b"
    schedule.store_in gpu_shared
    schedule.gpu_threads ["c"]
  }
  schedule.stage "total" {
    schedule.compute_at "reduce_1" loop "b"
    schedule.store_in gpu_shared
    schedule.reorder ["c", "slice"]
    schedule.gpu_threads ["slice"]
  }
  schedule.stage "total_sum" {
    schedule.compute_at "total" loop "slice"
    schedule.store_in register
  }
}
