// NVIDIA's GPUs: what the chips have in common. It has no parent, so that no schedule for a CPU is found for
// one.
schedule.target @nvptx {
  gpu = 1,                     // kernels run on a device
  vector_bytes = 16,           // the widest access of a thread
  warp = 32,                   // threads that run together
  threads_per_block = 1024,    // at most
  blocks_yz = 65535,           // blocks of a grid in its second and third dimension, at most
  default_threads = 256,       // of a block, where no schedule says how many
  schedulers = 4,              // of a multiprocessor: each starts an instruction of a warp in a cycle
  registers = 255,             // of 32 bits for each thread, at most
  registers_per_sm = 65536,
  register_unit = 8,           // a warp gets them by 256 (CUDA occupancy calculator), a thread by 8
  threads_per_sm = 2048,
  blocks_per_sm = 32,
  shared_bytes = 49152,        // for each block, at most: what needs no leave of the driver
  reserved_shared_bytes = 1024, // what a block takes beside them, from compute capability 8.0 on (CUDA
                               // C++ Programming Guide, shared memory)
  launch_us = 2,               // a launch that waits for the one before it, in a CUDA graph: assumed, no GPU
                               // has measured it
  sector_bytes = 32,           // what memory is read and written in
  shared_banks = 32            // of 4 bytes: threads of a warp that read different words of one bank wait
}
