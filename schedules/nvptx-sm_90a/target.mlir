// Hopper: H100, H200. NVIDIA H100 Tensor Core GPU Architecture (white paper), of the H100 SXM.
schedule.target @"nvptx-sm_90a" parent @nvptx {
  triple = "nvptx64-nvidia-cuda", cpu = "sm_90a",
  sms = 132,
  shared_bytes_per_sm = 233472,
  fma_lanes = 128,
  clock_mhz = 1980,
  memory_gb_per_s = 3350,
  l2_bytes = 52428800
}
