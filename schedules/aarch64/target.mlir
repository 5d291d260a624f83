// 64-bit Arm with NEON.
schedule.target @aarch64 parent @generic {
  triple = "aarch64-unknown-linux-gnu", cpu = "generic",
  registers = 32
}
