// One product for every processor from x86-64-v2 on: the code of each level, chosen by the first call.
// Only layers of integers have a use for products of bytes.
schedule.target @"x86-64-multi" {
  triple = "x86_64-unknown-linux-gnu", cpu = "x86-64",
  variants = ["x86-64-v4", "x86-64-v3", "x86-64-v2"],
  integer_variants = ["x86-64-v4-vnni"]
}
