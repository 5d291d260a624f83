// Dense layers of bytes. Each weight is read once for each sample, so that the sums of as many channels as
// hide the latency of vpdpbusd are in registers, and the weights come in the order in which they are packed.

schedule.schedule @dense_bytes for ["dense"] when "dense.rank == 2 && dense_sum.kc >= vpdpbusd_terms" {
  schedule.require "dense_sum.dot && dense_sum.weight"
  schedule.use @lanes("lanes", "dense_sum", "dense")
  schedule.require "lanes >= 4"
  schedule.param "vectors" = "dense.c / lanes"
  schedule.param "most" = "vpdpbusd_latency * vpdpbusd_per_cycle"
  schedule.param "tile_c" = "lanes * ceil(vectors, ceil(vectors, most))"
  schedule.param "padded" = "dense.c % tile_c != 0"
  schedule.search ["bytes_in"] in ["[64, 32, 16, 8, 4]"] {
    schedule.require "bytes_in <= min(vector_bytes, dense_sum.kc)"
  }
  schedule.stage "dense" {
    schedule.split "c" into ["ct", "ci"] by "tile_c" tail shift_inwards {when = "!padded"}
    schedule.split "c" into ["ct", "ci"] by "tile_c" tail guard_with_if {when = "padded"}
    schedule.reorder ["ci", "b", "ct"]
    schedule.vectorize "ci" by "lanes"
    schedule.unroll "ci"
  }
  schedule.update "dense_sum" {
    schedule.tensorize ["kc"] into "kc" by "vpdpbusd"
    schedule.reorder ["c", "kc"]
    schedule.vectorize "c" by "lanes"
    schedule.unroll "c"
  }
  schedule.stage "dense_sum" {
    schedule.wrap "input" as "bytes" {when = "dense_sum.signed"}
    schedule.compute_at "dense" loop "b"
    schedule.store_in stack
    schedule.bound_extent "c" extent "tile_c" {when = "padded"}
    schedule.pack "c" by "tile_c"
    schedule.vectorize "c" by "lanes"
    schedule.unroll "c"
  }
  schedule.stage "bytes" {
    schedule.compute_root
    schedule.vectorize "kc" by "bytes_in" tail shift_inwards
  }
}
