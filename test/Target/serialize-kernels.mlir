// RUN: sepconv-opt %s --pass-pipeline="builtin.module(sepconv-gpu-to-nvvm,sepconv-serialize-kernels)" --split-input-file --verify-diagnostics | FileCheck %s

// PTX for each target of the module; whole vectors, and the cache for what is only read.

// CHECK: gpu.binary @kernels [#gpu.object<#nvvm.target<chip = "sm_80">, assembly = {{.*}}.target sm_80
// CHECK-SAME: .visible .entry copy(
// CHECK-SAME: .maxntid 64, 1, 1
// CHECK-SAME: ld.global.nc.v4
// CHECK-SAME: fma.rn.f32
// CHECK-SAME: st.global.v4
// CHECK-SAME: #gpu.object<#nvvm.target<chip = "sm_90a">, assembly = {{.*}}.target sm_90a
gpu.module @kernels [#nvvm.target<chip = "sm_80">, #nvvm.target<chip = "sm_90a">] {
  gpu.func @copy(%x: memref<256xf32> {llvm.noalias, llvm.readonly},
                 %out: memref<256xf32> {llvm.noalias}) kernel
      attributes {known_block_size = array<i32: 64, 1, 1>} {
    %i = gpu.thread_id x
    %c4 = arith.constant 4 : index
    %j = arith.muli %i, %c4 : index
    %0 = vector.load %x[%j] {alignment = 16 : i64} : memref<256xf32>, vector<4xf32>
    %1 = arith.mulf %0, %0 : vector<4xf32>
    %2 = arith.addf %1, %0 : vector<4xf32>
    vector.store %2, %out[%j] {alignment = 16 : i64} : memref<256xf32>, vector<4xf32>
    gpu.return
  }
}

// -----

gpu.module @kernels [#nvvm.target<chip = "sm_80">] {
  gpu.func @precise(%x: memref<64xf64>) kernel {
    %i = gpu.thread_id x
    %0 = memref.load %x[%i] : memref<64xf64>
    // expected-error @+1 {{a GPU has no instructions for 'llvm.intr.exp' of 'f64'}}
    %1 = math.exp %0 : f64
    memref.store %1, %x[%i] : memref<64xf64>
    gpu.return
  }
}

// -----

// expected-error @+1 {{expected a module with targets}}
gpu.module @kernels {
  gpu.func @nothing() kernel {
    gpu.return
  }
}
