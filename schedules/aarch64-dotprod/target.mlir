// 64-bit Arm with sums of products of bytes (FEAT_DotProd, Armv8.2): Cortex-A55 and A76, Neoverse N1, Apple
// M1 and later.
schedule.target @"aarch64-dotprod" parent @aarch64 {
  features = "+dotprod",
  // sdot adds so many products of signed bytes to each 32-bit lane. A core starts two of them a cycle, and
  // one is done after 3 (Arm, Neoverse N1 Software Optimization Guide).
  sdot_terms = 4,
  sdot_latency = 3,
  sdot_per_cycle = 2
}
