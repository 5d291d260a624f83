// What the emulator does not know is said, all at once. A module that is for a GPU is left alone.
// RUN: sepconv-opt %s --sepconv-emulate-gpu --split-input-file --verify-diagnostics

module attributes {gpu.container_module} {
gpu.module @kernels {
  gpu.func @k(%x: memref<8xf32>, %i: index, %value: f32) kernel {
    %c0 = arith.constant 0 : index
    // expected-error @+1 {{cannot be emulated}}
    %0 = memref.atomic_rmw addf %value, %x[%i] : (f32, memref<8xf32>) -> f32
    %view = memref.subview %x[4] [4] [1] : memref<8xf32> to memref<4xf32, strided<[1], offset: 4>> // expected-error {{cannot be emulated}}
    // expected-error @+1 {{accesses memory that is neither a buffer of the kernel nor allocated in it}}
    %1 = memref.load %view[%i] : memref<4xf32, strided<[1], offset: 4>>
    // expected-error @+1 {{accesses more elements than its buffer has}}
    %2 = vector.load %x[%c0] : memref<8xf32>, vector<16xf32>
    scf.while : () -> () {
      %3 = memref.load %x[%i] : memref<8xf32> // expected-error {{is in a loop without a counter}}
      %4 = arith.cmpf olt, %3, %value : f32
      scf.condition(%4)
    } do {
      scf.yield
    }
    gpu.return
  }
}
}

// -----

module attributes {gpu.container_module} {
gpu.module @kernels {
  gpu.func @k(%value: vector<4xf32>) kernel {
    %offset = arith.constant 1 : i32
    %width = arith.constant 32 : i32
    // expected-error @+1 {{cannot be emulated: expected a number of at most 64 bits}}
    %0, %valid = gpu.shuffle xor %value, %offset, %width : vector<4xf32>
    %1 = gpu.cluster_id x // expected-error {{cannot be emulated}}
    gpu.return
  }
}
}

// -----

module attributes {gpu.container_module} {
gpu.module @kernels {
  // expected-error @+1 {{cannot be emulated: 'memref<?xf32>' is not a static buffer of numbers}}
  gpu.func @k(%x: memref<?xf32>) kernel {
    gpu.return
  }
}
}

// -----

module attributes {gpu.container_module} {
gpu.module @kernels [#nvvm.target] {
  gpu.func @k(%x: memref<?xf32>) kernel {
    gpu.return
  }
}
}
