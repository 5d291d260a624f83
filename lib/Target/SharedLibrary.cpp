//===- SharedLibrary.cpp - an object linked as a shared library ------------------===//

#include "sepconv/Target/SharedLibrary.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace mlir::sepconv;

static llvm::Expected<std::string> findLinker() {
  // lld links for every target, ld for this machine's only.
  for (StringRef name : {"ld.lld-22", "ld.lld", "ld"})
    if (llvm::ErrorOr<std::string> path = llvm::sys::findProgramByName(name))
      return *path;
  return llvm::createStringError("a shared library needs a linker: found none of ld.lld-22, "
                                 "ld.lld and ld on the path");
}

/// A file that goes away with this.
static llvm::Expected<llvm::FileRemover> makeTemporary(StringRef suffix, std::string &path) {
  SmallString<128> name;
  if (std::error_code code = llvm::sys::fs::createTemporaryFile("sepconv", suffix, name))
    return llvm::createStringError(code, "cannot make a temporary file: " + code.message());
  path = name.str().str();
  return llvm::FileRemover(path);
}

static llvm::Error writeFile(StringRef path, ArrayRef<char> bytes) {
  std::error_code code;
  llvm::raw_fd_ostream file(path, code);
  file.write(bytes.data(), bytes.size());
  file.close();
  code = file.error();
  file.clear_error();
  if (code)
    return llvm::createStringError(code, "cannot write '" + path + "': " + code.message());
  return llvm::Error::success();
}

llvm::Error sepconv::linkSharedLibrary(StringRef name, ArrayRef<char> object,
                                       SmallVectorImpl<char> &output) {
  llvm::Expected<std::string> linker = findLinker();
  if (!linker)
    return linker.takeError();
  std::string input, library, messages;
  llvm::Expected<llvm::FileRemover> removeInput = makeTemporary("o", input);
  if (!removeInput)
    return removeInput.takeError();
  llvm::Expected<llvm::FileRemover> removeLibrary = makeTemporary("so", library);
  if (!removeLibrary)
    return removeLibrary.takeError();
  llvm::Expected<llvm::FileRemover> removeMessages = makeTemporary("txt", messages);
  if (!removeMessages)
    return removeMessages.takeError();
  if (llvm::Error error = writeFile(input, object))
    return error;
  std::string soname = ("lib" + name + ".so").str();
  int status = llvm::sys::ExecuteAndWait(
      *linker, {*linker, "-shared", "-soname", soname, "-o", library, input}, std::nullopt,
      {StringRef(""), StringRef(messages), StringRef(messages)});
  if (status) {
    auto text = llvm::MemoryBuffer::getFile(messages);
    return llvm::createStringError("'" + *linker + "' cannot link a shared library:\n" +
                                   (text ? (*text)->getBuffer().rtrim() : ""));
  }
  auto linked = llvm::MemoryBuffer::getFile(library, false, /*RequiresNullTerminator=*/false);
  if (!linked)
    return llvm::createStringError(linked.getError(), "cannot read '" + library + "'");
  llvm::append_range(output, (*linked)->getBuffer());
  return llvm::Error::success();
}
