func.func @main(%x: tensor<1x4xf64>) -> tensor<1x4xf64> {
  %e = tensor.empty() : tensor<1x4xf64>
  %y = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>],
                       iterator_types = ["parallel", "parallel"]}
    ins(%x : tensor<1x4xf64>)
    outs(%e : tensor<1x4xf64>) {
  ^bb0(%a: f64, %o: f64):
    %r = math.sin %a : f64
    linalg.yield %r : f64
  } -> tensor<1x4xf64>
  return %y : tensor<1x4xf64>
}
