//===- OutputFiles.cpp - files that are written all or none ----------------------===//

#include "sepconv/Support/OutputFiles.h"

#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace mlir::sepconv;

static llvm::Error cannot(StringRef action, StringRef path, std::error_code code) {
  return llvm::createStringError(code, "cannot " + action + " '" + path + "': " + code.message());
}

OutputFiles::~OutputFiles() {
  for (File &file : files)
    llvm::consumeError(file.temporary.discard());
}

llvm::Error OutputFiles::add(const llvm::Twine &path, ArrayRef<char> contents) {
  std::string name = path.str();
  llvm::Expected<llvm::sys::fs::TempFile> temporary =
      llvm::sys::fs::TempFile::create(name + ".%%%%%%.tmp");
  if (!temporary)
    return cannot("write", name, llvm::errorToErrorCode(temporary.takeError()));
  files.push_back({name, std::move(*temporary)});
  llvm::raw_fd_ostream os(files.back().temporary.FD, /*shouldClose=*/false);
  os.write(contents.data(), contents.size());
  os.flush();
  std::error_code code = os.error();
  os.clear_error();
  return code ? cannot("write", name, code) : llvm::Error::success();
}

std::vector<std::string> OutputFiles::names() const {
  std::vector<std::string> names;
  for (const File &file : files)
    names.push_back(llvm::sys::path::filename(file.path).str());
  return names;
}

llvm::Error OutputFiles::keep() {
  SmallVector<StringRef> kept;
  for (File &file : files) {
    llvm::Error error = file.temporary.keep(file.path);
    if (!error) {
      kept.push_back(file.path);
      continue;
    }
    for (StringRef path : kept)
      llvm::sys::fs::remove(path);
    return cannot("write", file.path, llvm::errorToErrorCode(std::move(error)));
  }
  return llvm::Error::success();
}
