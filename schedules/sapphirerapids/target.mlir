// Intel's Sapphire and Emerald Rapids: VNNI, AVX512_BF16, AVX512_FP16, and AMX, which no schedule uses yet.
schedule.target @sapphirerapids parent @"x86-64-v4-vnni" {
  cpu = "sapphirerapids",
  features = "-prefer-256-bit",
  l1_bytes = 49152,
  l2_bytes = 2097152
}
