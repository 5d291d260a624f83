//===- Memory.cpp - what is known of each element of a kernel's buffers ----------===//

#include "Memory.h"

#include <algorithm>

using namespace sepconv::emulator;

Buffer::Buffer(const char *name, uint32_t space, size_t elements, size_t elementBytes, bool stored)
    : name(name), space(space), elements(elements), elementBytes(elementBytes) {
  if (space == SEPCONV_EMULATED_SHARED || (isGlobal() && stored))
    cells.resize(elements);
  if (isGlobal())
    moved.resize(elements);
}

Conflict Buffer::conflict(const Cell &cell, const Site &site, Touch now,
                          uint32_t firstEpoch) const {
  // No barrier orders blocks, but each has shared memory of its own.
  auto races = [&](const Touch &other) {
    if (other.epoch < firstEpoch)
      return other.epoch != 0 && isGlobal();
    return other.epoch == now.epoch && other.thread != now.thread;
  };
  if (!site.store && !isGlobal() && cell.store.epoch < firstEpoch)
    return {Conflict::Unwritten};
  if (races(cell.store))
    return {Conflict::Race, 0, cell.store};
  if (site.store)
    for (const Touch &load : {cell.load, cell.otherLoad, cell.earlierLoad})
      if (races(load))
        return {Conflict::Race, 0, load};
  return {};
}

Conflict Buffer::touch(const Site &site, size_t index, Touch now, uint32_t firstEpoch) {
  Conflict first;
  if (cells.empty())
    return first;
  for (size_t element = index; element != index + site.elements; ++element) {
    Cell &cell = cells[element];
    if (!first.kind) {
      first = conflict(cell, site, now, firstEpoch);
      first.element = element;
    }
    if (site.store) {
      cell.store = now;
    } else if (cell.load.epoch != now.epoch) {
      if (cell.load.epoch && cell.load.epoch < firstEpoch)
        cell.earlierLoad = cell.load;
      cell.load = now;
      cell.otherLoad = {};
    } else if (cell.load.thread != now.thread) {
      cell.otherLoad = now;
    }
  }
  return first;
}

void Buffer::move(const Site &site, size_t index) {
  for (size_t element = index; element != index + site.elements; ++element)
    moved[element] |= site.store ? 2 : 1;
}

uint64_t Buffer::movedBytes(bool stored) const {
  auto isMoved = [&](uint8_t flags) { return flags & (stored ? 2 : 1); };
  return std::count_if(moved.begin(), moved.end(), isMoved) * elementBytes;
}
