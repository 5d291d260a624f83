//===- SharedLibrary.cpp - objects linked as a shared library --------------------===//

#include "sepconv/Target/SharedLibrary.h"
#include "RunProgram.h"

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

llvm::Error sepconv::linkSharedLibrary(StringRef name, ArrayRef<char> library,
                                       SmallVectorImpl<char> &output) {
  llvm::Expected<std::string> linker = findLinker();
  if (!linker)
    return linker.takeError();
  std::string soname = ("lib" + name + ".so").str();
  return runProgram(*linker, {"-shared", "-soname", soname, "--whole-archive"},
                    "link a shared library", "a", library, output);
}
