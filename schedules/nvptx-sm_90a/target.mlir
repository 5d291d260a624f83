// Hopper: H100, H200.
schedule.target @"nvptx-sm_90a" parent @nvptx {
  triple = "nvptx64-nvidia-cuda", cpu = "sm_90a",
  sms = 132,
  l2_bytes = 52428800
}
