// Outputs that are an input, a constant or another output: copies among the launches, of the caller's stream.

// RUN: rm -rf %t && mkdir -p %t/driver
// RUN: sepconv-compile %s -o %t --name=net --target=host+nvptx-sm_90a --emit=lib,header,report-json
// RUN: %cc -std=gnu11 -Wall -Werror -g -fPIC -shared %S/Inputs/driver.c -o %t/driver/libcuda.so.1
// RUN: %cc -std=c11 -D_GNU_SOURCE -Wall -Werror -g -I%t %S/Inputs/copies.c %t/libnet.a -ldl -lm -o %t/run
// RUN: env LD_LIBRARY_PATH=%t/driver %t/run | FileCheck %s
// RUN: FileCheck %s --check-prefix=REPORT < %t/net.json
// CHECK: launch depthwise_0_0
// CHECK-DAG: copy 1024 bytes, stream 0x1234
// CHECK-DAG: copy 576 bytes, stream 0x1234
// CHECK-DAG: copy 16 bytes, stream 0x1234
// CHECK: same: as it should be
// CHECK: numbers: as they should be
// REPORT: {"copied_bytes":

func.func @main(%x: tensor<1x8x8x4xf32> {sepconv.name = "x"})
    -> (tensor<1x8x8x4xf32> {sepconv.name = "same"}, tensor<1x6x6x4xf32> {sepconv.name = "y"},
        tensor<1x6x6x4xf32> {sepconv.name = "again"}, tensor<4xf32> {sepconv.name = "numbers"}) {
  %d = arith.constant dense<0.5> : tensor<3x3x4x1xf32>
  %n = arith.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>
  %0 = sepconv.depthwise_conv2d(%x, %d)
    : (tensor<1x8x8x4xf32>, tensor<3x3x4x1xf32>) -> tensor<1x6x6x4xf32>
  return %x, %0, %0, %n
    : tensor<1x8x8x4xf32>, tensor<1x6x6x4xf32>, tensor<1x6x6x4xf32>, tensor<4xf32>
}
