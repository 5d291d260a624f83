// AMD's Zen 4: VNNI and AVX512_BF16 in vectors of 512 bits, which go through units of 256 bits twice (AMD,
// Software Optimization Guide for the AMD Zen4 Microarchitecture).
schedule.target @zen4 parent @"x86-64-v4-vnni" {
  cpu = "znver4",
  features = "-prefer-256-bit",
  vpdpbusd_latency = 4,
  vpdpbusd_per_cycle = 1
}
