// Processors with AVX-512 and its sums of products of bytes (VNNI): Cascade Lake, Ice Lake, Zen 4 and later.
schedule.target @"x86-64-v4-vnni" parent @"x86-64-v4" {
  features = "-prefer-256-bit,+avx512vnni"
}
