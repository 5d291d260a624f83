// Processors with AVX2 and FMA (x86-64-v3): Haswell, Zen and later.
schedule.target @"x86-64-v3" parent @"x86-64-v2" {
  cpu = "x86-64-v3",
  vector_bytes = 32   // ymm
}
