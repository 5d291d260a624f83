// Heights and widths that are known when the product runs: what is launched, copied and refused follows from them.

// RUN: rm -rf %t && mkdir -p %t/driver
// RUN: sepconv-compile %s -o %t --name=net --target=host+nvptx-sm_80 --emit=header,shared,report-json
// RUN: FileCheck %s --check-prefix=HEADER < %t/net.h
// RUN: FileCheck %s --check-prefix=REPORT < %t/net.json
// RUN: %cc -std=gnu11 -Wall -Werror -g -fPIC -shared %S/Inputs/driver.c -o %t/driver/libcuda.so.1
// RUN: %python -c "import numpy as np; [np.save(r'%t/' + f'{h}x{w}', np.ones((n, h, w, 8), 'f')) for n, h, w in ((1, 5, 4), (3, 40, 36), (2, 17, 10), (1, 1, 2), (2, 41, 10), (2, 17, 11))]"
// HEADER: NET_CUDA_ERROR_UNSUPPORTED_SIZE = 7, /* a size is not one of those that the code is for */
// HEADER: const net_cuda *model, size_t batch, size_t height, size_t width,

// In the report as they follow.
// REPORT: "grid":[1,"((((width / 2) + 1) / 2) * ((height + 3) / 4))",1]
// REPORT-SAME: "grid":["((2 < height) ? 1 : 0)","(((height + 1) / 2) + -1)",1]
// REPORT-SAME: "copied_bytes":"(((height * width) * 8) * 4)"

// Tiles of 4 x 4 positions for each image. Kernels take sizes as the multiples that they are, the width of the second one's input
// is half as many; images lie one behind the other, in the workspace as far apart as the greatest ones.
// RUN: env LD_LIBRARY_PATH=%t/driver sepconv-run %t/libnet.so %t/5x4.npy --cuda -o %t/out | FileCheck %s --check-prefix=LEAST
// LEAST: launch depthwise_pointwise_0_0 [1 2 1] x [{{.*}}], 4 arguments, stream {{.*}}, sizes 5 2, strides 640 0 0 23040
// LEAST-NEXT: launch pool_0_0 [1 2 1] x [{{.*}}], 2 arguments, stream {{.*}}, sizes 2, strides 23040 256
// LEAST-NEXT: copy 640 bytes
// RUN: env LD_LIBRARY_PATH=%t/driver sepconv-run %t/libnet.so %t/40x36.npy --cuda -o %t/out | FileCheck %s --check-prefix=GREATEST
// GREATEST: launch depthwise_pointwise_0_0 [1 90 3] x {{.*}}, sizes 40 18, strides 46080 0 0 23040
// GREATEST-NEXT: launch pool_0_0 [1 19 3] x {{.*}}, sizes 18, strides 23040 21888
// GREATEST-NEXT: copy 138240 bytes
// RUN: env LD_LIBRARY_PATH=%t/driver sepconv-run %t/libnet.so %t/17x10.npy --cuda -o %t/out | FileCheck %s --check-prefix=ODD
// ODD: launch depthwise_pointwise_0_0 [1 15 2] x {{.*}}, sizes 17 5, strides 5440 0 0 23040
// ODD-NEXT: launch pool_0_0 [1 8 2] x {{.*}}, sizes 5, strides 23040 2560

// Where no window fits there is nothing to launch.
// RUN: env LD_LIBRARY_PATH=%t/driver sepconv-run %t/libnet.so %t/1x2.npy --cuda -o %t/out | FileCheck %s --check-prefix=NONE
// NONE: launch depthwise_pointwise_0_0 [1 1 1]
// NONE-NEXT: copy 64 bytes

// RUN: env LD_LIBRARY_PATH=%t/driver not sepconv-run %t/libnet.so %t/41x10.npy --cuda 2>&1 | FileCheck %s --check-prefix=SIZE
// RUN: env LD_LIBRARY_PATH=%t/driver not sepconv-run %t/libnet.so %t/17x11.npy --cuda 2>&1 | FileCheck %s --check-prefix=SIZE
// SIZE: error: net_cuda_run failed: a size is not one of those that the code is for

#h = #sepconv.size<"height", least = 1, greatest = 40>
#w = #sepconv.size<"width", least = 2, greatest = 36, factor = 2>
module attributes {sepconv.dynamic_batch} {
  func.func @main(%x: tensor<1x?x?x8xf32> {sepconv.name = "x", sepconv.sizes = [#h, #w]})
      -> (tensor<1x?x?x16xf32> {sepconv.name = "y"}, tensor<1x?x?x8xf32> {sepconv.name = "same"}) {
    %d = arith.constant dense<0.5> : tensor<3x3x8x1xf32>
    %p = arith.constant dense<0.25> : tensor<1x1x8x16xf32>
    %0 = sepconv.separable_conv2d(%x, %d, %p) {strides = array<i64: 2, 2>, same}
      : (tensor<1x?x?x8xf32>, tensor<3x3x8x1xf32>, tensor<1x1x8x16xf32>) -> tensor<1x?x?x16xf32>
    %1 = sepconv.pool2d(%0) {kind = #sepconv.pool_kind<max>, window = array<i64: 2, 1>, strides = array<i64: 1, 1>}
      : (tensor<1x?x?x16xf32>) -> tensor<1x?x?x16xf32>
    return %1, %x : tensor<1x?x?x16xf32>, tensor<1x?x?x8xf32>
  }
}
