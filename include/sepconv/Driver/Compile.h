//===- Compile.h - from a model to the files of its product ----------------------===//
#pragma once

#include "sepconv/Driver/Stages.h"
#include "sepconv/Import/Function.h"
#include "sepconv/Import/Preprocess.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

#include <string>
#include <vector>

namespace mlir::sepconv {

struct CompileOptions {
  std::string tool = "sepconv-compile"; // as messages name it
  std::string input;                    // a model's file, or
  FunctionCall call;                    // a function, if it has a name
  std::string weightsFile;              // of a .json; empty: beside it
  std::string signature;                // of a .tflite; empty: the only one, or the one for serving
  std::optional<uint64_t> seed;         // make the weights by their initializers
  int64_t batch = 1;                    // ShapedType::kDynamic: known when the product runs
  bool batchGiven = false;              // by the user, so that it must have an effect
  ImageSizes sizes;                     // the ranges of the model's dynamic sizes
  std::optional<Preprocessing> preprocessing;    // of pixels, if the image is one of bytes
  std::vector<std::string> preprocessingOptions; // the options that say so
  std::vector<std::pair<std::string, SizeRange>> namedSizes; // of dimensions that have names
  bool channelsLast = false;   // the images of the interface, whatever the model has
  std::string outputDirectory; // empty: a single text goes to standard output
  std::vector<std::string> emit;
  std::string target = "host";
  std::string cpu;
  std::string features;
  std::string ptxas; // empty: $PTXAS, or what is on the path
  bool unwindTables = false;
  bool remarks = false;
  bool quiet = false;  // whether nothing says which files were written
  StageOptions stages; // an empty name: the model's own
};

/// What `--emit` may list.
ArrayRef<StringRef> emittable();

/// The formats whose operators can be listed.
ArrayRef<StringRef> operatorFormats();
/// Prints what is supported of a format.
LogicalResult listOperators(StringRef format, raw_ostream &os);

/// Compiles a model or a function; problems are reported on the context's diagnostic handlers and
/// standard error. A module that is given is what would be read from the input.
LogicalResult compile(const CompileOptions &options, MLIRContext &context,
                      OwningOpRef<ModuleOp> module = {});
/// The model of the stage `graph`; null after reporting problems.
OwningOpRef<ModuleOp> loadGraph(const CompileOptions &options, MLIRContext &context);

/// Registers the dialects and interfaces that the compiler needs.
void registerDialects(DialectRegistry &registry);

} // namespace mlir::sepconv
