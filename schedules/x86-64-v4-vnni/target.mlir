// Processors with AVX-512 and its sums of products of bytes (VNNI): Cascade Lake, Ice Lake, Zen 4 and later.
schedule.target @"x86-64-v4-vnni" parent @"x86-64-v4" {
  features = "-prefer-256-bit,+avx512vnni",
  // vpdpbusd adds so many products of an unsigned and a signed byte to each 32-bit lane. A core starts two
  // of them a cycle, and one is done after 5 (uops.info: Cascade Lake to Sapphire Rapids, with two units).
  vpdpbusd_terms = 4,
  vpdpbusd_latency = 5,
  vpdpbusd_per_cycle = 2
}
