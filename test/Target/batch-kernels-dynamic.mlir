// RUN: sepconv-opt %s --sepconv-batch-kernels --split-input-file --verify-diagnostics | FileCheck %s

// An image of 3 * height numbers, height a multiple of 8: 96 bytes divide its stride, so that accesses stay wide. Strides are
// behind the sizes. Numbers of blocks follow from sizes by arithmetic.

// CHECK: llvm.func @k(%{{.+}}: !llvm.ptr, %{{.+}}: i32, %[[STRIDE:.+]]: i64)
// CHECK: llvm.mul %{{.+}}, %[[STRIDE]]
// CHECK: llvm.store %{{.+}} {alignment = 16 : i64}
#size = #sepconv.size<"height", least = 8, greatest = 64, factor = 8>
module attributes {gpu.container_module, sepconv.dynamic_batch, sepconv.interface = {
    inputs = [], kernels = [], functions = [], parallel = false, weights = [], weights_bytes = 0, workspace_bytes = 0, sizes = [#size],
    outputs = [{name = "y", axes = "", dtype = "float32", element_bytes = 4, extents = affine_map<(d0) -> (d0, 3)>, shape = array<i64: 64, 3>, trainable = true}]}} {
  func.func @main(%y: memref<192xf32>, %workspace: memref<0xi8>, %weights: memref<0xi8>, %h: index) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c8 = arith.constant 8 : index
    %half = affine.apply affine_map<(d0) -> (d0 ceildiv 2 + d0 mod 3)>(%h)
    %rest = arith.subi %half, %c8 : index
    %least = arith.minsi %rest, %c8 : index
    %most = arith.maxsi %least, %c1 : index
    %any = arith.cmpi sge, %h, %c8 : index
    %few = arith.cmpi ule, %h, %most : index
    %both = arith.andi %any, %few : i1
    %blocks = arith.select %both, %most, %c0 : index
    gpu.launch_func @kernels::@k blocks in (%blocks, %half, %c1) threads in (%c1, %c1, %c1) args(%y : memref<192xf32>, %h : index)
    return
  }
  gpu.module @kernels {
    llvm.func @k(%out: !llvm.ptr, %h: i32) attributes {gpu.kernel, nvvm.kernel} {
      %0 = llvm.mlir.zero : vector<4xf32>
      llvm.store %0, %out {alignment = 16 : i64} : vector<4xf32>, !llvm.ptr
      llvm.return
    }
  }
}

// -----

#size = #sepconv.size<"height", least = 8, greatest = 64>
module attributes {gpu.container_module, sepconv.dynamic_batch, sepconv.interface = {
    inputs = [], kernels = [], functions = [], parallel = false, weights = [], weights_bytes = 0, workspace_bytes = 0, sizes = [#size],
    outputs = [{name = "y", axes = "", dtype = "float32", element_bytes = 4, shape = array<i64: 64>, trainable = true}]}} {
  func.func @main(%y: memref<64xf32>, %workspace: memref<0xi8>, %weights: memref<0xi8>, %h: index) {
    %c1 = arith.constant 1 : index
    gpu.launch_func @kernels::@k blocks in (%c1, %c1, %h) threads in (%c1, %c1, %c1) args(%y : memref<64xf32>)
    return
  }
  gpu.module @kernels {
    // expected-error @+1 {{expected a number of blocks in z that does not depend on a dynamic dimension, because it is multiplied by the batch}}
    llvm.func @k(%out: !llvm.ptr) attributes {gpu.kernel, nvvm.kernel} {
      llvm.return
    }
  }
}

// -----

#size = #sepconv.size<"height", least = 8, greatest = 64>
module attributes {gpu.container_module, sepconv.dynamic_batch, sepconv.interface = {
    inputs = [], kernels = [], functions = [], parallel = false, weights = [], weights_bytes = 0, workspace_bytes = 0, sizes = [#size],
    outputs = [{name = "y", axes = "", dtype = "float32", element_bytes = 4, shape = array<i64: 64>, trainable = true}]}} {
  func.func @main(%y: memref<64xf32>, %workspace: memref<0xi8>, %weights: memref<0xi8>, %h: index) {
    %c1 = arith.constant 1 : index
    %odd = arith.remsi %h, %c1 : index
    // expected-error @+1 {{expected a simple function of the dynamic dimensions}}
    gpu.launch_func @kernels::@k blocks in (%odd, %c1, %c1) threads in (%c1, %c1, %c1) args(%y : memref<64xf32>)
    return
  }
  gpu.module @kernels {
    llvm.func @k(%out: !llvm.ptr) attributes {gpu.kernel, nvvm.kernel} {
      llvm.return
    }
  }
}

// -----

#size = #sepconv.size<"height", least = 8, greatest = 64>
module attributes {gpu.container_module, sepconv.dynamic_batch, sepconv.interface = {
    inputs = [], kernels = [], functions = [], parallel = false, weights = [], weights_bytes = 0, workspace_bytes = 0, sizes = [#size],
    outputs = [{name = "y", axes = "", dtype = "float32", element_bytes = 4, shape = array<i64: 64>, trainable = true}]}} {
  func.func @main(%y: memref<64xf32>, %workspace: memref<0xi8>, %weights: memref<0xi8>, %h: index) {
    %c1 = arith.constant 1 : index
    // expected-error @+1 {{expected a block size that is known at compile time}}
    gpu.launch_func @kernels::@k blocks in (%c1, %c1, %c1) threads in (%h, %c1, %c1) args(%y : memref<64xf32>)
    return
  }
  gpu.module @kernels {
    llvm.func @k(%out: !llvm.ptr) attributes {gpu.kernel, nvvm.kernel} {
      llvm.return
    }
  }
}
