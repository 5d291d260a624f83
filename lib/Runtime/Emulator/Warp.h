//===- Warp.h - what the lanes of a warp access together -------------------------===//
#pragma once

#include "Memory.h"

#include <array>

namespace sepconv::emulator {

inline constexpr size_t kLanes = 32;

/// The accesses of a warp's lanes. Lanes run one after the other here, but together on a GPU: what
/// each accesses at the same site in the same iteration is one request.
class Warp {
public:
  void note(size_t lane, const Site *site, size_t index, size_t moment) {
    lanes[lane].push_back({site, moment, index, lane});
  }
  /// Counts what was noted as requests, and forgets it.
  void count(std::vector<Buffer> &buffers);

private:
  struct Access {
    const Site *site;
    size_t moment, index, lane;
    bool isWith(const Access &other) const { return site == other.site && moment == other.moment; }
  };
  /// The addresses of a request, relative to the buffer.
  struct Request {
    std::array<size_t, kLanes> addresses, lanes;
    size_t count = 0;
    void add(const Access &access, size_t elementBytes) {
      lanes[count] = access.lane;
      addresses[count++] = access.index * elementBytes;
    }
  };

  size_t countTogether(std::vector<Buffer> &buffers);
  void countRest(std::vector<Buffer> &buffers, size_t begin);
  static void countRequest(Buffer &buffer, const Site &site, const Request &request);
  static uint64_t countSectors(const Request &request, size_t offset);
  static uint64_t countConflicts(const Request &request, size_t offset, size_t width);

  std::array<std::vector<Access>, kLanes> lanes;
  std::vector<Access> rest;
};

} // namespace sepconv::emulator
