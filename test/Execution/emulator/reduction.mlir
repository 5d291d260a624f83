// Each block of 64 threads adds up 64 numbers: in shared memory with barriers down to a warp, which shuffles. The
// first thread of the grid's second dimension stores the sum, and how many lanes have an odd number.
// RUN: %emulate && %t.exe | FileCheck %s

// 0 + ... + 63, 64 + ... + 127, ...; of a warp's 32 numbers 16 are odd.
// CHECK: out: 2016 6112 10208 14304 16 16 16 16
// CHECK: 0 findings at 0 places
module attributes {gpu.container_module} {
func.func @run(%in: memref<256xf32>, %out: memref<8xf32>) {
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c64 = arith.constant 64 : index
  gpu.launch_func @kernels::@sum blocks in (%c2, %c2, %c1) threads in (%c64, %c1, %c1)
    args(%in : memref<256xf32>, %out : memref<8xf32>)
  return
}
gpu.module @kernels {
  gpu.func @sum(%in: memref<256xf32>, %out: memref<8xf32>)
      workgroup(%sums: memref<64xf32, #gpu.address_space<workgroup>>) kernel {
    %c0 = arith.constant 0 : index
    %c2 = arith.constant 2 : index
    %c4 = arith.constant 4 : index
    %c32 = arith.constant 32 : index
    %all = arith.constant -1 : i32
    %width = arith.constant 32 : i32
    %zero = arith.constant 0.0 : f32
    %two = arith.constant 2.0 : f32
    %bx = gpu.block_id x
    %by = gpu.block_id y
    %columns = gpu.grid_dim x
    %size = gpu.block_dim x
    %thread = gpu.thread_id x
    %row = arith.muli %by, %columns : index
    %block = arith.addi %row, %bx : index
    %begin = arith.muli %block, %size : index
    %i = arith.addi %begin, %thread : index
    %x = memref.load %in[%i] : memref<256xf32>
    memref.store %x, %sums[%thread] : memref<64xf32, #gpu.address_space<workgroup>>
    gpu.barrier
    %warp = gpu.subgroup_id : index
    %first = arith.cmpi eq, %warp, %c0 : index
    scf.if %first {
      %other = arith.addi %thread, %c32 : index
      %y = memref.load %sums[%other] : memref<64xf32, #gpu.address_space<workgroup>>
      %sum = arith.addf %x, %y : f32
      %c1 = arith.constant 1 : index
      %c5 = arith.constant 5 : index
      %one = arith.constant 1 : i32
      %total = scf.for %step = %c0 to %c5 step %c1 iter_args(%partial = %sum) -> f32 {
        %log = arith.index_cast %step : index to i32
        %offset = arith.shli %one, %log : i32
        %given, %valid = gpu.shuffle xor %partial, %offset, %width : f32
        %next = arith.addf %partial, %given : f32
        scf.yield %next : f32
      }
      %remainder = arith.remf %x, %two : f32
      %odd = arith.cmpf one, %remainder, %zero : f32
      %bits = nvvm.vote.sync ballot %all, %odd -> i32
      %count = math.ctpop %bits : i32
      %number = arith.sitofp %count : i32 to f32
      %lane = gpu.lane_id
      %stores = arith.cmpi eq, %lane, %c0 : index
      scf.if %stores {
        memref.store %total, %out[%block] : memref<8xf32>
        %j = arith.addi %block, %c4 : index
        memref.store %number, %out[%j] : memref<8xf32>
      }
    }
    gpu.return
  }
}
}
