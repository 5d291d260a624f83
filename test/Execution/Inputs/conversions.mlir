// Every number of a narrow type as float32, and float32 rounded to it: in vectors, and one by one where a
// tensor of rank 1 has no schedule.
#rows = affine_map<(i, j) -> (i, j)>
#flat = affine_map<(i) -> (i)>
module {
  func.func @main(%narrow: tensor<1024x64xTYPE> {sepconv.name = "narrow"},
                  %wide: tensor<4096x64xf32> {sepconv.name = "wide"})
      -> (tensor<1024x64xf32> {sepconv.name = "extended"}, tensor<4096x64xTYPE> {sepconv.name = "rounded"},
          tensor<65536xf32> {sepconv.name = "extended_one"}, tensor<262144xTYPE> {sepconv.name = "rounded_one"}) {
    %e0 = tensor.empty() : tensor<1024x64xf32>
    %0 = linalg.generic {indexing_maps = [#rows, #rows], iterator_types = ["parallel", "parallel"]}
        ins(%narrow : tensor<1024x64xTYPE>) outs(%e0 : tensor<1024x64xf32>) {
    ^bb0(%in: TYPE, %out: f32):
      %x = arith.extf %in : TYPE to f32
      linalg.yield %x : f32
    } -> tensor<1024x64xf32>
    %e1 = tensor.empty() : tensor<4096x64xTYPE>
    %1 = linalg.generic {indexing_maps = [#rows, #rows], iterator_types = ["parallel", "parallel"]}
        ins(%wide : tensor<4096x64xf32>) outs(%e1 : tensor<4096x64xTYPE>) {
    ^bb0(%in: f32, %out: TYPE):
      %x = arith.truncf %in : f32 to TYPE
      linalg.yield %x : TYPE
    } -> tensor<4096x64xTYPE>
    %flat_narrow = tensor.collapse_shape %narrow [[0, 1]] : tensor<1024x64xTYPE> into tensor<65536xTYPE>
    %e2 = tensor.empty() : tensor<65536xf32>
    %2 = linalg.generic {indexing_maps = [#flat, #flat], iterator_types = ["parallel"]}
        ins(%flat_narrow : tensor<65536xTYPE>) outs(%e2 : tensor<65536xf32>) {
    ^bb0(%in: TYPE, %out: f32):
      %x = arith.extf %in : TYPE to f32
      linalg.yield %x : f32
    } -> tensor<65536xf32>
    %flat_wide = tensor.collapse_shape %wide [[0, 1]] : tensor<4096x64xf32> into tensor<262144xf32>
    %e3 = tensor.empty() : tensor<262144xTYPE>
    %3 = linalg.generic {indexing_maps = [#flat, #flat], iterator_types = ["parallel"]}
        ins(%flat_wide : tensor<262144xf32>) outs(%e3 : tensor<262144xTYPE>) {
    ^bb0(%in: f32, %out: TYPE):
      %x = arith.truncf %in : f32 to TYPE
      linalg.yield %x : TYPE
    } -> tensor<262144xTYPE>
    return %0, %1, %2, %3 : tensor<1024x64xf32>, tensor<4096x64xTYPE>, tensor<65536xf32>, tensor<262144xTYPE>
  }
}
