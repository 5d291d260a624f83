//===- Archive.cpp - files, zip archives and JSON texts --------------------------===//

#include "Archive.h"

#include "llvm/ADT/Twine.h"
#include "llvm/Support/FileSystem.h"

#include <zip.h>

using namespace llvm;
using namespace mlir::sepconv;

/// Keras stores its entries without compression. Deflate reaches 1032:1, so an entry that claims
/// more than this was made to exhaust the memory.
static constexpr uint64_t maxExpansion = 1100, smallEntry = 1 << 20;
static constexpr unsigned maxNesting = 256;

Error keras::makeError(const Twine &message) {
  return createStringError(inconvertibleErrorCode(), message);
}

Expected<std::unique_ptr<MemoryBuffer>> keras::readFile(StringRef path) {
  sys::fs::file_status status;
  if (std::error_code code = sys::fs::status(path, status))
    return makeError("cannot be read: " + StringRef(code.message()).lower());
  if (status.type() == sys::fs::file_type::directory_file)
    return makeError("is a directory, expected a .keras archive or an architecture .json "
                     "(a SavedModel is not supported)");
  if (status.type() != sys::fs::file_type::regular_file)
    return makeError("is not a regular file");
  auto buffer = MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer)
    return makeError("cannot be read: " + StringRef(buffer.getError().message()).lower());
  return std::move(*buffer);
}

//===----------------------------------------------------------------------===//
// Zip
//===----------------------------------------------------------------------===//

void keras::Archive::Close::operator()(::zip *archive) const { zip_discard(archive); }

static Error zipError(const Twine &what, zip_error_t *error) {
  return keras::makeError(what + ": " + StringRef(zip_error_strerror(error)).lower());
}

Expected<keras::Archive> keras::Archive::open(StringRef bytes) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t *source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  zip_t *archive = source ? zip_open_from_source(source, ZIP_RDONLY, &error) : nullptr;
  if (archive) {
    zip_error_fini(&error);
    return Archive(archive);
  }
  Error result = zipError("is no valid zip archive", &error);
  zip_error_fini(&error);
  if (source)
    zip_source_free(source);
  return std::move(result);
}

bool keras::Archive::contains(StringRef entry) const {
  return zip_name_locate(archive.get(), entry.str().c_str(), 0) >= 0;
}

Expected<std::vector<char>> keras::Archive::read(StringRef entry) const {
  std::string what = ("entry '" + entry + "' of the archive").str();
  zip_stat_t stat;
  if (zip_stat(archive.get(), entry.str().c_str(), 0, &stat))
    return zipError(what, zip_get_error(archive.get()));
  constexpr zip_uint64_t needed = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_INDEX;
  if ((stat.valid & needed) != needed)
    return makeError(what + " has no size");
  if (stat.size > smallEntry && stat.size / maxExpansion > stat.comp_size)
    return makeError(what + " claims " + Twine(stat.size) + " bytes from " + Twine(stat.comp_size) +
                     " compressed ones");
  std::unique_ptr<zip_file_t, int (*)(zip_file_t *)> file(
      zip_fopen_index(archive.get(), stat.index, 0), zip_fclose);
  if (!file)
    return zipError(what, zip_get_error(archive.get()));
  std::vector<char> bytes(stat.size);
  size_t done = 0;
  while (done < bytes.size()) {
    zip_int64_t got = zip_fread(file.get(), bytes.data() + done, bytes.size() - done);
    if (got < 0)
      return zipError(what, zip_file_get_error(file.get()));
    if (got == 0)
      return makeError(what + " is truncated: expected " + Twine(bytes.size()) + " bytes, found " +
                       Twine(done));
    done += got;
  }
  // The checksum is compared when the end is read.
  char more;
  zip_int64_t got = zip_fread(file.get(), &more, 1);
  if (got < 0)
    return zipError(what, zip_file_get_error(file.get()));
  if (got > 0)
    return makeError(what + " is longer than the archive says");
  return bytes;
}

//===----------------------------------------------------------------------===//
// JSON
//===----------------------------------------------------------------------===//

static bool nestsTooDeep(StringRef text) {
  unsigned depth = 0;
  bool inString = false;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (inString) {
      if (c == '\\')
        ++i;
      else if (c == '"')
        inString = false;
    } else if (c == '"') {
      inString = true;
    } else if (c == '[' || c == '{') {
      if (++depth > maxNesting)
        return true;
    } else if ((c == ']' || c == '}') && depth) {
      --depth;
    }
  }
  return false;
}

Expected<json::Value> keras::parseJson(StringRef text) {
  if (nestsTooDeep(text))
    return makeError("is nested deeper than " + Twine(maxNesting) + " levels");
  Expected<json::Value> value = json::parse(text);
  if (value)
    return value;
  return makeError("is no valid JSON: " + StringRef(toString(value.takeError())).lower());
}
