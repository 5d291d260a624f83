//===- Report.cpp - what launches have counted -----------------------------------===//

#include "Report.h"

#include <cerrno>
#include <cstdio>
#include <mutex>

using namespace sepconv;
using namespace sepconv::emulator;

namespace {
struct Kept {
  std::mutex mutex;
  std::vector<std::string> launches;
};
} // namespace

static Kept &kept() {
  static Kept all;
  return all;
}

static std::string quote(const std::string &text) {
  std::string result = "\"";
  for (char c : text) {
    char escape[8] = {c};
    if (c == '"' || c == '\\')
      std::snprintf(escape, sizeof(escape), "\\%c", c);
    else if (static_cast<unsigned char>(c) < ' ')
      std::snprintf(escape, sizeof(escape), "\\u%04x", c);
    result += escape;
  }
  return result + "\"";
}

static std::string field(const char *name, uint64_t value) {
  return ", " + quote(name) + ": " + std::to_string(value);
}

static std::string show(const Dimensions &d) {
  return "[" + std::to_string(d.x) + ", " + std::to_string(d.y) + ", " + std::to_string(d.z) + "]";
}

static std::string show(const Buffer &buffer, const Traffic &traffic, bool stored) {
  std::string text = "{" + field("requests", traffic.requests).substr(2);
  text += field("bytes", traffic.bytes);
  if (buffer.isGlobal()) {
    text += field("sectors", traffic.sectors);
    text += field("distinct_bytes", buffer.movedBytes(stored));
  } else {
    text += field("bank_conflicts", traffic.bankConflicts);
  }
  return text + "}";
}

static std::string show(const Buffer &buffer) {
  return "{\"name\": " + quote(buffer.name) +
         ", \"space\": " + (buffer.isGlobal() ? "\"global\"" : "\"shared\"") +
         field("bytes", buffer.elements * buffer.elementBytes) +
         ", \"loads\": " + show(buffer, buffer.loads, false) +
         ", \"stores\": " + show(buffer, buffer.stores, true) + "}";
}

void emulator::record(const Launch &launch) {
  uint64_t sharedBytes = 0;
  std::string buffers;
  for (const Buffer &buffer : launch.buffers) {
    if (buffer.space == SEPCONV_EMULATED_PRIVATE)
      continue;
    if (!buffer.isGlobal())
      sharedBytes += buffer.elements * buffer.elementBytes;
    buffers += (buffers.empty() ? "\n      " : ",\n      ") + show(buffer);
  }
  std::string text = "{\"layer\": " + quote(launch.layer) +
                     ", \"kernel\": " + quote(launch.kernel) + ", \"grid\": " + show(launch.grid) +
                     ", \"block\": " + show(launch.block) + field("shared_bytes", sharedBytes) +
                     field("barriers", launch.barriers) + field("shuffles", launch.shuffles) +
                     ",\n    \"buffers\": [" + buffers + "]}";
  std::lock_guard<std::mutex> lock(kept().mutex);
  kept().launches.push_back(text);
}

void emulator::forgetLaunches() {
  std::lock_guard<std::mutex> lock(kept().mutex);
  kept().launches.clear();
}

int emulator::writeReport(const char *path) {
  std::FILE *file = std::fopen(path, "w");
  if (!file)
    return errno;
  std::lock_guard<std::mutex> lock(kept().mutex);
  std::fputs("{\"launches\": [", file);
  for (size_t i = 0; i != kept().launches.size(); ++i)
    std::fprintf(file, "%s\n  %s", i ? "," : "", kept().launches[i].c_str());
  std::fputs("\n]}\n", file);
  int failed = std::ferror(file) ? EIO : 0;
  return std::fclose(file) ? errno : failed;
}
