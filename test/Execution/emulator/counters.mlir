// What a warp's accesses cost, against numbers by hand; each buffer is accessed once by each thread.
// RUN: %emulate && %t.exe report | FileCheck %s

// Each of 32 threads loads 4 bytes: neighbours (4 sectors of 32 bytes), every 8th (32 sectors), all the same.
// CHECK: 0 findings at 0 places
// CHECK: {"name": "'coalesced' ({{.*}})", "space": "global", "bytes": 1024, "loads": {"requests": 1, "bytes": 128, "sectors": 4, "distinct_bytes": 128}
// CHECK: {"name": "'strided' ({{.*}})", {{.*}} "loads": {"requests": 1, "bytes": 128, "sectors": 32, "distinct_bytes": 128}
// CHECK: {"name": "'broadcast' ({{.*}})", {{.*}} "loads": {"requests": 1, "bytes": 128, "sectors": 1, "distinct_bytes": 4}

// 16 bytes each, as one request, or as four where nothing says that they are aligned; in each of two iterations.
// CHECK: {"name": "'vectors' ({{.*}})", {{.*}} "loads": {"requests": 1, "bytes": 512, "sectors": 16, "distinct_bytes": 512}
// CHECK: {"name": "'unaligned' ({{.*}})", {{.*}} "loads": {"requests": 8, "bytes": 1024, "sectors": 128, "distinct_bytes": 1024}

// Threads in different iterations at the same time are still one request for each iteration: thread 0 begins later.
// CHECK: {"name": "'divergent' ({{.*}})", {{.*}} "loads": {"requests": 2, "bytes": 252, "sectors": 8, "distinct_bytes": 252}

// Of 32 banks, 4 bytes wide: neighbours, every 2nd word, every 32nd, all the same word, 16 bytes each: 8 threads a
// pass, 4 passes; where they load from 4 rows of 32 words, each pass takes 3 more.
// CHECK: {"name": "'neighbours' ({{.*}})", "space": "shared", "bytes": 128, "loads": {"requests": 0, "bytes": 0, "bank_conflicts": 0}, "stores": {"requests": 1, "bytes": 128, "bank_conflicts": 0}
// CHECK: {"name": "'two_way' ({{.*}})", {{.*}} "stores": {"requests": 1, "bytes": 128, "bank_conflicts": 1}
// CHECK: {"name": "'all_ways' ({{.*}})", {{.*}} "loads": {"requests": 1, "bytes": 128, "bank_conflicts": 0}, "stores": {"requests": 1, "bytes": 128, "bank_conflicts": 31}
// CHECK: {"name": "'wide' ({{.*}})", {{.*}} "loads": {"requests": 1, "bytes": 512, "bank_conflicts": 12}, "stores": {"requests": 1, "bytes": 512, "bank_conflicts": 0}
!shared = memref<1024xf32, #gpu.address_space<workgroup>>
module attributes {gpu.container_module} {
func.func @run(%in: memref<256xf32>, %out: memref<256xf32>) {
  %c1 = arith.constant 1 : index
  %c32 = arith.constant 32 : index
  gpu.launch_func @kernels::@k blocks in (%c1, %c1, %c1) threads in (%c32, %c1, %c1)
    args(%in : memref<256xf32>, %in : memref<256xf32>, %in : memref<256xf32>, %in : memref<256xf32>,
         %in : memref<256xf32>, %in : memref<256xf32>)
  return
}
gpu.module @kernels {
  gpu.func @k(%coalesced: memref<256xf32> loc("coalesced"), %strided: memref<256xf32> loc("strided"),
              %broadcast: memref<256xf32> loc("broadcast"), %vectors: memref<256xf32> loc("vectors"),
              %unaligned: memref<256xf32> loc("unaligned"), %divergent: memref<256xf32> loc("divergent"))
      workgroup(%neighbours: memref<32xf32, #gpu.address_space<workgroup>> loc("neighbours"),
                %two_way: !shared loc("two_way"), %all_ways: !shared loc("all_ways"), %wide: !shared loc("wide")) kernel {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %c4 = arith.constant 4 : index
    %c8 = arith.constant 8 : index
    %c32 = arith.constant 32 : index
    %c128 = arith.constant 128 : index
    %i = gpu.thread_id x
    %by2 = arith.muli %i, %c2 : index
    %by4 = arith.muli %i, %c4 : index
    %by8 = arith.muli %i, %c8 : index
    %by32 = arith.muli %i, %c32 : index
    %0 = memref.load %coalesced[%i] : memref<256xf32>
    %1 = memref.load %strided[%by8] : memref<256xf32>
    %2 = memref.load %broadcast[%c0] : memref<256xf32>
    %3 = vector.load %vectors[%by4] {alignment = 16} : memref<256xf32>, vector<4xf32>
    scf.for %half = %c0 to %c2 step %c1 {
      %begin = arith.muli %half, %c128 : index
      %at = arith.addi %begin, %by4 : index
      %4 = vector.load %unaligned[%at] : memref<256xf32>, vector<4xf32>
    }
    scf.for %half = %c0 to %c2 step %c1 {
      %begin = arith.muli %half, %c32 : index
      %at = arith.addi %begin, %i : index
      %counts = arith.cmpi ne, %at, %c0 : index
      scf.if %counts {
        %4 = memref.load %divergent[%at] : memref<256xf32>
      }
    }
    memref.store %0, %neighbours[%i] : memref<32xf32, #gpu.address_space<workgroup>>
    memref.store %1, %two_way[%by2] : !shared
    memref.store %2, %all_ways[%by32] : !shared
    gpu.barrier
    %5 = memref.load %all_ways[%c0] : !shared
    vector.store %3, %wide[%by4] {alignment = 16} : !shared, vector<4xf32>
    gpu.barrier
    %row = arith.remui %i, %c4 : index
    %at = arith.muli %row, %c32 : index
    %6 = vector.load %wide[%at] {alignment = 16} : !shared, vector<4xf32>
    gpu.return
  }
}
}
