//===- sepconv.cpp - every tool in one program ------------------------------------===//
//
// For a Python wheel: LLVM and MLIR are linked into it once. It is the tool that it is called by
// the name of.
//
//===----------------------------------------------------------------------===//

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

int sepconv_compile_main(int argc, char **argv);
int sepconv_opt_main(int argc, char **argv);
int sepconv_quantize_main(int argc, char **argv);
int sepconv_run_main(int argc, char **argv);

int main(int argc, char **argv) {
  llvm::StringRef name = argc ? llvm::sys::path::filename(argv[0]) : "";
  if (name == "sepconv-compile")
    return sepconv_compile_main(argc, argv);
  if (name == "sepconv-opt")
    return sepconv_opt_main(argc, argv);
  if (name == "sepconv-quantize")
    return sepconv_quantize_main(argc, argv);
  if (name == "sepconv-run")
    return sepconv_run_main(argc, argv);
  llvm::errs() << "sepconv: error: unknown tool '" << name
               << "', expected to be called as sepconv-compile, sepconv-opt, "
                  "sepconv-quantize or sepconv-run\n";
  return 1;
}
