// The workspaces of a dynamic batch are as far apart as those of the GPU are large, whatever the processor's is: larger, here.

// RUN: rm -rf %t && mkdir -p %t/driver
// RUN: sepconv-compile %s -o %t --name=net --target=x86-64-v3+nvptx-sm_80 --emit=header,shared
// RUN: %cc -std=gnu11 -Wall -Werror -g -fPIC -shared %S/Inputs/driver.c -o %t/driver/libcuda.so.1
// RUN: %python -c "import numpy as np; np.save(r'%t/x.npy', np.ones((3, 14, 14, 512), 'f'))"
// RUN: env LD_LIBRARY_PATH=%t/driver sepconv-run %t/libnet.so %t/x.npy --cuda -o %t/out > %t/launches
// RUN: cat %t/net.h %t/launches | FileCheck %s
// CHECK: #define NET_WORKSPACE_BYTES {{4[1-9][0-9]+|[5-9][0-9]+}}
// CHECK: #define NET_CUDA_WORKSPACE_BYTES 401408
// CHECK: launch depthwise_pointwise_0_0 {{.*}}, 4 arguments, {{.*}}, strides 401408 0 0 401408
// CHECK: launch depthwise_pointwise_0_0 {{.*}}, 4 arguments, {{.*}}, strides 401408 0 0 401408

module attributes {sepconv.dynamic_batch} {
  func.func @main(%x: tensor<1x14x14x512xf32>) -> tensor<1x14x14x512xf32> {
    %d = arith.constant dense<0.5> : tensor<3x3x512x1xf32>
    %p = arith.constant dense<0.25> : tensor<1x1x512x512xf32>
    %0 = sepconv.separable_conv2d(%x, %d, %p) {same}
      : (tensor<1x14x14x512xf32>, tensor<3x3x512x1xf32>, tensor<1x1x512x512xf32>) -> tensor<1x14x14x512xf32>
    %1 = sepconv.separable_conv2d(%0, %d, %p) {same}
      : (tensor<1x14x14x512xf32>, tensor<3x3x512x1xf32>, tensor<1x1x512x512xf32>) -> tensor<1x14x14x512xf32>
    return %1 : tensor<1x14x14x512xf32>
  }
}
