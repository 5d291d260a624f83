//===- Files.cpp - the files that sepconv-run reads and writes -------------===//

#include "Files.h"

#include "sepconv/Support/OutputFiles.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace mlir::sepconv;
using llvm::createStringError;
using llvm::Error;
using llvm::Expected;

Expected<std::vector<std::string>> sepconv::assign(StringRef what, ArrayRef<Port> ports,
                                                   ArrayRef<std::string> files) {
  std::vector<std::string> result(ports.size());
  size_t next = 0;
  for (StringRef file : files) {
    StringRef name = file.split('=').first, path = file.split('=').second;
    auto isNamed = [&](const Port &port) { return port.name == name || port.cName == name; };
    size_t at = llvm::find_if(ports, isNamed) - ports.begin();
    if (path.empty()) {
      path = file;
      while (next < ports.size() && !result[next].empty())
        ++next;
      at = next;
    }
    if (at == ports.size()) {
      std::string names;
      for (const Port &port : ports)
        names += (names.empty() ? "'" : ", '") + port.name + "'";
      return createStringError("no " + what + " for '" + file + "', " +
                               (names.empty() ? "there are none" : "expected one of " + names));
    }
    if (!result[at].empty())
      return createStringError(what + " '" + ports[at].name + "' is given twice");
    result[at] = path.str();
  }
  return result;
}

Expected<std::vector<Array>> sepconv::readArrays(StringRef what, ArrayRef<Port> ports,
                                                 ArrayRef<std::string> files, bool quantize) {
  Expected<std::vector<std::string>> paths = assign(what, ports, files);
  if (!paths)
    return paths.takeError();
  std::vector<Array> arrays;
  for (auto [port, path] : llvm::zip_equal(ports, *paths)) {
    if (path.empty())
      return createStringError("missing file for " + what + " '" + port.name + "', expected " +
                               port.shown());
    Expected<Array> array = readNpy(path);
    if (!array)
      return array.takeError();
    if (quantize)
      array = port.quantize(std::move(*array));
    if (!port.accepts(array->type))
      return createStringError("'" + path + "' for " + what + " '" + port.name + "': expected " +
                               port.shown() + ", found " + array->type.shown());
    arrays.push_back(std::move(*array));
  }
  return arrays;
}

Array sepconv::shownOutput(const Port &port, const Array &array, bool quantize) {
  return quantize ? port.dequantize(array) : array;
}

static Error makeDirectory(StringRef directory) {
  if (std::error_code code = llvm::sys::fs::create_directories(directory, /*IgnoreExisting=*/true,
                                                               llvm::sys::fs::perms::all_all))
    return createStringError(code,
                             "cannot create the directory '" + directory + "': " + code.message());
  return Error::success();
}

/// Keeps the files of a directory, and says so.
static Error keep(OutputFiles &files, StringRef directory, bool quiet) {
  if (Error error = files.keep())
    return error;
  if (!quiet)
    llvm::outs() << "wrote " << llvm::join(files.names(), ", ") << " to '" << directory << "'\n";
  return Error::success();
}

Error sepconv::writeOutputs(const RunArguments &arguments, const Product &product) {
  const std::string &directory = arguments.directory;
  if (Error error = makeDirectory(directory))
    return error;
  OutputFiles files;
  for (auto [port, array] : llvm::zip_equal(product.outputs(), product.results())) {
    SmallString<128> path(directory);
    llvm::sys::path::append(path, port.cName + ".npy");
    if (Error error =
            files.add(path, StringRef(toNpy(shownOutput(port, array, arguments.quantize)))))
      return error;
  }
  return keep(files, directory, arguments.quiet);
}
