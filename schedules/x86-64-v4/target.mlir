// Processors with AVX-512 (x86-64-v4): Skylake-SP, Zen 4 and later.
schedule.target @"x86-64-v4" parent @"x86-64-v3" {
  cpu = "x86-64-v4",
  features = "-prefer-256-bit",   // LLVM prefers 256-bit vectors for some of these processors
  vector_bytes = 64,              // zmm
  registers = 32,
  l2_bytes = 1048576              // Skylake-SP and Zen 4; Sapphire Rapids has 2 MiB
}
