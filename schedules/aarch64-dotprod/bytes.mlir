// Sums of products of bytes by sdot, which reads signed bytes of the input.

schedule.schedule @pointwise_bytes for ["pointwise"] when "pointwise_sum.kc >= sdot_terms" {
  schedule.use @pointwise_of_bytes("sdot", "!pointwise_sum.signed")
}

schedule.schedule @dense_bytes for ["dense"] when "dense.rank == 2 && dense_sum.kc >= sdot_terms" {
  schedule.use @dense_of_bytes("sdot", "!dense_sum.signed")
}

schedule.schedule @conv_bytes for ["conv"] when "conv_sum.kx * conv_sum.kc >= sdot_terms" {
  schedule.use @conv_of_bytes("sdot", "!conv_sum.signed")
}

schedule.schedule @depthwise_bytes for ["depthwise"] when "depthwise.c <= 4096" {
  schedule.use @depthwise_of_bytes("sdot")
}

schedule.schedule @separable_bytes for ["depthwise", "pointwise"] when "pointwise_sum.kc >= sdot_terms" {
  schedule.use @separable_of_bytes("sdot")
}
