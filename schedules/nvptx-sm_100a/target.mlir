// Blackwell: B200.
schedule.target @"nvptx-sm_100a" parent @nvptx {
  triple = "nvptx64-nvidia-cuda", cpu = "sm_100a",
  sms = 148,
  l2_bytes = 132120576
}
