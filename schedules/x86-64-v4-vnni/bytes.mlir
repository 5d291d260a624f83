// Sums of products of bytes by vpdpbusd, which reads unsigned bytes of the input.

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
