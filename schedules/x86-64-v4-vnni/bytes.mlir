// Sums of products of bytes by vpdpbusd, which reads unsigned bytes of the input.
//
// Measured on one core of an Emerald Rapids, requantization by floats, against the peak of vpdpbusd in the
// same run (375 G products a second), and how many times as fast as float32: pointwise 14x14x512 95 %, 4.4,
// 7x7x320 -> 1280 92 %, 4.2, 56x56x128 78 %, 4.0, 56x56x24 -> 144 42 %, 2.5; conv 28x28x128 3x3 92 %, 4.1;
// separable 7x7x1024 90 %, 4.3, 14x14x512 84 %, 4.0, 28x28x256 71 %, 3.4, 56x56x128 57 %, 3.0,
// 112x112x32 -> 64 35 %, 2.3; depthwise 56x56x128 12 %, 3.0. Few terms leave the requantization, ten
// instructions for sixteen results, as what takes the time; by integers (64-bit products) it takes sixteen.

schedule.schedule @pointwise_bytes for ["pointwise"] when "pointwise_sum.kc >= vpdpbusd_terms" {
  schedule.use @pointwise_of_bytes("vpdpbusd", "pointwise_sum.signed")
}

schedule.schedule @dense_bytes for ["dense"] when "dense.rank == 2 && dense_sum.kc >= vpdpbusd_terms" {
  schedule.use @dense_of_bytes("vpdpbusd", "dense_sum.signed")
}

schedule.schedule @conv_bytes for ["conv"] when "conv_sum.kx * conv_sum.kc >= vpdpbusd_terms" {
  schedule.use @conv_of_bytes("vpdpbusd", "conv_sum.signed")
}

schedule.schedule @depthwise_bytes for ["depthwise"] when "depthwise.c <= 4096" {
  schedule.use @depthwise_of_bytes("vpdpbusd")
}

schedule.schedule @separable_bytes for ["depthwise", "pointwise"] when "pointwise_sum.kc >= vpdpbusd_terms" {
  schedule.use @separable_of_bytes("vpdpbusd")
}
