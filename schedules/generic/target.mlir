// What every machine has: the facts that schedules for no machine in particular are chosen by.
schedule.target @generic {
  vector_bytes = 16,   // SSE, NEON: the narrowest vectors of a 64-bit processor
  registers = 16,      // vector registers of x86-64 without AVX-512
  fma = 0,             // a product and a sum are two instructions
  l1_bytes = 32768,    // data cache of the smallest cores in use
  l2_bytes = 262144    // per core, likewise
}
