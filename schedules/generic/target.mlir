// What every machine has: the facts that schedules for no machine in particular are chosen by.
schedule.target @generic {
  vector_bytes = 16,   // SSE, NEON: the narrowest vectors of a 64-bit processor
  registers = 16,      // vector registers of x86-64 without AVX-512
  l1_bytes = 32768,    // data cache of the smallest cores in use
  l2_bytes = 262144,   // per core, likewise
  // A core makes 32 products a cycle and gets 10 bytes of filter a cycle from its L3 cache, as measured on
  // AVX-512 (docs/decisions/001): 13 positions take as long to multiply as their filter to come. Twice that,
  // rounded up, leaves bandwidth for the rest.
  hiding_positions = 32,
  line_bytes = 64      // of the caches of every x86-64, and of all but a few aarch64 processors
}
