//===- Archive.cpp - files, zip archives and JSON texts --------------------------===//

#include "Archive.h"

#include "llvm/ADT/Twine.h"

#include <zip.h>

using namespace llvm;
using namespace mlir::sepconv;

static constexpr size_t kPiece = 1 << 20;
static constexpr unsigned maxNesting = 256;

Error keras::makeError(const Twine &message) {
  return createStringError(inconvertibleErrorCode(), message);
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
    return Archive(archive, bytes.size());
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

static std::string named(StringRef entry) { return ("entry '" + entry + "' of the archive").str(); }

Expected<keras::Archive::Sizes> keras::Archive::sizes(StringRef entry) const {
  zip_stat_t stat;
  if (zip_stat(archive.get(), entry.str().c_str(), 0, &stat))
    return zipError(named(entry), zip_get_error(archive.get()));
  constexpr zip_uint64_t needed = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE;
  if ((stat.valid & needed) != needed)
    return makeError(named(entry) + " has no size");
  return Sizes{stat.comp_size, stat.size};
}

/// What an entry claims, before anything is read.
Error keras::Archive::check(StringRef entry, uint64_t most, StringRef of) const {
  Expected<Sizes> claimed = sizes(entry);
  if (!claimed)
    return claimed.takeError();
  if (claimed->packed > bytes)
    return makeError(named(entry) + " claims " + Twine(claimed->packed) +
                     " compressed bytes, the archive has " + Twine(bytes));
  if (claimed->unpacked > most)
    return makeError(named(entry) + " claims " + Twine(claimed->unpacked) + " bytes, more than " +
                     of + " can have (" + Twine(most) + ")");
  return Error::success();
}

Expected<std::vector<char>> keras::Archive::read(StringRef entry, uint64_t most,
                                                 StringRef of) const {
  if (Error wrong = check(entry, most, of))
    return std::move(wrong);
  std::unique_ptr<zip_file_t, int (*)(zip_file_t *)> file(
      zip_fopen(archive.get(), entry.str().c_str(), 0), zip_fclose);
  if (!file)
    return zipError(named(entry), zip_get_error(archive.get()));
  uint64_t claimed = cantFail(sizes(entry)).unpacked;
  std::vector<char> content;
  while (true) { // up to the end, where the checksum is compared
    size_t done = content.size();
    content.resize(done + kPiece);
    zip_int64_t got = zip_fread(file.get(), content.data() + done, kPiece);
    content.resize(done + std::max<zip_int64_t>(got, 0));
    if (got < 0)
      return zipError(named(entry), zip_file_get_error(file.get()));
    if (content.size() > claimed)
      return makeError(named(entry) + " is longer than the archive says");
    if (got == 0)
      break;
  }
  if (content.size() < claimed)
    return makeError(named(entry) + " is truncated: expected " + Twine(claimed) + " bytes, found " +
                     Twine(content.size()));
  return content;
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
