//===- Launch.cpp - one launch of a kernel ---------------------------------------===//

#include "Launch.h"
#include "Findings.h"

#include <algorithm>

using namespace sepconv::emulator;

thread_local Launch *Launch::running = nullptr;

/// Enough for what registers do not hold, beside the buffers.
static constexpr size_t kStackBytes = 64 * 1024;

std::string Dimensions::position(size_t index) const {
  return "(" + std::to_string(index % x) + ", " + std::to_string(index / x % y) + ", " +
         std::to_string(index / (x * y)) + ")";
}

std::string Dimensions::shown() const {
  return std::to_string(x) + " x " + std::to_string(y) + " x " + std::to_string(z);
}

//===----------------------------------------------------------------------===//
// Turns
//===----------------------------------------------------------------------===//

void Launch::run(Fibre::Body newBody, void *newArguments) {
  body = newBody, arguments = newArguments;
  Launch *outer = std::exchange(running, this);
  for (blockNumber = 0; blockNumber != grid.count(); ++blockNumber)
    runBlock();
  running = outer;
}

void Launch::runBlock() {
  threads.assign(block.count(), Thread());
  firstEpochs.push_back(++epoch);
  do {
    for (size_t first = 0; first < threads.size(); first += kLanes)
      runWarp(first, std::min(first + kLanes, threads.size()));
    meet(0, threads.size(), State::AtBarrier);
    ++epoch;
  } while (release(0, threads.size(), State::AtBarrier) && ++barriers);
}

/// Runs a warp's threads until each is at a barrier or has ended.
void Launch::runWarp(size_t first, size_t end) {
  do {
    for (number = first; number != end; ++number)
      if (threads[number].state == State::Ready)
        resume();
    meet(first, end, State::InWarp);
  } while (release(first, end, State::InWarp));
  warp.count(buffers);
}

/// Lets the current thread run until it waits or ends. A fibre is taken by one that begins, and
/// given back by one that ends, so that threads that never wait share one.
void Launch::resume() {
  if (!thread().fibre) {
    if (idle.empty()) {
      fibres.push_back(std::make_unique<Fibre>(stackBytes()));
      idle.push_back(fibres.back().get());
    }
    thread().fibre = idle.back();
    idle.pop_back();
    thread().fibre->begin(body, arguments, blockNumber * threads.size() + number);
  }
  if (!thread().fibre->resume())
    return;
  thread().state = State::Ended;
  idle.push_back(thread().fibre);
}

size_t Launch::stackBytes() const {
  size_t bytes = kStackBytes;
  for (const Buffer &buffer : buffers)
    if (buffer.space == SEPCONV_EMULATED_PRIVATE)
      bytes += buffer.elements * buffer.elementBytes;
  return bytes;
}

void Launch::wait(const Site &site, State state) {
  Thread &waiting = thread();
  waiting.site = &site;
  waiting.state = state;
  waiting.fibre->suspend();
}

/// Threads that wait for each other have to wait at the same place, and all of them.
void Launch::meet(size_t first, size_t end, State state) {
  auto begin = threads.begin() + first, last = threads.begin() + end;
  auto waits = [&](const Thread &thread) { return thread.state == state; };
  auto waiting = std::find_if(begin, last, waits);
  if (waiting == last)
    return;
  auto isElsewhere = [&](const Thread &thread) {
    return !waits(thread) || thread.site != waiting->site;
  };
  auto other = std::find_if(begin, last, isElsewhere);
  if (other == last)
    return;
  number = waiting - threads.begin();
  std::string text =
      state == State::InWarp ? "waits for its warp, but " : "waits at a barrier, but ";
  text += at(blockNumber, other - threads.begin());
  if (other->state == State::Ended)
    text += " has ended";
  else
    text += std::string(" waits at ") + other->site->location;
  fault(*waiting->site, "divergence", text);
}

/// Lets threads go on that wait; returns whether there are any.
bool Launch::release(size_t first, size_t end, State state) {
  bool any = false;
  for (size_t i = first; i != end; ++i) {
    Thread &thread = threads[i];
    bool waits = thread.state == state;
    if (state == State::InWarp) {
      thread.metAt = waits ? thread.site : nullptr;
      thread.given = thread.value;
    }
    if (waits)
      thread.state = State::Ready;
    any |= waits;
  }
  return any;
}

//===----------------------------------------------------------------------===//
// What threads do
//===----------------------------------------------------------------------===//

bool Launch::access(const Site &site, size_t index, size_t moment) {
  Buffer &buffer = buffers[site.buffer];
  if (!buffer.contains(index, site.elements)) {
    fault(site, "bounds", describe(site, index) + " is out of bounds");
    return false;
  }
  if (index * buffer.elementBytes % site.alignment)
    fault(site, "alignment",
          describe(site, index) + " is not aligned to " + std::to_string(site.alignment) +
              " bytes");
  Touch now{epoch, static_cast<uint32_t>(number), &site};
  Conflict conflict = buffer.touch(site, index, now, firstEpochs.back());
  if (conflict.kind == Conflict::Unwritten)
    fault(site, "unwritten",
          describe(site, conflict.element) + " that no thread of the block has stored");
  if (conflict.kind == Conflict::Race)
    fault(site, "race",
          describe(site, conflict.element) + " races with " + describeOther(conflict.other));
  if (buffer.isGlobal())
    buffer.move(site, index);
  warp.note(number % kLanes, &site, index, moment);
  return true;
}

void Launch::barrier(const Site &site) { wait(site, State::AtBarrier); }

uint64_t Launch::shuffle(const Site &site, uint64_t value, int32_t lane) {
  thread().value = value;
  wait(site, State::InWarp);
  ++shuffles;
  size_t source = warpBegin() + lane;
  if (lane < 0)
    return value;
  if (source < warpEnd() && threads[source].metAt == &site)
    return threads[source].given;
  fault(site, "lane", "takes a value of lane " + std::to_string(lane) + ", which gives none");
  return value;
}

uint32_t Launch::ballot(const Site &site, bool predicate) {
  thread().value = predicate;
  wait(site, State::InWarp);
  uint32_t bits = 0;
  for (size_t i = warpBegin(); i != warpEnd(); ++i)
    if (threads[i].metAt == &site && threads[i].given)
      bits |= 1u << (i - warpBegin());
  return bits;
}

//===----------------------------------------------------------------------===//
// Faults
//===----------------------------------------------------------------------===//

std::string Launch::at(size_t blockIndex, size_t threadIndex) const {
  return "block " + grid.position(blockIndex) + ", thread " + block.position(threadIndex);
}

std::string Launch::describe(const Site &site, size_t index) const {
  const Buffer &buffer = buffers[site.buffer];
  std::string text = site.store ? "store to element " : "load of element ";
  text += std::to_string(static_cast<int64_t>(index));
  if (site.elements > 1)
    text += " and the " + std::to_string(site.elements - 1) + " after it";
  return text + " of " + buffer.name;
}

std::string Launch::describeOther(const Touch &other) const {
  auto after = std::upper_bound(firstEpochs.begin(), firstEpochs.end(), other.epoch);
  return std::string(other.site->store ? "the store of " : "the load of ") +
         at(after - firstEpochs.begin() - 1, other.thread) + " at " + other.site->location;
}

void Launch::fault(const Site &site, const char *kind, const std::string &text) {
  report({kernel, layer, site.location, at(blockNumber, number), kind, text});
}

void Launch::fault(const char *kind, const std::string &text) {
  report({kernel, layer, "", "", kind, text});
}
