// 64-bit Arm that multiplies small matrices of bytes too (FEAT_I8MM, Armv8.6): Cortex-A510 and A710,
// Neoverse V1 and N2, Apple M2 and later.
schedule.target @"aarch64-i8mm" parent @"aarch64-dotprod" {
  features = "+dotprod,+i8mm"
}
