// An A100 that is run by this machine's processor: the same schedules, for tests where there is no GPU.
schedule.target @"nvptx-emulated" parent @"nvptx-sm_80" {
  triple = "x86_64-unknown-linux-gnu", cpu = "x86-64-v2"
}
