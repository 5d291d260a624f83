//===- Compilation.h - a model on its way to the files of its product ------------===//
#pragma once

#include "sepconv/Driver/Compile.h"
#include "sepconv/Product/Cuda.h"
#include "sepconv/Product/ProductInterface.h"
#include "sepconv/Support/Cache.h"
#include "sepconv/Support/OutputFiles.h"
#include "sepconv/Target/CodeGen.h"
#include "sepconv/Target/HostCode.h"
#include "sepconv/Target/SharedLibrary.h"

#include "mlir/IR/OwningOpRef.h"
#include "llvm/Support/Path.h"

namespace mlir::sepconv {

/// Of the progress that is shown: the stages, and code.
inline constexpr unsigned kSteps = std::size(kStages) + 1;

inline bool isGpuCode(StringRef what) { return what == "ptx" || what == "cubin"; }

/// What the code generator makes of a product.
struct ProductCode {
  SmallVector<char, 0> assembly, object, cudaObject;
};

/// Compile.cpp reads the model and runs the stages, SelfTest.cpp the reference, GpuCode.cpp makes
/// what GPUs run, EmitProduct.cpp the files, ProductCache.cpp takes them from the cache.
class Compilation {
public:
  Compilation(const CompileOptions &options, MLIRContext &context, OwningOpRef<ModuleOp> module)
      : options(options), stages(options.stages), context(context), cache(options.stages.cache),
        module(std::move(module)) {}
  LogicalResult run();
  OwningOpRef<ModuleOp> loadGraph();

private:
  LogicalResult report(llvm::Error error);
  bool emits(StringRef what) const { return llvm::is_contained(options.emit, what); }
  bool emitsCode() const { return emits("obj") || emits("lib") || emits("shared"); }
  LogicalResult load();
  std::string modelName();
  llvm::Error checkProduct();
  LogicalResult readInput();
  OwningOpRef<ModuleOp> parseModule();
  OwningOpRef<ModuleOp> importModel();
  /// --height and --width, which must be one size each for such a model.
  LogicalResult readImageSize(StringRef model, std::optional<int64_t> &height,
                              std::optional<int64_t> &width);
  OwningOpRef<ModuleOp> importOnnxModel();
  OwningOpRef<ModuleOp> importTfliteModel();
  LogicalResult resolveTargets();
  FailureOr<HostCode> compileReference(ModelInterface &model);
  LogicalResult addTestResults();
  LogicalResult compileForGpus();
  LogicalResult runStages();
  LogicalResult runStage(Stage stage);
  LogicalResult sayWhatWasWritten();
  LogicalResult flushOutput();
  /// A file whose name is the product's with this suffix; on standard output if there is no folder.
  LogicalResult emitText(const Twine &suffix, StringRef text);
  LogicalResult emitGpuCode();
  LogicalResult emitGpuCode(StringRef infix, StringRef chip, StringRef text);
  LogicalResult emitProduct();
  LogicalResult emitReport(StringRef json);
  LogicalResult emitWeights();
  LogicalResult emitWeights(const CudaPart &cuda);
  LogicalResult emitHostCode(const CudaPart &cuda, CodeGenerator &generator,
                             SmallVectorImpl<char> &object);
  LogicalResult makeCode(ProductInterface &product, const CudaPart *cuda, ProductCode &result);
  LogicalResult emitCode(const ProductCode &code, bool hasCuda);
  LogicalResult emitObjects(ArrayRef<NamedObject> objects);
  bool usesCache() const;
  std::string productKey() const;
  FailureOr<bool> takeProduct();
  void keepProduct() const;
  /// A file of the output directory, which a cache keeps too.
  LogicalResult addFile(const Twine &name, ArrayRef<char> contents);
  LogicalResult addFile(const Twine &name, StringRef contents) {
    return addFile(name, ArrayRef<char>(contents.data(), contents.size()));
  }
  std::string path(const Twine &file) {
    SmallString<128> result(options.outputDirectory);
    llvm::sys::path::append(result, file);
    return result.str().str();
  }

  const CompileOptions &options;
  StageOptions stages;
  MLIRContext &context;
  Cache cache;
  std::string key; // of the product; empty: it is not to be kept
  std::vector<std::pair<std::string, std::string>> made; // what is to be kept: names, contents
  bool isTaken = false;                                  // from the cache
  TargetDescription target;
  std::vector<TargetDescription> gpus; // beside the target
  std::vector<CudaCode> gpuCodes;
  OwningOpRef<ModuleOp> module;
  OwningOpRef<ModuleOp> original; // for the reference of a self-test
  OutputFiles files;
};

} // namespace mlir::sepconv
