// No layer at all.
func.func @main(%a: tensor<1x4xf32>) -> tensor<1x4xf32> {
  return %a : tensor<1x4xf32>
}
