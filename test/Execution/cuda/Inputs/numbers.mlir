func.func @main(%x: tensor<1x8x8x4xf32> {sepconv.name = "x"})
    -> (tensor<1x8x8x4xf32> {sepconv.name = "same"}, tensor<4xf32> {sepconv.name = "numbers"}) {
  %n = arith.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>
  return %x, %n : tensor<1x8x8x4xf32>, tensor<4xf32>
}
