// A batch that is known when the product runs: launches of all images, by strides behind the addresses.

// RUN: rm -rf %t && mkdir -p %t/driver
// RUN: sepconv-compile %s -o %t --name=net --target=host+nvptx-sm_80 --emit=obj,header,shared
// RUN: FileCheck %s --check-prefix=HEADER < %t/net.h
// RUN: %cc -std=gnu11 -Wall -Werror -g -fPIC -shared %S/Inputs/driver.c -o %t/driver/libcuda.so.1
// RUN: %cc -std=c11 -D_GNU_SOURCE -Wall -Werror -g -I%t %S/Inputs/batch.c %t/net.o %t/net_cuda.o -ldl -lm -o %t/run
// RUN: env LD_LIBRARY_PATH=%t/driver %t/run | FileCheck %s
// HEADER: /* For one image. */
// HEADER-NEXT: #define NET_CUDA_WORKSPACE_BYTES 512
// HEADER: Images are contiguous, and each has its own workspace; a batch of 0 does nothing. */
// HEADER: const net_cuda *model, size_t batch,

// Images of 420 bytes in both, of 512 in the workspace; the weights are those of all.
// CHECK: 3 images
// CHECK-NEXT: launch depthwise_0_0 [1 1 3] x [256 1 1], 3 arguments, stream 0x1234, strides 420 0 512
// CHECK-NEXT: launch depthwise_0_0 [1 1 3] x [256 1 1], 3 arguments, stream 0x1234, strides 512 0 420
// CHECK-NEXT: copy 1260 bytes, stream 0x1234
// CHECK-NEXT: copy 16 bytes, stream 0x1234
// CHECK-NEXT: copy 16 bytes, stream 0x1234
// CHECK-NEXT: copy 16 bytes, stream 0x1234
// CHECK: 70000 images
// CHECK-NEXT: launch depthwise_0_0 [1 1 65535] x
// CHECK-NEXT: launch depthwise_0_0 [1 1 4465] x
// CHECK: no images
// CHECK-NEXT: all is well

// What a launch of three images does, beside three launches of one: the kernel as a function of this processor, its
// buffers no more aligned than their elements.
// RUN: sepconv-compile %s -o %t/gpu --name=net --target=nvptx-sm_80 --emit=loops
// RUN: sepconv-opt %t/gpu/net.loops.mlir --sepconv-gpu-to-nvvm --canonicalize -o %t/one.mlir
// RUN: sepconv-opt %t/one.mlir --sepconv-batch-kernels -o %t/many.mlir
// RUN: %python %S/Inputs/kernels_on_host.py %t/one.mlir one_ | mlir-translate --mlir-to-llvmir | llc -O2 -filetype=obj -relocation-model=pic -o %t/one.o
// RUN: %python %S/Inputs/kernels_on_host.py %t/many.mlir many_ | mlir-translate --mlir-to-llvmir | llc -O2 -filetype=obj -relocation-model=pic -o %t/many.o
// RUN: %cc -std=c11 -Wall -Werror -g %S/Inputs/images.c %t/one.o %t/many.o -lm -o %t/images && %t/images | FileCheck %s --check-prefix=IMAGES
// IMAGES: 315 numbers are the same

// RUN: %python -c "import numpy as np; np.save(r'%t/x.npy', np.arange(420, dtype='f').reshape(4, 5, 7, 3)); np.save(r'%t/n.npy', np.tile(np.arange(1, 5, dtype='f'), (4, 1)))"
// RUN: env LD_LIBRARY_PATH=%t/driver sepconv-run %t/libnet.so %t/x.npy --cuda --compare same=%t/x.npy --compare numbers=%t/n.npy | FileCheck %s --check-prefix=CUDA
// CUDA: same: largest error 0,
// CUDA: launch depthwise_0_0 [1 1 4]

module attributes {sepconv.dynamic_batch} {
  func.func @main(%x: tensor<1x5x7x3xf32> {sepconv.name = "x"})
      -> (tensor<1x5x7x3xf32> {sepconv.name = "y"}, tensor<1x5x7x3xf32> {sepconv.name = "same"},
          tensor<1x4xf32> {sepconv.name = "numbers"}) {
    %d = arith.constant dense<0.5> : tensor<3x3x3x1xf32>
    %n = arith.constant dense<[[1.0, 2.0, 3.0, 4.0]]> : tensor<1x4xf32>
    %0 = sepconv.depthwise_conv2d(%x, %d) {padding = array<i64: 1, 1, 1, 1>}
      : (tensor<1x5x7x3xf32>, tensor<3x3x3x1xf32>) -> tensor<1x5x7x3xf32>
    %1 = sepconv.depthwise_conv2d(%0, %d) {padding = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>}
      : (tensor<1x5x7x3xf32>, tensor<3x3x3x1xf32>) -> tensor<1x5x7x3xf32>
    return %1, %x, %n : tensor<1x5x7x3xf32>, tensor<1x5x7x3xf32>, tensor<1x4xf32>
  }
}
