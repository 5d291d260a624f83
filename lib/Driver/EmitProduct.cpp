//===- EmitProduct.cpp - the files of a product -----------------------------------===//

#include "Compilation.h"

#include "Progress.h"
#include "sepconv/Lowering/WeightsBlob.h"
#include "sepconv/Product/Header.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace mlir;
using namespace mlir::sepconv;

LogicalResult Compilation::flushOutput() {
  llvm::outs().flush();
  std::error_code code = llvm::outs().error();
  llvm::outs().clear_error(); // which would be reported again, as LLVM's
  return code ? report(llvm::createStringError(code, "cannot write to standard output: " +
                                                         code.message()))
              : success();
}

LogicalResult Compilation::emitText(StringRef extension, StringRef text) {
  if (options.outputDirectory.empty()) {
    clearProgress();
    llvm::outs() << text;
    return flushOutput();
  }
  return report(files.add(path(stages.name + "." + extension), text));
}

LogicalResult Compilation::emitWeights() {
  auto weights = module->lookupSymbol<LLVM::GlobalOp>(kWeightsSymbol);
  std::vector<char> storage;
  FailureOr<ArrayRef<char>> bytes = failure();
  if (weights)
    if (auto value = dyn_cast_or_null<ElementsAttr>(weights.getValueOrNull()))
      bytes = getConstantBytes(value, storage);
  if (failed(bytes))
    return module->emitError("expected the weights in @") << kWeightsSymbol;
  return report(files.add(path(stages.name + ".weights"), *bytes));
}

LogicalResult Compilation::emitWeights(const CudaPart &cuda) {
  return report(files.add(path(stages.name + "_cuda.weights"), cuda.weightsFile()));
}

LogicalResult Compilation::emitHostCode(const CudaPart &cuda, CodeGenerator &generator,
                                        SmallVectorImpl<char> &object) {
  llvm::LLVMContext llvmContext;
  llvm::Expected<std::unique_ptr<llvm::Module>> code = cuda.hostCode(llvmContext);
  if (!code)
    return report(code.takeError());
  generator.adopt(**code);
  return report(generator.emit(**code, /*assembly=*/false, object));
}

/// The header and the report say what only the code tells: they need it too.
LogicalResult Compilation::emitCode(ProductInterface &product, const CudaPart *cuda) {
  showProgress(Twine(kSteps) + "/" + Twine(kSteps) + " code");
  llvm::Expected<CodeGenerator> generator = CodeGenerator::create(target);
  if (!generator)
    return report(generator.takeError());
  llvm::LLVMContext llvmContext;
  std::unique_ptr<llvm::Module> code = generator->translate(*module, llvmContext);
  if (!code)
    return failure();
  if (emits("asm")) {
    SmallVector<char, 0> assembly;
    std::unique_ptr<llvm::Module> copy = llvm::CloneModule(*code);
    if (failed(report(generator->emit(*copy, /*assembly=*/true, assembly))))
      return failure();
    setStackBytes(assembly, generator->neededStackBytes());
    if (failed(emitText("s", StringRef(assembly.data(), assembly.size()))))
      return failure();
  }
  SmallVector<char, 0> object, cudaObject;
  if (failed(report(generator->emit(*code, /*assembly=*/false, object))))
    return failure();
  product.stackBytes = generator->neededStackBytes();
  setStackBytes(object, product.stackBytes);
  if (!emitsCode())
    return success();
  if ((cuda && failed(emitHostCode(*cuda, *generator, cudaObject))))
    return failure();
  SmallVector<NamedObject> objects = {{stages.name + ".o", object}};
  if (cuda)
    objects.push_back({stages.name + "_cuda.o", cudaObject});
  return emitObjects(objects);
}

LogicalResult Compilation::emitObjects(ArrayRef<NamedObject> objects) {
  SmallVector<char, 0> library, shared;
  if (emits("obj"))
    for (const auto &[name, object] : objects)
      if (failed(report(files.add(path(name), object))))
        return failure();
  if (!emits("shared") && !emits("lib"))
    return success();
  if (failed(report(writeStaticLibrary(objects, library))))
    return failure();
  if (emits("shared") && (failed(report(linkSharedLibrary(stages.name, library, shared))) ||
                          failed(report(files.add(path(sharedLibraryName(stages.name)), shared)))))
    return failure();
  return emits("lib") ? report(files.add(path("lib" + stages.name + ".a"), library)) : success();
}

LogicalResult Compilation::emitProduct() {
  if (llvm::all_of(options.emit,
                   [](StringRef what) { return parseStage(what) || isGpuCode(what); }))
    return success();
  WeightsMode mode = parseWeightsMode(stages.weights).value_or(WeightsMode::Embedded);
  FailureOr<ProductInterface> product = ProductInterface::get(*module, stages.name, mode);
  if (failed(product))
    return failure();
  std::optional<CudaPart> cuda;
  if (!gpuCodes.empty())
    cuda.emplace(CudaPart{*product, std::move(gpuCodes)});
  if (failed(emitCode(*product, cuda ? &*cuda : nullptr)))
    return failure();
  if (emits("header") &&
      failed(emitText("h", makeHeader(*product, cuda ? cuda->header() : std::string()))))
    return failure();
  if (emits("report") &&
      failed(emitText("json", product->description(cuda ? cuda->report() : "") + "\n")))
    return failure();
  if (emitsCode() && product->weightsAreAFile() && failed(emitWeights()))
    return failure();
  if (emitsCode() && cuda && cuda->weightsAreAFile() && failed(emitWeights(*cuda)))
    return failure();
  return success();
}
