// 64-bit Arm with sums of products of bytes (FEAT_DotProd, Armv8.2): Cortex-A55 and A76, Neoverse N1, Apple
// M1 and later.
schedule.target @"aarch64-dotprod" parent @aarch64 {
  features = "+dotprod"
}
