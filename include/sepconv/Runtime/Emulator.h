//===- Emulator.h - runs GPU kernels on the host and checks them -----------------===//
//
// A product for nvptx-emulated calls sepconv_emulated_*; the program that links it, or loads it,
// provides them by linking libsepconv_emulator.a. Findings are printed on standard error when they
// are made; sepconv_emulator_* are for the program. Different threads may run different products.
//
//===----------------------------------------------------------------------===//
#ifndef SEPCONV_RUNTIME_EMULATOR_H
#define SEPCONV_RUNTIME_EMULATOR_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

//===----------------------------------------------------------------------===//
// For programs
//===----------------------------------------------------------------------===//

/// How many faults the kernels that ran so far have shown.
size_t sepconv_emulator_findings(void);
/// At how many places of the kernels.
size_t sepconv_emulator_places(void);
/// Writes what each launch so far has counted as JSON; zero, or errno.
int sepconv_emulator_write_report(const char *path);
/// Forgets all findings and launches.
void sepconv_emulator_reset(void);

//===----------------------------------------------------------------------===//
// For compiled kernels
//===----------------------------------------------------------------------===//

/// An operation of a kernel. The rest is zero if it accesses no memory.
typedef struct sepconv_emulated_site {
  const char *location;
  uint32_t buffer;    ///< what it accesses: the number of a buffer
  uint32_t elements;  ///< how many, one after the other
  uint32_t alignment; ///< of the first, in bytes
  uint32_t store;     ///< whether it stores
} sepconv_emulated_site;

enum { SEPCONV_EMULATED_GLOBAL, SEPCONV_EMULATED_SHARED, SEPCONV_EMULATED_PRIVATE };

/// The launches to come are those of a layer.
void sepconv_emulated_layer(const char *name);
/// Describes a launch: the sizes of grid and block, and its buffers, numbered in this order. What
/// the kernel was compiled for is checked where it is known (not 0).
void *sepconv_emulated_prepare(const char *kernel, size_t gridX, size_t gridY, size_t gridZ,
                               size_t blockX, size_t blockY, size_t blockZ);
void sepconv_emulated_expect(void *launch, uint32_t grid, size_t x, size_t y, size_t z);
void sepconv_emulated_buffer(void *launch, const char *name, uint32_t space, size_t elements,
                             size_t elementBytes, uint32_t stored);
/// Runs a launch and frees its description; has the type of a product's parallel-for. The index of
/// a thread is that of its block times the block's threads, plus its own.
void sepconv_emulated_launch(void *launch, size_t count, void (*thread)(void *, size_t),
                             void *arguments);

/// Checks and counts an access if it is enabled, and returns whether it may be made. The moment
/// tells the iterations of the loops around the site from each other.
uint32_t sepconv_emulated_access(const sepconv_emulated_site *site, size_t index, size_t moment,
                                 uint32_t enabled);
/// Reports an access of private memory, which are checked in place.
void sepconv_emulated_out_of_bounds(const sepconv_emulated_site *site, size_t index);
void sepconv_emulated_barrier(const sepconv_emulated_site *site);
/// The value that another lane gives; the thread's own if the lane is -1.
uint64_t sepconv_emulated_shuffle(const sepconv_emulated_site *site, uint64_t value, int32_t lane);
/// A bit for each lane: whether its predicate is not 0.
uint32_t sepconv_emulated_ballot(const sepconv_emulated_site *site, uint32_t predicate);

#ifdef __cplusplus
}
#endif

#endif // SEPCONV_RUNTIME_EMULATOR_H
