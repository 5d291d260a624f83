//===- Memory.h - what is known of each element of a kernel's buffers ------------===//
#pragma once

#include "sepconv/Runtime/Emulator.h"

#include <string>
#include <vector>

namespace sepconv::emulator {

using Site = sepconv_emulated_site;

/// An access of an element. Barriers and the ends of blocks divide a launch into epochs, from 1 on.
struct Touch {
  uint32_t epoch = 0;
  uint32_t thread = 0;
  const Site *site = nullptr;
};

/// What is wrong with an access.
struct Conflict {
  enum Kind { None, Unwritten, Race } kind = None;
  size_t element = 0;
  /// The other access of a race.
  Touch other = {};
};

/// What warps have moved.
struct Traffic {
  uint64_t requests = 0;      ///< of warps
  uint64_t bytes = 0;         ///< that threads asked for
  uint64_t sectors = 0;       ///< of 32 bytes that the requests touch
  uint64_t bankConflicts = 0; ///< passes more than one for each request of shared memory
};

/// A buffer of a launch.
class Buffer {
public:
  Buffer(const char *name, uint32_t space, size_t elements, size_t elementBytes, bool stored);

  bool isGlobal() const { return space == SEPCONV_EMULATED_GLOBAL; }
  bool contains(size_t index, size_t count) const {
    return index < elements && count <= elements - index;
  }
  /// Notes an access by the current block, whose first epoch is given. Returns the first conflict.
  Conflict touch(const Site &site, size_t index, Touch now, uint32_t firstEpoch);
  /// Notes that elements are moved, of which each counts once.
  void move(const Site &site, size_t index);
  /// How many bytes were loaded or stored at least once.
  uint64_t movedBytes(bool stored) const;

  std::string name;
  uint32_t space;
  size_t elements, elementBytes;
  Traffic loads, stores;

private:
  /// The last accesses that another one may conflict with: loads of two threads in an epoch, and
  /// one of an earlier block.
  struct Cell {
    Touch store, load, otherLoad, earlierLoad;
  };
  Conflict conflict(const Cell &cell, const Site &site, Touch now, uint32_t firstEpoch) const;

  std::vector<Cell> cells;    ///< empty where nothing is stored, so that nothing can conflict
  std::vector<uint8_t> moved; ///< 1 if loaded, plus 2 if stored
};

} // namespace sepconv::emulator
