//===- Ptxas.cpp - PTX assembled for one chip ------------------------------------===//

#include "sepconv/Target/Ptxas.h"
#include "RunProgram.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Program.h"

using namespace mlir;
using namespace mlir::sepconv;

/// The program that is meant by a path, or by a name on the path.
static llvm::Expected<std::string> findPtxas(StringRef asked) {
  std::string name = asked.str();
  if (name.empty())
    name = llvm::sys::Process::GetEnv("PTXAS").value_or("ptxas");
  // A name with a slash is taken as it is.
  llvm::ErrorOr<std::string> path = llvm::sys::findProgramByName(name);
  if (path && llvm::sys::fs::can_execute(*path))
    return *path;
  return llvm::createStringError("a cubin requires CUDA's assembler: found no program '" + name +
                                 "'; give its path with --ptxas or $PTXAS");
}

llvm::Error sepconv::assemblePTX(StringRef ptxas, StringRef chip, StringRef ptx,
                                 SmallVectorImpl<char> &output) {
  llvm::Expected<std::string> program = findPtxas(ptxas);
  if (!program)
    return program.takeError();
  std::string architecture = ("--gpu-name=" + chip).str();
  return runProgram(*program, {architecture}, "assemble PTX", "ptx",
                    ArrayRef<char>(ptx.data(), ptx.size()), output);
}
