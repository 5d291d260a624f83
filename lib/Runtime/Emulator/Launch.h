//===- Launch.h - one launch of a kernel -----------------------------------------===//
#pragma once

#include "Fibre.h"
#include "Warp.h"

#include <algorithm>
#include <memory>

namespace sepconv::emulator {

struct Dimensions {
  size_t x, y, z;
  size_t count() const { return x * y * z; }
  /// "(x, y, z)" of a position.
  std::string position(size_t index) const;
  /// "x x y x z".
  std::string shown() const;
};

/// Runs the blocks one after the other; the threads of a block take turns at barriers.
class Launch {
public:
  Launch(const char *kernel, const char *layer, Dimensions grid, Dimensions block)
      : kernel(kernel), layer(layer), grid(grid), block(block) {}

  void run(Fibre::Body body, void *arguments);
  /// The launch that runs in this thread of the host.
  static Launch &current() { return *running; }

  // What the thread that runs does.
  bool access(const Site &site, size_t index, size_t moment);
  void barrier(const Site &site);
  uint64_t shuffle(const Site &site, uint64_t value, int32_t lane);
  uint32_t ballot(const Site &site, bool predicate);

  /// Reports a fault of the thread that runs.
  void fault(const Site &site, const char *kind, const std::string &text);
  /// Reports one of the whole launch.
  void fault(const char *kind, const std::string &text);
  /// "load of element 3 of NAME".
  std::string describe(const Site &site, size_t index) const;

  std::string kernel, layer;
  Dimensions grid, block;
  std::vector<Buffer> buffers;
  uint64_t barriers = 0, shuffles = 0;

private:
  enum class State { Ready, AtBarrier, InWarp, Ended };
  struct Thread {
    State state = State::Ready;
    Fibre *fibre = nullptr;
    const Site *site = nullptr;  ///< where it waits
    uint64_t value = 0;          ///< what it gives to the lanes of its warp there
    const Site *metAt = nullptr; ///< where they have met, and what it gave
    uint64_t given = 0;
  };

  void runBlock();
  void runWarp(size_t first, size_t end);
  void resume();
  void wait(const Site &site, State state);
  void meet(size_t first, size_t end, State state);
  bool release(size_t first, size_t end, State state);
  size_t stackBytes() const;
  std::string at(size_t blockIndex, size_t threadIndex) const;
  std::string describeOther(const Touch &other) const;
  size_t warpBegin() const { return number - number % kLanes; }
  size_t warpEnd() const { return std::min(warpBegin() + kLanes, threads.size()); }
  Thread &thread() { return threads[number]; }

  static thread_local Launch *running;

  Fibre::Body body = nullptr;
  void *arguments = nullptr;
  std::vector<Thread> threads;
  std::vector<std::unique_ptr<Fibre>> fibres;
  std::vector<Fibre *> idle;
  Warp warp;
  size_t blockNumber = 0, number = 0; ///< of the thread that runs
  uint32_t epoch = 0;
  std::vector<uint32_t> firstEpochs; ///< of each block so far
};

} // namespace sepconv::emulator
