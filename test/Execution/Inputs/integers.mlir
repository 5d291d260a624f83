// Integers of every type that a caller can have: read, compared, widened and narrowed.
#id = affine_map<(a, b) -> (a, b)>
#row = affine_map<(a, b) -> (a)>
func.func @main(
    %u8: tensor<3x37xi8> {sepconv.name = "u8", sepconv.dtype = "uint8"}, %i8: tensor<3x37xi8> {sepconv.name = "i8"},
    %u16: tensor<3x37xi16> {sepconv.name = "u16", sepconv.dtype = "uint16"}, %i16: tensor<3x37xi16> {sepconv.name = "i16"},
    %u32: tensor<3x37xi32> {sepconv.name = "u32", sepconv.dtype = "uint32"}, %i32: tensor<3x37xi32> {sepconv.name = "i32"},
    %i64: tensor<3x37xi64> {sepconv.name = "i64"}, %b: tensor<3x37xi1> {sepconv.name = "b"}, %f: tensor<3x37xf32> {sepconv.name = "f"})
    -> (tensor<3x37xf32> {sepconv.name = "sum"}, tensor<3x37xi8> {sepconv.name = "narrow", sepconv.dtype = "uint8"},
        tensor<3x37xi1> {sepconv.name = "less"}, tensor<3x37xi64> {sepconv.name = "wide"}, tensor<3xi32> {sepconv.name = "total"},
        tensor<3x37xi16> {sepconv.name = "short"}) {
  %ef = tensor.empty() : tensor<3x37xf32>
  %e8 = tensor.empty() : tensor<3x37xi8>
  %e1 = tensor.empty() : tensor<3x37xi1>
  %e64 = tensor.empty() : tensor<3x37xi64>
  %e16 = tensor.empty() : tensor<3x37xi16>
  %sum = linalg.generic {indexing_maps = [#id, #id, #id, #id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%u8, %i8, %u32, %b : tensor<3x37xi8>, tensor<3x37xi8>, tensor<3x37xi32>, tensor<3x37xi1>) outs(%ef : tensor<3x37xf32>) {
  ^bb0(%0: i8, %1: i8, %2: i32, %3: i1, %out: f32):
    %4 = arith.uitofp %0 : i8 to f32
    %5 = arith.sitofp %1 : i8 to f32
    %6 = arith.uitofp %2 : i32 to f32
    %7 = arith.addf %4, %5 : f32
    %8 = arith.select %3, %7, %6 : f32
    linalg.yield %8 : f32
  } -> tensor<3x37xf32>
  %narrow = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%f, %i32 : tensor<3x37xf32>, tensor<3x37xi32>) outs(%e8 : tensor<3x37xi8>) {
  ^bb0(%0: f32, %1: i32, %out: i8):
    %2 = arith.fptosi %0 : f32 to i32
    %3 = arith.addi %1, %2 : i32
    %4 = arith.trunci %3 : i32 to i8
    linalg.yield %4 : i8
  } -> tensor<3x37xi8>
  %less = linalg.generic {indexing_maps = [#id, #id, #id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%u16, %i16, %b : tensor<3x37xi16>, tensor<3x37xi16>, tensor<3x37xi1>) outs(%e1 : tensor<3x37xi1>) {
  ^bb0(%0: i16, %1: i16, %2: i1, %out: i1):
    %3 = arith.cmpi ult, %0, %1 : i16
    %4 = arith.xori %3, %2 : i1
    linalg.yield %4 : i1
  } -> tensor<3x37xi1>
  %wide = linalg.generic {indexing_maps = [#id, #id, #id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%i64, %u32, %i32 : tensor<3x37xi64>, tensor<3x37xi32>, tensor<3x37xi32>) outs(%e64 : tensor<3x37xi64>) {
  ^bb0(%0: i64, %1: i32, %2: i32, %out: i64):
    %3 = arith.extui %1 : i32 to i64
    %4 = arith.extsi %2 : i32 to i64
    %5 = arith.subi %3, %4 : i64
    %6 = arith.maxsi %0, %5 : i64
    linalg.yield %6 : i64
  } -> tensor<3x37xi64>
  %zero = arith.constant 0 : i32
  %e32 = tensor.empty() : tensor<3xi32>
  %init = linalg.fill ins(%zero : i32) outs(%e32 : tensor<3xi32>) -> tensor<3xi32>
  %total = linalg.generic {indexing_maps = [#id, #id, #row], iterator_types = ["parallel", "reduction"]}
      ins(%u8, %b : tensor<3x37xi8>, tensor<3x37xi1>) outs(%init : tensor<3xi32>) {
  ^bb0(%0: i8, %1: i1, %out: i32):
    %2 = arith.extui %0 : i8 to i32
    %3 = arith.select %1, %2, %zero : i32
    %4 = arith.addi %out, %3 : i32
    linalg.yield %4 : i32
  } -> tensor<3xi32>
  %short = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%u16, %i16 : tensor<3x37xi16>, tensor<3x37xi16>) outs(%e16 : tensor<3x37xi16>) {
  ^bb0(%0: i16, %1: i16, %out: i16):
    %2 = arith.maxui %0, %1 : i16
    %c3 = arith.constant 3 : i16
    %3 = arith.divsi %2, %c3 : i16
    %4 = arith.andi %3, %1 : i16
    linalg.yield %4 : i16
  } -> tensor<3x37xi16>
  return %sum, %narrow, %less, %wide, %total, %short
    : tensor<3x37xf32>, tensor<3x37xi8>, tensor<3x37xi1>, tensor<3x37xi64>, tensor<3xi32>, tensor<3x37xi16>
}
