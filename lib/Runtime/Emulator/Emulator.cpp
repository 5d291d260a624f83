//===- Emulator.cpp - the C interface of the emulator ----------------------------===//

#include "sepconv/Runtime/Emulator.h"
#include "Findings.h"
#include "Launch.h"
#include "Report.h"

using namespace sepconv::emulator;

/// What the driver of a GPU allows.
static constexpr size_t kMostThreads = 1024;

/// Of the launches to come in this thread of the host.
static thread_local const char *layer = "";

size_t sepconv_emulator_findings() { return countFindings(); }
size_t sepconv_emulator_places() { return countPlaces(); }
int sepconv_emulator_write_report(const char *path) { return writeReport(path); }
void sepconv_emulator_reset() {
  forgetFindings();
  forgetLaunches();
}

//===----------------------------------------------------------------------===//
// Launches
//===----------------------------------------------------------------------===//

void sepconv_emulated_layer(const char *name) { layer = name; }

void *sepconv_emulated_prepare(const char *kernel, size_t gridX, size_t gridY, size_t gridZ,
                               size_t blockX, size_t blockY, size_t blockZ) {
  return new Launch(kernel, layer, {gridX, gridY, gridZ}, {blockX, blockY, blockZ});
}

void sepconv_emulated_expect(void *handle, uint32_t grid, size_t x, size_t y, size_t z) {
  auto &launch = *static_cast<Launch *>(handle);
  Dimensions expected{x, y, z}, found = grid ? launch.grid : launch.block;
  if (found.x != x || found.y != y || found.z != z)
    launch.fault(grid ? "grid" : "block", "is launched with " + found.shown() +
                                              (grid ? " blocks" : " threads") + ", expected " +
                                              expected.shown());
}

void sepconv_emulated_buffer(void *handle, const char *name, uint32_t space, size_t elements,
                             size_t elementBytes, uint32_t stored) {
  auto &launch = *static_cast<Launch *>(handle);
  launch.buffers.emplace_back(name, space, elements, elementBytes, stored);
}

void sepconv_emulated_launch(void *handle, size_t, void (*thread)(void *, size_t),
                             void *arguments) {
  std::unique_ptr<Launch> launch(static_cast<Launch *>(handle));
  if (launch->block.count() > kMostThreads)
    launch->fault("threads", "has blocks of " + launch->block.shown() + " threads, at most " +
                                 std::to_string(kMostThreads) + " are allowed");
  launch->run(thread, arguments);
  record(*launch);
}

//===----------------------------------------------------------------------===//
// Threads
//===----------------------------------------------------------------------===//

uint32_t sepconv_emulated_access(const sepconv_emulated_site *site, size_t index, size_t moment,
                                 uint32_t enabled) {
  return enabled && Launch::current().access(*site, index, moment);
}

void sepconv_emulated_out_of_bounds(const sepconv_emulated_site *site, size_t index) {
  Launch &launch = Launch::current();
  launch.fault(*site, "bounds", launch.describe(*site, index) + " is out of bounds");
}

void sepconv_emulated_barrier(const sepconv_emulated_site *site) {
  Launch::current().barrier(*site);
}

uint64_t sepconv_emulated_shuffle(const sepconv_emulated_site *site, uint64_t value, int32_t lane) {
  return Launch::current().shuffle(*site, value, lane);
}

uint32_t sepconv_emulated_ballot(const sepconv_emulated_site *site, uint32_t predicate) {
  return Launch::current().ballot(*site, predicate);
}
