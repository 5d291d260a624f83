// Blackwell: B200. NVIDIA Blackwell datasheet: 80 TFLOP/s of float32, 8 TB/s.
schedule.target @"nvptx-sm_100a" parent @nvptx {
  triple = "nvptx64-nvidia-cuda", cpu = "sm_100a",
  sms = 148,
  shared_bytes_per_sm = 233472,
  fma_lanes = 128,
  clock_mhz = 1965,
  memory_gb_per_s = 8000,
  l2_bytes = 132120576
}
