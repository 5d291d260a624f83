//===- SharedLibrary.cpp - objects linked as a shared library --------------------===//

#include "sepconv/Target/SharedLibrary.h"
#include "RunProgram.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/Object/Archive.h"
#include "llvm/Object/ObjectFile.h"
#include "llvm/Support/Program.h"

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

/// The functions that an object refers to and does not define, and that C's library has.
static void collectFunctions(const llvm::object::Binary &binary, llvm::StringSet<> &names) {
  const auto *object = llvm::dyn_cast<llvm::object::ObjectFile>(&binary);
  if (!object)
    return;
  llvm::TargetLibraryInfoImpl library(object->makeTriple());
  for (const llvm::object::SymbolRef &symbol : object->symbols()) {
    llvm::Expected<uint32_t> flags = symbol.getFlags();
    llvm::Expected<StringRef> name = symbol.getName();
    llvm::LibFunc function;
    if (flags && name && (*flags & llvm::object::SymbolRef::SF_Undefined) &&
        library.getLibFunc(*name, function))
      names.insert(*name);
    if (!flags)
      llvm::consumeError(flags.takeError());
    if (!name)
      llvm::consumeError(name.takeError());
  }
}

/// Those of libm: of the rest of C's library, which every program has, there are memcpy and the
/// like.
static llvm::Expected<SmallVector<std::string>> libmFunctions(ArrayRef<char> library) {
  llvm::MemoryBufferRef buffer(StringRef(library.data(), library.size()), "");
  llvm::Expected<std::unique_ptr<llvm::object::Binary>> binary = llvm::object::createBinary(buffer);
  if (!binary)
    return binary.takeError();
  llvm::StringSet<> names;
  collectFunctions(**binary, names);
  if (const auto *archive = llvm::dyn_cast<llvm::object::Archive>(binary->get())) {
    llvm::Error error = llvm::Error::success();
    for (const llvm::object::Archive::Child &child : archive->children(error)) {
      llvm::Expected<std::unique_ptr<llvm::object::Binary>> member = child.getAsBinary();
      if (!member)
        return llvm::joinErrors(std::move(error), member.takeError());
      collectFunctions(**member, names);
    }
    if (error)
      return std::move(error);
  }
  SmallVector<std::string> functions;
  for (StringRef name : names.keys())
    if (!name.starts_with("mem"))
      functions.push_back(name.str());
  llvm::sort(functions);
  return functions;
}

llvm::Error sepconv::linkSharedLibrary(StringRef name, ArrayRef<char> library,
                                       SmallVectorImpl<char> &output) {
  llvm::Expected<std::string> linker = findLinker();
  if (!linker)
    return linker.takeError();
  llvm::Expected<SmallVector<std::string>> functions = libmFunctions(library);
  if (!functions)
    return functions.takeError();
  StringRef purpose = "link a shared library";
  std::string soname = sharedLibraryName(name), libm;
  SmallVector<StringRef> options = {"-shared", "-soname", soname};
  TemporaryFile file;
  if (!functions->empty()) {
    // What another library needs is what is linked with it. That of the target may not be on this
    // machine: one with the same name and the same functions says as much.
    SmallVector<StringRef> stubOptions = {"-shared", "-soname", "libm.so.6"};
    for (std::string &function : *functions)
      stubOptions.append({"--defsym", function += "=0"});
    SmallVector<char, 0> stub;
    if (llvm::Error error = runProgram(*linker, stubOptions, purpose, "a", library, stub))
      return error;
    llvm::Expected<TemporaryFile> temporary = makeTemporary("so", stub, libm);
    if (!temporary)
      return temporary.takeError();
    file = std::move(*temporary);
    options.push_back(libm);
  }
  options.push_back("--whole-archive");
  return runProgram(*linker, options, purpose, "a", library, output);
}
