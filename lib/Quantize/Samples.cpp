//===- Samples.cpp - inputs of a model from .npy files ---------------------------===//

#include "Samples.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::quantize;
using llvm::createStringError;
using llvm::Expected;

namespace fs = llvm::sys::fs;

/// The .npy files of a folder in the order of their names, or the one file.
static Expected<std::vector<std::string>> listFiles(StringRef path) {
  if (!fs::exists(path))
    return createStringError("cannot read '" + path + "': no such file or directory");
  if (!fs::is_directory(path))
    return std::vector<std::string>{path.str()};
  std::vector<std::string> files;
  std::error_code code;
  for (fs::directory_iterator it(path, code), end; it != end && !code; it.increment(code))
    if (llvm::sys::path::extension(it->path()) == ".npy")
      files.push_back(it->path());
  if (code)
    return createStringError(code, "cannot read '" + path + "': " + code.message());
  llvm::sort(files);
  return files;
}

/// How many runs an array is for: its first size is that of all their batches, or it is one sample
/// without a batch. Nothing if it fits neither.
static std::optional<size_t> countOf(const ArrayType &type, const Port &port) {
  SmallVector<int64_t> shape = type.shape;
  if (shape.size() + 1 == port.extents.size())
    shape.insert(shape.begin(), 1);
  int64_t batch = 0;
  if (shape.empty() || shape.size() != port.extents.size() ||
      StringRef(port.extents.front()).getAsInteger(10, batch) || batch < 1)
    return shape.empty() && port.accepts(type) ? std::optional<size_t>(1) : std::nullopt;
  int64_t images = std::exchange(shape.front(), batch);
  if (images % batch || images == 0 || !port.accepts({type.dtype, shape}))
    return std::nullopt;
  return images / batch;
}

/// "float32[samples, 8, 8, 3]"
static std::string expectedOf(const Port &port) {
  Port shown = port;
  if (!shown.extents.empty())
    shown.extents.front() =
        shown.extents.front() == "1" ? "samples" : "samples * " + shown.extents.front();
  return shown.shown();
}

llvm::Error Samples::readFiles(Source &source, StringRef path) {
  Expected<std::vector<std::string>> files = listFiles(path);
  if (!files)
    return files.takeError();
  if (files->empty())
    return createStringError("'" + path + "' has no .npy files, expected arrays of " +
                             expectedOf(source.port));
  for (const std::string &file : *files) {
    Expected<Array> array = readNpy(file);
    if (!array)
      return array.takeError();
    std::optional<size_t> samples = countOf(array->type, source.port);
    if (!samples)
      return createStringError("'" + file + "' for input '" + source.port.name + "': expected " +
                               expectedOf(source.port) + ", found " + array->type.shown());
    source.files.push_back({file, source.count, *samples});
    source.count += *samples;
  }
  return llvm::Error::success();
}

Expected<Samples> Samples::open(StringRef path, ArrayRef<Port> inputs) {
  Samples samples;
  if (inputs.size() > 1 && !fs::is_directory(path)) {
    std::string names;
    for (const Port &port : inputs)
      names += (names.empty() ? "" : ", ") + port.cName;
    return createStringError("'" + path +
                             "': expected a folder that has NAME.npy, or a folder "
                             "NAME, for each of the inputs " +
                             names);
  }
  for (const Port &port : inputs) {
    Source source{port, {}, 0, std::nullopt, 0};
    SmallString<128> place(path);
    if (inputs.size() > 1) {
      llvm::sys::path::append(place, port.cName);
      if (!fs::is_directory(place))
        place += ".npy";
    }
    if (llvm::Error error = readFiles(source, place))
      return std::move(error);
    if (samples.count && samples.count != source.count)
      return createStringError("'" + place + "' has " + Twine(source.count) + " samples, input '" +
                               inputs.front().name + "' has " + Twine(samples.count));
    samples.count = source.count;
    samples.sources.push_back(std::move(source));
  }
  if (inputs.empty())
    return createStringError("the model has no inputs");
  return samples;
}

Expected<Array> Samples::getFrom(Source &source, size_t index) {
  size_t at = 0;
  while (index >= source.files[at].first + source.files[at].count)
    ++at;
  const File &file = source.files[at];
  if (!source.array || source.arrayFile != at) {
    source.array.reset();
    Expected<Array> array = readNpy(file.path);
    if (!array)
      return array.takeError();
    if (countOf(array->type, source.port) != file.count)
      return createStringError("'" + file.path + "' changed while it was used");
    source.array = std::move(*array);
    source.arrayFile = at;
  }
  ArrayType type = source.array->type;
  int64_t batch = 1;
  if (type.shape.size() + 1 == source.port.extents.size())
    type.shape.insert(type.shape.begin(), 1);
  else if (!type.shape.empty())
    StringRef(source.port.extents.front()).getAsInteger(10, batch), type.shape.front() = batch;
  Array sample(type);
  size_t bytes = sample.data.size(), from = (index - file.first) * bytes;
  llvm::copy(ArrayRef<char>(source.array->data).slice(from, bytes), sample.data.begin());
  return sample;
}

Expected<std::vector<Array>> Samples::get(size_t index) {
  std::vector<Array> inputs;
  for (Source &source : sources) {
    Expected<Array> array = getFrom(source, index);
    if (!array)
      return array.takeError();
    inputs.push_back(std::move(*array));
  }
  return inputs;
}
