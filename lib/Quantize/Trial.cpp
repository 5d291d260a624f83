//===- Trial.cpp - networks that are compiled and run while a model is quantized -===//

#include "Trial.h"
#include "sepconv/Driver/Diagnostics.h"

#include "llvm/Support/FileSystem.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::quantize;
using llvm::createStringError;

llvm::Expected<std::unique_ptr<Workshop>> Workshop::open() {
  SmallString<128> folder;
  if (std::error_code code = llvm::sys::fs::createUniqueDirectory("sepconv-quantize", folder))
    return createStringError(code, "cannot make a temporary folder: " + code.message());
  return std::unique_ptr<Workshop>(new Workshop(folder));
}

Workshop::~Workshop() { llvm::sys::fs::remove_directories(folder); }

std::unique_ptr<Product> Workshop::build(OwningOpRef<ModuleOp> model,
                                         const QuantizeOptions &options, MLIRContext &context) {
  CompileOptions compilation;
  compilation.tool = options.model.tool;
  compilation.emit = {"shared"};
  compilation.outputDirectory = folder;
  compilation.quiet = true;
  compilation.stages.name = "trial" + std::to_string(built++);
  compilation.stages.jobs = options.model.stages.jobs;
  // Kernels that several products have are compiled once.
  compilation.stages.cache = folder + "/cache";
  if (failed(compile(compilation, context, std::move(model))))
    return nullptr;
  auto product = Product::load(folder + "/lib" + compilation.stages.name + ".so");
  if (product)
    return std::move(*product);
  reportError(options.model.tool, llvm::toString(product.takeError()));
  return nullptr;
}

llvm::Expected<ArrayRef<Array>> quantize::run(Product &product, std::vector<Array> inputs) {
  if (llvm::Error error = product.bind(std::move(inputs), {}, "", 0))
    return std::move(error);
  if (llvm::Error error = product.run())
    return std::move(error);
  return ArrayRef<Array>(product.results());
}
