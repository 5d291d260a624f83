// Memory of tasks: as many slots as tasks may run at the same time, at the end of the caller's workspace.
//
//     header: the number of slots, the bytes of one; 64 bytes
//     slot:   its flag, not zero while a task has it, in a line of its own; then the memory of a task
//
// A task takes the first free slot from that on which its thread's stack stands for: a thread comes back to
// memory that is in its core's caches, and threads do not meet at one flag. Where there are fewer slots than
// tasks at the same time, the others wait for one.

/// Makes all slots free, before anything runs.
llvm.func @prepare_slots(%header: !llvm.ptr, %slots: i64, %bytes: i64) {
  %c0 = llvm.mlir.constant(0 : i64) : i64
  %c1 = llvm.mlir.constant(1 : i64) : i64
  %second = llvm.getelementptr %header[8] : (!llvm.ptr) -> !llvm.ptr, i8
  %first = llvm.getelementptr %header[64] : (!llvm.ptr) -> !llvm.ptr, i8
  llvm.store %slots, %header : i64, !llvm.ptr
  llvm.store %bytes, %second : i64, !llvm.ptr
  llvm.br ^slot(%c0 : i64)
^slot(%i: i64):
  %offset = llvm.mul %i, %bytes : i64
  %flag = llvm.getelementptr %first[%offset] : (!llvm.ptr, i64) -> !llvm.ptr, i8
  llvm.store %c0, %flag : i64, !llvm.ptr
  %next = llvm.add %i, %c1 : i64
  %more = llvm.icmp "ult" %next, %slots : i64
  llvm.cond_br %more, ^slot(%next : i64), ^end
^end:
  llvm.return
}

/// Takes a slot; the result is how many bytes it lies behind the first one.
llvm.func @claim_slot(%header: !llvm.ptr) -> i64 {
  %c0 = llvm.mlir.constant(0 : i64) : i64
  %c1 = llvm.mlir.constant(1 : i64) : i64
  %c16 = llvm.mlir.constant(16 : i64) : i64
  %c32 = llvm.mlir.constant(32 : i64) : i64
  %low = llvm.mlir.constant(4294967295 : i64) : i64
  %second = llvm.getelementptr %header[8] : (!llvm.ptr) -> !llvm.ptr, i8
  %slots = llvm.load %header : !llvm.ptr -> i64
  %bytes = llvm.load %second : !llvm.ptr -> i64
  %first = llvm.getelementptr %header[64] : (!llvm.ptr) -> !llvm.ptr, i8
  // Stacks lie in equal distances; multiples of the golden ratio (times 2^32) spread them over the slots.
  %golden = llvm.mlir.constant(2654435769 : i64) : i64
  %local = llvm.alloca %c1 x i8 : (i64) -> !llvm.ptr
  %address = llvm.ptrtoint %local : !llvm.ptr to i64
  %stack = llvm.lshr %address, %c16 : i64
  %product = llvm.mul %stack, %golden : i64
  %fraction = llvm.and %product, %low : i64
  %scaled = llvm.mul %fraction, %slots : i64
  %start = llvm.lshr %scaled, %c32 : i64
  llvm.br ^look(%start : i64)
^look(%i: i64):
  %offset = llvm.mul %i, %bytes : i64
  %flag = llvm.getelementptr %first[%offset] : (!llvm.ptr, i64) -> !llvm.ptr, i8
  %seen = llvm.load %flag atomic monotonic {alignment = 8 : i64} : !llvm.ptr -> i64
  %free = llvm.icmp "eq" %seen, %c0 : i64
  llvm.cond_br %free, ^take, ^other
^take:
  %pair = llvm.cmpxchg %flag, %c0, %c1 acquire monotonic {alignment = 8 : i64} : !llvm.ptr, i64
  %taken = llvm.extractvalue %pair[1] : !llvm.struct<(i64, i1)>
  llvm.cond_br %taken, ^end, ^other
^other:
  %next = llvm.add %i, %c1 : i64
  %isLast = llvm.icmp "eq" %next, %slots : i64
  %after = llvm.select %isLast, %c0, %next : i1, i64
  llvm.br ^look(%after : i64)
^end:
  llvm.return %offset : i64
}

/// Gives a slot back.
llvm.func @release_slot(%header: !llvm.ptr, %offset: i64) {
  %c0 = llvm.mlir.constant(0 : i64) : i64
  %first = llvm.getelementptr %header[64] : (!llvm.ptr) -> !llvm.ptr, i8
  %flag = llvm.getelementptr %first[%offset] : (!llvm.ptr, i64) -> !llvm.ptr, i8
  llvm.store %c0, %flag atomic release {alignment = 8 : i64} : i64, !llvm.ptr
  llvm.return
}
