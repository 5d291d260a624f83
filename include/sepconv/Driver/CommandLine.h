//===- CommandLine.h - what the command lines of the tools share -----------------===//
#pragma once

#include "sepconv/Support/Guard.h"

#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Threading.h"

namespace mlir::sepconv {
namespace cl = llvm::cl;

/// The options of a program that reads a model. They are made after those that LLVM's libraries
/// register have been forgotten: a user needs none of them, and some have the same names.
struct ModelArguments {
  explicit ModelArguments(StringRef categoryName) : category(categoryName) {}

  cl::OptionCategory category;
  cl::opt<std::string> weightsIn{
      "weights-in", cl::value_desc("FILE"), cl::cat(category),
      cl::desc("Weights file of a .json model (default: NAME.weights.h5 beside it)")};
  cl::opt<std::string> signature{
      "signature", cl::value_desc("NAME"), cl::cat(category),
      cl::desc("Signature of a .tflite model (default: its only one, or serving_default)")};
  cl::opt<unsigned> jobs{
      "j",
      cl::value_desc("N"),
      cl::Prefix,
      cl::cat(category),
      cl::init(llvm::hardware_concurrency().compute_thread_count()),
      cl::desc("Kernels to lower at the same time (default: one for each core); the result does "
               "not depend on it")};
  cl::opt<std::string> maxMemory{
      "max-memory", cl::value_desc("SIZE"), cl::cat(category),
      cl::desc("Memory that the program may take, as 512M or 4G; more is an error (default: three "
               "quarters of the machine's)")};
  cl::opt<std::string> diagnostics{
      "diagnostics", cl::init("text"), cl::cat(category), cl::value_desc("text|json"),
      cl::desc("How problems and progress are reported on standard error: for people (default), or "
               "for programs, an object in each line")};
};

/// Whether the value of an option is one of a few; reports one that is not.
LogicalResult checkValue(StringRef tool, StringRef option, StringRef value,
                         ArrayRef<StringRef> known);

/// Does what --diagnostics says from here on.
LogicalResult applyDiagnostics(StringRef tool, const ModelArguments &arguments);

/// Does a tool's work on `what` within --max-memory; returns the exit code.
int runTool(StringRef tool, const Twine &what, const ModelArguments &arguments,
            llvm::function_ref<LogicalResult(MLIRContext &)> work);

} // namespace mlir::sepconv
