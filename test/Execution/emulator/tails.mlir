// Vectors of 4 on 50 numbers: masks guard the tail, a gather takes every second number, a scatter stores them
// in reverse; float16 and private memory on the way.
// RUN: %emulate && %t.exe | FileCheck %s

// CHECK: out: 98 96 94 {{.*}} 4 2 0{{$}}
// CHECK: 0 findings at 0 places
module attributes {gpu.container_module} {
func.func @run(%in: memref<99xf32>, %out: memref<50xf32>) {
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c8 = arith.constant 8 : index
  gpu.launch_func @kernels::@reverse blocks in (%c2, %c1, %c1) threads in (%c8, %c1, %c1)
    args(%in : memref<99xf32>, %out : memref<50xf32>)
  return
}
gpu.module @kernels {
  gpu.func @reverse(%in: memref<99xf32>, %out: memref<50xf32>)
      workgroup(%tile: memref<32xf16, #gpu.address_space<workgroup>>)
      private(%own: memref<4xf32, #gpu.address_space<private>>) kernel {
    %c0 = arith.constant 0 : index
    %c2 = arith.constant 2 : index
    %c4 = arith.constant 4 : index
    %c32 = arith.constant 32 : index
    %c49 = arith.constant 49 : index
    %c50 = arith.constant 50 : index
    %even = arith.constant dense<[0, 2, 4, 6]> : vector<4xindex>
    %back = arith.constant dense<[0, -1, -2, -3]> : vector<4xi32>
    %zeros = arith.constant dense<0.0> : vector<4xf32>
    %halves = arith.constant dense<0.0> : vector<4xf16>
    %block = gpu.block_id x
    %thread = gpu.thread_id x
    %begin = arith.muli %block, %c32 : index
    %at = arith.muli %thread, %c4 : index
    %i = arith.addi %begin, %at : index
    %left = arith.subi %c50, %i : index
    %mask = vector.create_mask %left : vector<4xi1>
    %from = arith.muli %i, %c2 : index
    %0 = vector.gather %in[%from] [%even], %mask, %zeros
      : memref<99xf32>, vector<4xindex>, vector<4xi1>, vector<4xf32> into vector<4xf32>
    %1 = arith.truncf %0 : vector<4xf32> to vector<4xf16>
    vector.maskedstore %tile[%at], %mask, %1
      : memref<32xf16, #gpu.address_space<workgroup>>, vector<4xi1>, vector<4xf16>
    gpu.barrier
    %2 = vector.maskedload %tile[%at], %mask, %halves
      : memref<32xf16, #gpu.address_space<workgroup>>, vector<4xi1>, vector<4xf16> into vector<4xf16>
    %3 = arith.extf %2 : vector<4xf16> to vector<4xf32>
    vector.store %3, %own[%c0] : memref<4xf32, #gpu.address_space<private>>, vector<4xf32>
    %4 = vector.load %own[%c0] : memref<4xf32, #gpu.address_space<private>>, vector<4xf32>
    %to = arith.subi %c49, %i : index
    vector.scatter %out[%to] [%back], %mask, %4
      : memref<50xf32>, vector<4xi32>, vector<4xi1>, vector<4xf32>
    gpu.return
  }
}
}
