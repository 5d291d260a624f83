// Ampere: A100. NVIDIA A100 Tensor Core GPU Architecture (white paper), of the 40 GB one; 64 multipliers of a
// multiprocessor are for float32.
schedule.target @"nvptx-sm_80" parent @nvptx {
  triple = "nvptx64-nvidia-cuda", cpu = "sm_80",
  sms = 108,
  shared_bytes_per_sm = 167936,
  fma_lanes = 64,
  clock_mhz = 1410,
  memory_gb_per_s = 1555,
  l2_bytes = 41943040
}
