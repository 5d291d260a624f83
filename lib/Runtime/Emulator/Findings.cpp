//===- Findings.cpp - faults of kernels, told once each --------------------------===//

#include "Findings.h"

#include <cstdio>
#include <mutex>
#include <set>

using namespace sepconv;
using namespace sepconv::emulator;

/// More are of no help.
static constexpr size_t kMostPrinted = 20;

namespace {
struct Found {
  std::mutex mutex;
  size_t count = 0;
  std::set<std::string> places;
};
} // namespace

static Found &found() {
  static Found all;
  return all;
}

void emulator::report(const Finding &finding) {
  std::string place = finding.kernel + "\n" + finding.location + "\n" + finding.kind;
  std::lock_guard<std::mutex> lock(found().mutex);
  ++found().count;
  if (!found().places.insert(place).second || found().places.size() > kMostPrinted)
    return;
  std::string line = "error: ";
  if (!finding.layer.empty())
    line += "layer '" + finding.layer + "', ";
  line += "kernel '" + finding.kernel + "'";
  if (!finding.location.empty())
    line += ", " + finding.location;
  if (!finding.thread.empty())
    line += ", " + finding.thread;
  std::fprintf(stderr, "%s: %s\n", line.c_str(), finding.text.c_str());
}

size_t emulator::countFindings() {
  std::lock_guard<std::mutex> lock(found().mutex);
  return found().count;
}

size_t emulator::countPlaces() {
  std::lock_guard<std::mutex> lock(found().mutex);
  return found().places.size();
}

void emulator::forgetFindings() {
  std::lock_guard<std::mutex> lock(found().mutex);
  found().count = 0;
  found().places.clear();
}
