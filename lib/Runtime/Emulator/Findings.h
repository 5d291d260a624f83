//===- Findings.h - faults of kernels, told once each ----------------------------===//
#pragma once

#include <cstddef>
#include <string>

namespace sepconv::emulator {

/// A fault of a kernel in a thread of a launch.
struct Finding {
  std::string kernel, layer, location;
  /// The block and thread, if it is one's.
  std::string thread;
  /// What kind it is: of a kind one at each location is printed.
  const char *kind;
  std::string text;
};

void report(const Finding &finding);
size_t countFindings();
size_t countPlaces();
void forgetFindings();

} // namespace sepconv::emulator
