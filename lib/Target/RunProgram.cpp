//===- RunProgram.cpp - a program that makes one file of another -----------------===//

#include "RunProgram.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace mlir::sepconv;

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

llvm::Expected<TemporaryFile> sepconv::makeTemporary(StringRef suffix, ArrayRef<char> bytes,
                                                     std::string &path) {
  SmallString<128> name;
  if (std::error_code code = llvm::sys::fs::createTemporaryFile("sepconv", suffix, name))
    return llvm::createStringError(code, "cannot make a temporary file: " + code.message());
  path = name.str().str();
  auto file = std::make_unique<llvm::FileRemover>(path);
  if (llvm::Error error = writeFile(path, bytes))
    return std::move(error);
  return std::move(file);
}

llvm::Error sepconv::runProgram(StringRef program, ArrayRef<StringRef> options, StringRef purpose,
                                StringRef suffix, ArrayRef<char> input,
                                SmallVectorImpl<char> &output) {
  std::string from, to, messages;
  llvm::Expected<TemporaryFile> removeInput = makeTemporary(suffix, input, from);
  if (!removeInput)
    return removeInput.takeError();
  llvm::Expected<TemporaryFile> removeOutput = makeTemporary("out", {}, to);
  if (!removeOutput)
    return removeOutput.takeError();
  llvm::Expected<TemporaryFile> removeMessages = makeTemporary("txt", {}, messages);
  if (!removeMessages)
    return removeMessages.takeError();
  SmallVector<StringRef> command{program};
  llvm::append_range(command, options);
  command.append({"-o", to, from});
  std::string failure;
  int status = llvm::sys::ExecuteAndWait(program, command, std::nullopt,
                                         {StringRef(""), StringRef(messages), StringRef(messages)},
                                         /*SecondsToWait=*/0, /*MemoryLimit=*/0, &failure);
  if (status) {
    auto text = llvm::MemoryBuffer::getFile(messages);
    return llvm::createStringError("'" + program + "' cannot " + purpose + ":\n" + failure +
                                   (text ? (*text)->getBuffer().rtrim() : StringRef()));
  }
  auto made = llvm::MemoryBuffer::getFile(to, false, /*RequiresNullTerminator=*/false);
  if (!made)
    return llvm::createStringError(made.getError(), "cannot read '" + to + "'");
  llvm::append_range(output, (*made)->getBuffer());
  return llvm::Error::success();
}
