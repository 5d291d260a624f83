// An index is beyond the image that there is, but within the greatest one, for which there is room.
// RUN: %emulate && not %t.exe 2>&1 | FileCheck %s

// CHECK: error: kernel 'k', {{.*}}, block (4, 0, 0), thread (3, 0, 0): load of element 20 of argument 0 (memref<32xf32>) is out of bounds
// CHECK: 1 findings at 1 places
#height = #sepconv.size<"height", least = 1, greatest = 8>
module attributes {gpu.container_module} {
func.func @run(%in: memref<32xf32>, %out: memref<32xf32>) {
  %c5 = arith.constant 5 : index
  call @rows(%in, %c5, %out) : (memref<32xf32>, index, memref<32xf32>) -> ()
  return
}
func.func private @rows(%in: memref<32xf32> {sepconv.shape = affine_map<(d0) -> (d0, 4)>},
                        %height: index {sepconv.size = #height},
                        %out: memref<32xf32> {sepconv.shape = affine_map<(d0) -> (d0, 4)>}) {
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  gpu.launch_func @kernels::@k blocks in (%height, %c1, %c1) threads in (%c4, %c1, %c1)
    args(%in : memref<32xf32>, %out : memref<32xf32>)
  return
}
gpu.module @kernels {
  gpu.func @k(%in: memref<32xf32>, %out: memref<32xf32>) kernel {
    %c1 = arith.constant 1 : index
    %c4 = arith.constant 4 : index
    %row = gpu.block_id x
    %column = gpu.thread_id x
    %first = arith.muli %row, %c4 : index
    %i = arith.addi %first, %column : index
    %j = arith.addi %i, %c1 : index
    %0 = memref.load %in[%j] : memref<32xf32>
    memref.store %0, %out[%i] : memref<32xf32>
    gpu.return
  }
}
}
