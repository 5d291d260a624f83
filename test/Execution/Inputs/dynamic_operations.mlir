// Operations whose heights and widths are dynamic, each an output.
#h = #sepconv.size<"height", least = 5, greatest = 40>
#w = #sepconv.size<"width", least = 4, greatest = 36, factor = 2>
func.func @main(%x: tensor<1x?x?x6xf32> {sepconv.name = "x", sepconv.sizes = [#h, #w]})
    -> (tensor<1x?x?x6xf32> {sepconv.name = "avg"}, tensor<1x?x?x6xf32> {sepconv.name = "max"}, tensor<1x?x?x8xf32> {sepconv.name = "conv"},
        tensor<1x?x?x6xf32> {sepconv.name = "norm"}, tensor<1x?x?x12xf32> {sepconv.name = "cat"}, tensor<1x?x?x6xf32> {sepconv.name = "sum"}, tensor<1x?x?x6xf32> {sepconv.name = "soft"},
        tensor<1x6xf32> {sepconv.name = "mean"}, tensor<1x?x?x6xf32> {sepconv.name = "pad"}) {
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %hh = tensor.dim %x, %c1 : tensor<1x?x?x6xf32>
  %ww = tensor.dim %x, %c2 : tensor<1x?x?x6xf32>
  %avg = sepconv.pool2d(%x) {kind = #sepconv.pool_kind<average>, window = array<i64: 3, 3>, strides = array<i64: 2, 2>, same} : (tensor<1x?x?x6xf32>) -> tensor<1x?x?x6xf32>
  %max = sepconv.pool2d(%x) {kind = #sepconv.pool_kind<max>, window = array<i64: 2, 3>, strides = array<i64: 1, 2>} : (tensor<1x?x?x6xf32>) -> tensor<1x?x?x6xf32>
  %k = arith.constant dense<0.25> : tensor<3x2x3x8xf32>
  %conv = sepconv.conv2d(%x, %k) {groups = 2 : i64, strides = array<i64: 3, 1>, same, activation = #sepconv.activation<tanh>} : (tensor<1x?x?x6xf32>, tensor<3x2x3x8xf32>) -> tensor<1x?x?x8xf32>
  %v = arith.constant dense<[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]> : tensor<6xf32>
  %norm = sepconv.batch_norm(%x, %v, %v, %v, %v) {axis = 3, epsilon = 1.0e-3} : tensor<1x?x?x6xf32>, tensor<6xf32>
  %cat = tensor.concat dim(3) %x, %norm : (tensor<1x?x?x6xf32>, tensor<1x?x?x6xf32>) -> tensor<1x?x?x12xf32>
  %e = tensor.empty(%hh, %ww) : tensor<1x?x?x6xf32>
  %sum = linalg.add ins(%x, %norm : tensor<1x?x?x6xf32>, tensor<1x?x?x6xf32>) outs(%e : tensor<1x?x?x6xf32>) -> tensor<1x?x?x6xf32>
  %soft = linalg.softmax dimension(3) ins(%x : tensor<1x?x?x6xf32>) outs(%e : tensor<1x?x?x6xf32>) -> tensor<1x?x?x6xf32>
  %zero = arith.constant 0.0 : f32
  %em = tensor.empty() : tensor<1x6xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%em : tensor<1x6xf32>) -> tensor<1x6xf32>
  %mean = linalg.generic {indexing_maps = [affine_map<(b, c, y, x) -> (b, y, x, c)>, affine_map<(b, c, y, x) -> (b, c)>], iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
     ins(%x : tensor<1x?x?x6xf32>) outs(%fill : tensor<1x6xf32>) {
    ^bb0(%a: f32, %o: f32):
      %s = arith.addf %a, %o : f32
      linalg.yield %s : f32
  } -> tensor<1x6xf32>
  %pad = tensor.pad %x low[0, 1, 2, 0] high[0, 3, 0, 0] {
    ^bb0(%b: index, %i: index, %j: index, %c: index):
      tensor.yield %zero : f32
  } : tensor<1x?x?x6xf32> to tensor<1x?x?x6xf32>
  return %avg, %max, %conv, %norm, %cat, %sum, %soft, %mean, %pad : tensor<1x?x?x6xf32>, tensor<1x?x?x6xf32>, tensor<1x?x?x8xf32>, tensor<1x?x?x6xf32>, tensor<1x?x?x12xf32>, tensor<1x?x?x6xf32>, tensor<1x?x?x6xf32>, tensor<1x6xf32>, tensor<1x?x?x6xf32>
}
