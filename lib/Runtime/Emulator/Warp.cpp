//===- Warp.cpp - what the lanes of a warp access together -----------------------===//

#include "Warp.h"

#include <algorithm>
#include <tuple>

using namespace sepconv::emulator;

static constexpr size_t kSectorBytes = 32;
static constexpr size_t kBanks = 32, kBankBytes = 4;
/// What an instruction moves for a thread at most, and for a warp in one pass of shared memory.
static constexpr size_t kThreadBytes = 16, kPassBytes = kBanks * kBankBytes;

/// How many of the numbers are different; sorts them.
static size_t countDifferent(size_t *begin, size_t *end) {
  if (!std::is_sorted(begin, end))
    std::sort(begin, end);
  return std::unique(begin, end) - begin;
}

uint64_t Warp::countSectors(const Request &request, size_t offset) {
  std::array<size_t, kLanes> sectors;
  for (size_t i = 0; i != request.count; ++i)
    sectors[i] = (request.addresses[i] + offset) / kSectorBytes;
  return countDifferent(sectors.data(), sectors.data() + request.count);
}

/// Lanes that together move 128 bytes are served in one pass, if no bank has to give two words.
uint64_t Warp::countConflicts(const Request &request, size_t offset, size_t width) {
  size_t wordsEach = std::max<size_t>(width / kBankBytes, 1);
  size_t lanesEach = kPassBytes / (wordsEach * kBankBytes);
  uint64_t conflicts = 0;
  for (size_t i = 0; i != request.count;) {
    std::array<size_t, kBanks> words;
    size_t count = 0, pass = request.lanes[i] / lanesEach;
    for (; i != request.count && request.lanes[i] / lanesEach == pass; ++i)
      for (size_t word = 0; word != wordsEach; ++word)
        words[count++] = (request.addresses[i] + offset) / kBankBytes + word;
    count = countDifferent(words.data(), words.data() + count);
    std::array<uint64_t, kBanks> perBank = {};
    for (size_t word = 0; word != count; ++word)
      ++perBank[words[word] % kBanks];
    conflicts += *std::max_element(perBank.begin(), perBank.end()) - 1;
  }
  return conflicts;
}

void Warp::countRequest(Buffer &buffer, const Site &site, const Request &request) {
  Traffic &traffic = site.store ? buffer.stores : buffer.loads;
  size_t bytes = site.elements * buffer.elementBytes;
  // What is not known to be aligned is moved in parts.
  size_t width = std::min<size_t>({bytes, site.alignment, kThreadBytes});
  for (size_t offset = 0; offset != bytes; offset += width) {
    ++traffic.requests;
    traffic.bytes += request.count * width;
    if (buffer.isGlobal())
      traffic.sectors += countSectors(request, offset);
    else
      traffic.bankConflicts += countConflicts(request, offset, width);
  }
}

void Warp::count(std::vector<Buffer> &buffers) {
  countRest(buffers, countTogether(buffers));
  for (std::vector<Access> &accesses : lanes)
    accesses.clear();
}

/// Counts as long as all lanes that do anything do the same; returns how many accesses of each.
size_t Warp::countTogether(std::vector<Buffer> &buffers) {
  std::array<const std::vector<Access> *, kLanes> active;
  size_t count = 0, length = -1;
  for (const std::vector<Access> &accesses : lanes)
    if (!accesses.empty()) {
      active[count++] = &accesses;
      length = std::min(length, accesses.size());
    }
  for (size_t i = 0; count && i != length; ++i) {
    const Access &first = (*active[0])[i];
    Buffer &buffer = buffers[first.site->buffer];
    Request request;
    for (size_t lane = 0; lane != count; ++lane) {
      const Access &access = (*active[lane])[i];
      if (!access.isWith(first))
        return i;
      request.add(access, buffer.elementBytes);
    }
    countRequest(buffer, *first.site, request);
  }
  return count ? length : 0;
}

/// Counts what lanes do that have gone different ways.
void Warp::countRest(std::vector<Buffer> &buffers, size_t begin) {
  rest.clear();
  for (const std::vector<Access> &accesses : lanes)
    if (begin < accesses.size())
      rest.insert(rest.end(), accesses.begin() + begin, accesses.end());
  std::sort(rest.begin(), rest.end(), [](const Access &a, const Access &b) {
    return std::tie(a.site, a.moment, a.lane) < std::tie(b.site, b.moment, b.lane);
  });
  for (size_t i = 0; i != rest.size();) {
    const Access &first = rest[i];
    Buffer &buffer = buffers[first.site->buffer];
    Request request;
    for (; i != rest.size() && rest[i].isWith(first) && request.count != kLanes; ++i)
      request.add(rest[i], buffer.elementBytes);
    countRequest(buffer, *first.site, request);
  }
}
