// Processors with SSE 4.2 (x86-64-v2 of the System V ABI): no AVX, no fused multiply-add.
schedule.target @"x86-64-v2" parent @generic {
  triple = "x86_64-unknown-linux-gnu", cpu = "x86-64-v2"
}
