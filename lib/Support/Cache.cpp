//===- Cache.cpp - results on disk, by what determines them -----------------------===//

#include "sepconv/Support/Cache.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Support/xxhash.h"

#include <vector>

using namespace mlir;
using namespace mlir::sepconv;
namespace fs = llvm::sys::fs;

static constexpr StringLiteral kExtension = ".sepconv";

static std::string hashOf(StringRef text) {
  llvm::XXH128_hash_t hash = llvm::xxh3_128bits(llvm::arrayRefFromStringRef(text));
  return llvm::utohexstr(hash.high64, /*LowerCase=*/true, 16) +
         llvm::utohexstr(hash.low64, /*LowerCase=*/true, 16);
}

/// Another compiler makes other results.
static const std::string &programHash() {
  static const std::string hash = [] {
    auto program = llvm::MemoryBuffer::getFile(fs::getMainExecutable(nullptr, nullptr),
                                               /*IsText=*/false, /*RequiresNullTerminator=*/false);
    return program ? hashOf((*program)->getBuffer()) : std::string();
  }();
  return hash;
}

std::string Cache::keyOf(StringRef text) { return hashOf(programHash() + hashOf(text)); }

std::string Cache::pathOf(StringRef key) const {
  SmallString<128> path(folder);
  llvm::sys::path::append(path, key + kExtension);
  return path.str().str();
}

llvm::Error Cache::prepare() const {
  std::error_code code = fs::create_directories(folder); // says nothing of a file of this name
  if (!code && !fs::is_directory(folder))
    code = std::make_error_code(std::errc::not_a_directory);
  if (code)
    return llvm::createStringError(code, "--cache=" + folder +
                                             ": cannot create the directory: " + code.message());
  return llvm::Error::success();
}

/// An entry is the hash of its contents, and these.
std::optional<std::string> Cache::get(StringRef key) const {
  llvm::Expected<fs::file_t> file = fs::openNativeFileForRead(pathOf(key));
  if (!file) {
    llvm::consumeError(file.takeError());
    return std::nullopt;
  }
  auto entry = llvm::MemoryBuffer::getOpenFile(*file, pathOf(key), /*FileSize=*/-1,
                                               /*RequiresNullTerminator=*/false);
  // Its age is how long nobody has used it.
  (void)fs::setLastAccessAndModificationTime(*file, std::chrono::system_clock::now());
  std::optional<std::string> contents;
  size_t hashed = hashOf("").size();
  if (entry && (*entry)->getBufferSize() >= hashed) {
    auto [hash, rest] = std::pair((*entry)->getBuffer().take_front(hashed),
                                  (*entry)->getBuffer().drop_front(hashed));
    if (hashOf(rest) == hash)
      contents = rest.str();
  }
  fs::closeFile(*file);
  return contents;
}

void Cache::put(StringRef key, StringRef contents) const {
  llvm::Expected<fs::TempFile> file = fs::TempFile::create(pathOf(key) + ".%%%%%%.tmp");
  if (!file)
    return llvm::consumeError(file.takeError());
  llvm::raw_fd_ostream os(file->FD, /*shouldClose=*/false);
  os << hashOf(contents) << contents;
  os.flush();
  bool failed = os.has_error();
  os.clear_error();
  llvm::consumeError(failed ? file->discard() : file->keep(pathOf(key)));
}

void Cache::trim() const {
  struct Entry {
    llvm::sys::TimePoint<> used;
    std::string path;
    uint64_t bytes;
  };
  std::vector<Entry> entries;
  uint64_t bytes = 0;
  std::error_code code;
  for (fs::directory_iterator it(folder, code), end; it != end && !code; it.increment(code)) {
    llvm::ErrorOr<fs::basic_file_status> status = it->status();
    // What a process that was killed has left is an entry too.
    bool isOurs = StringRef(it->path()).contains(kExtension);
    if (!status || !isOurs || status->type() != fs::file_type::regular_file)
      continue;
    entries.push_back({status->getLastModificationTime(), it->path(), status->getSize()});
    bytes += status->getSize();
  }
  llvm::sort(entries, [](const Entry &a, const Entry &b) {
    return std::tie(a.used, a.path) < std::tie(b.used, b.path);
  });
  for (const Entry &entry : entries) {
    if (bytes <= mostBytes)
      break;
    if (!fs::remove(entry.path))
      bytes -= entry.bytes;
  }
}
