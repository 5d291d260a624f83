// RUN: sepconv-opt %s | sepconv-opt | FileCheck %s
// Every operation of the dialect, printed as it was written.

// CHECK: schedule.target @"x86-64-v3" parent @"x86-64-v2" {cpu = "x86-64-v3", vector_bytes = 32 : i64}
schedule.target @"x86-64-v3" parent @"x86-64-v2" {cpu = "x86-64-v3", vector_bytes = 32}

// CHECK: schedule.target @generic {vector_bytes = 16 : i64}
schedule.target @generic {vector_bytes = 16}

// CHECK-LABEL: schedule.schedule @rows for ["depthwise", "pointwise"] when "pointwise.y >= 8" {
schedule.schedule @rows for ["depthwise", "pointwise"] when "pointwise.y >= 8" {
  // CHECK-NEXT: schedule.budget registers "128" shared_bytes "shared_bytes / 2"
  schedule.budget registers "128" shared_bytes "shared_bytes / 2"
  // CHECK-NEXT: schedule.param "lanes" = "vector_bytes / 4"
  schedule.param "lanes" = "vector_bytes / 4"
  // CHECK-NEXT: schedule.search ["vectors", "tile"] in ["range(1, 8)", "divisors(pointwise.x, 32)"] {
  schedule.search ["vectors", "tile"] in ["range(1, 8)", "divisors(pointwise.x, 32)"] {
    // CHECK-NEXT: schedule.let "sums" = "vectors * tile"
    schedule.let "sums" = "vectors * tile"
    // CHECK-NEXT: schedule.require "sums + vectors + 1 <= registers"
    schedule.require "sums + vectors + 1 <= registers"
    // CHECK-NEXT: schedule.minimize "ceil(pointwise.x, tile) * (sums + 2)"
    schedule.minimize "ceil(pointwise.x, tile) * (sums + 2)"
    // CHECK-NEXT: }
  }
  // CHECK-NEXT: schedule.require "pointwise.rank == 4"
  schedule.require "pointwise.rank == 4"
  // CHECK-NEXT: schedule.stage "pointwise" {
  schedule.stage "pointwise" {
    // CHECK-NEXT: schedule.split "c" into ["co", "ci"] by "vectors * lanes" tail predicate_stores
    schedule.split "c" into ["co", "ci"] by "vectors * lanes" tail predicate_stores
    // CHECK-NEXT: schedule.split "x" into ["xo", "xi"] by "tile"
    schedule.split "x" into ["xo", "xi"] by "tile" tail auto
    // CHECK-NEXT: schedule.fuse ["xo", "y"] into "xy"
    schedule.fuse ["xo", "y"] into "xy"
    // CHECK-NEXT: schedule.rename "co" to "k"
    schedule.rename "co" to "k"
    // CHECK-NEXT: schedule.reorder ["ci", "xi", "k", "xy"]
    schedule.reorder ["ci", "xi", "k", "xy"]
    // CHECK-NEXT: schedule.vectorize "ci" by "lanes" tail shift_inwards
    schedule.vectorize "ci" by "lanes" tail shift_inwards
    // CHECK-NEXT: schedule.unroll "xi"
    schedule.unroll "xi"
    // CHECK-NEXT: schedule.parallel "xy"
    schedule.parallel "xy"
    // CHECK-NEXT: schedule.bound "c" min "0" extent "64"
    schedule.bound "c" min "0" extent "64"
    // CHECK-NEXT: schedule.bound_extent "x" extent "7"
    schedule.bound_extent "x" extent "7"
    // CHECK-NEXT: schedule.align_bounds "c" by "16"
    schedule.align_bounds "c" by "16"
    // CHECK-NEXT: schedule.align_bounds "x" by "4" remainder "1"
    schedule.align_bounds "x" by "4" remainder "1"
    // CHECK-NEXT: schedule.compute_root
    schedule.compute_root
    // CHECK-NEXT: schedule.store_root
    schedule.store_root
    // CHECK-NEXT: }
  }
  // CHECK-NEXT: schedule.stage "pointwise_sum" {
  schedule.stage "pointwise_sum" {
    // CHECK-NEXT: schedule.compute_at "pointwise" loop "k"
    schedule.compute_at "pointwise" loop "k"
    // CHECK-NEXT: schedule.store_at "pointwise" loop "xy"
    schedule.store_at "pointwise" loop "xy"
    // CHECK-NEXT: schedule.hoist_storage "pointwise" loop "xy"
    schedule.hoist_storage "pointwise" loop "xy"
    // CHECK-NEXT: schedule.store_in register
    schedule.store_in register
    // CHECK-NEXT: schedule.pack "c" by "vectors * lanes"
    schedule.pack "c" by "vectors * lanes"
    // CHECK-NEXT: schedule.align_storage "c" by "lanes + 4"
    schedule.align_storage "c" by "lanes + 4"
    // CHECK-NEXT: schedule.wrap "input" as "tile"
    schedule.wrap "input" as "tile"
    // CHECK-NEXT: schedule.wrap "weight" as "filter" by "lanes"
    schedule.wrap "weight" as "filter" by "lanes"
    // CHECK-NEXT: }
  }
  // CHECK-NEXT: schedule.update "pointwise_sum" {
  schedule.update "pointwise_sum" {
    // CHECK-NEXT: schedule.prefetch "weight" at "kc" from "kc" by "8"
    schedule.prefetch "weight" at "kc" from "kc" by "8"
    // CHECK-NEXT: schedule.prefetch "input" at "kc" from "x" by "1"
    schedule.prefetch "input" at "kc" from "x" by "1"
    // CHECK-NEXT: schedule.gpu_blocks ["x", "y"]
    schedule.gpu_blocks ["x", "y"]
    // CHECK-NEXT: schedule.gpu_threads ["c"]
    schedule.gpu_threads ["c"]
    // CHECK-NEXT: schedule.rfactor "kc" as "part"
    schedule.rfactor "kc" as "part"
    // CHECK-NEXT: schedule.tensorize ["kc"] into "terms" by "vpdpbusd"
    schedule.tensorize ["kc"] into "terms" by "vpdpbusd"
    // CHECK-NEXT: schedule.gpu_lanes "c"
    schedule.gpu_lanes "c"
    // CHECK-NEXT: }
  }
  // CHECK-NEXT: schedule.stage "depthwise" {
  schedule.stage "depthwise" {
    // CHECK-NEXT: schedule.prefetch_next "y" in "pointwise_sum" loop "kc"
    schedule.prefetch_next "y" in "pointwise_sum" loop "kc"
    // CHECK-NEXT: schedule.read_ahead "y" by "depthwise_sum.stride_y" in "pointwise_sum" loop "kc"
    schedule.read_ahead "y" by "depthwise_sum.stride_y" in "pointwise_sum" loop "kc"
    // CHECK-NEXT: schedule.compute_inline
    schedule.compute_inline
    // CHECK-NEXT: }
  }
  // CHECK-NEXT: schedule.stage "depthwise_sum" {
  schedule.stage "depthwise_sum" {
    // CHECK-NEXT: schedule.expand
    schedule.expand
    // CHECK-NEXT: }
  }
  // CHECK-NEXT: schedule.stage "pad" {
  // CHECK-NEXT: }
  schedule.stage "pad" {}
  // CHECK-NEXT: }
}

