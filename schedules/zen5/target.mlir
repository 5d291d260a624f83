// AMD's Zen 5 with units of 512 bits (AMD, Software Optimization Guide for the AMD Zen5 Microarchitecture).
schedule.target @zen5 parent @"x86-64-v4-vnni" {
  cpu = "znver5",
  features = "-prefer-256-bit",
  l1_bytes = 49152,
  vpdpbusd_latency = 4
}
