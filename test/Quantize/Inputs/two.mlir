// Two inputs.
func.func @main(%a: tensor<1x8x8xf32> {sepconv.name = "a"}, %b: tensor<1x8x8xf32> {sepconv.name = "b"}) -> tensor<1x8x3xf32> {
  %w = arith.constant dense<1.0> : tensor<8x3xf32>
  %e = tensor.empty() : tensor<1x8x8xf32>
  %0 = linalg.add ins(%a, %b : tensor<1x8x8xf32>, tensor<1x8x8xf32>) outs(%e : tensor<1x8x8xf32>) -> tensor<1x8x8xf32>
  %1 = sepconv.dense(%0, %w) : (tensor<1x8x8xf32>, tensor<8x3xf32>) -> tensor<1x8x3xf32>
  return %1 : tensor<1x8x3xf32>
}