// A schedule without directives: every stage is computed at the root.
// CHECK: schedule.schedule @defaults for ["pool"] {
// CHECK-NEXT: }
schedule.schedule @defaults for ["pool"] {}

// A piece of schedules, and its use.
// CHECK: schedule.define @accumulate(STAGE, LOOPS) {
schedule.define @accumulate(STAGE, LOOPS) {
  // CHECK-NEXT: schedule.update "STAGE_sum" {
  schedule.update "STAGE_sum" {
    // CHECK-NEXT: schedule.reorder ["c", "x", "LOOPS"]
    schedule.reorder ["c", "x", "LOOPS"]
    // CHECK-NEXT: schedule.use @inner()
    schedule.use @inner()
  }
}

// CHECK: schedule.define @inner() {
schedule.define @inner() {
  // CHECK-NEXT: schedule.vectorize "c"
  schedule.vectorize "c"
}

// CHECK: schedule.schedule @uses for ["conv"] {
schedule.schedule @uses for ["conv"] {
  // CHECK-NEXT: schedule.use @accumulate("conv", ["kc", "kx", "ky"])
  schedule.use @accumulate("conv", ["kc", "kx", "ky"])
  // CHECK-NEXT: schedule.search ["step"] in ["[4, 2, 1]"] {
  // CHECK-NEXT: }
  schedule.search ["step"] in ["[4, 2, 1]"] {}
}

// A whole schedule: vectors and tiles of channels.
// CHECK-LABEL: schedule.schedule @tiles for ["pointwise"] when "pointwise.y >= 8" {
schedule.schedule @tiles for ["pointwise"] when "pointwise.y >= 8" {
  // CHECK-NEXT: schedule.param "lanes" = "vector_bytes / pointwise.bytes"
  schedule.param "lanes" = "vector_bytes / pointwise.bytes"
  // CHECK-NEXT: schedule.stage "pointwise" {
  schedule.stage "pointwise" {
    // CHECK-NEXT: schedule.split "c" into ["co", "ci"] by "2 * lanes"
    schedule.split "c" into ["co", "ci"] by "2 * lanes"
    // CHECK-NEXT: schedule.vectorize "ci" by "lanes"
    schedule.vectorize "ci" by "lanes"
    // CHECK-NEXT: schedule.parallel "y"
    schedule.parallel "y"
  // CHECK-NEXT: }
  }
  // CHECK-NEXT: schedule.stage "pointwise_sum" {
  schedule.stage "pointwise_sum" {
    // CHECK-NEXT: schedule.compute_at "pointwise" loop "co"
    schedule.compute_at "pointwise" loop "co"
    // CHECK-NEXT: schedule.vectorize "c" by "lanes"
    schedule.vectorize "c" by "lanes"
  // CHECK-NEXT: }
  }
  // CHECK-NEXT: schedule.update "pointwise_sum" {
  schedule.update "pointwise_sum" {
    // CHECK-NEXT: schedule.reorder ["c", "x", "kc"]
    schedule.reorder ["c", "x", "kc"]
    // CHECK-NEXT: schedule.vectorize "c" by "lanes"
    schedule.vectorize "c" by "lanes"
  // CHECK-NEXT: }
  }
// CHECK-NEXT: }
}
