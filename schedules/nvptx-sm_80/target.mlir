// Ampere: A100.
schedule.target @"nvptx-sm_80" parent @nvptx {
  triple = "nvptx64-nvidia-cuda", cpu = "sm_80",
  sms = 108,
  l2_bytes = 41943040
}
