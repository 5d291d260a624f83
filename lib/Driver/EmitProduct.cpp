//===- EmitProduct.cpp - the files of a product -----------------------------------===//

#include "Compilation.h"

#include "sepconv/Driver/Progress.h"
#include "sepconv/Lowering/WeightsBlob.h"
#include "sepconv/Product/Header.h"
#include "sepconv/Support/ReportPage.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
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

std::string Compilation::modelName() {
  auto model = (*module)->getAttrOfType<StringAttr>("sepconv.model");
  bool hasName = model && !model.getValue().empty();
  StringRef name = hasName ? model.getValue() : llvm::sys::path::stem(options.input);
  return llvm::json::fixUTF8(name);
}

/// Different names of models may become the same name in C: the product of another model is not
/// overwritten, unless --name says so. Each description names its model.
llvm::Error Compilation::checkProduct() {
  std::string own = ProductInterface::modelText(modelName());
  StringRef key = StringRef(own).take_until([](char c) { return c == ':'; });
  for (const std::string &file :
       {stages.name + ".o", "lib" + stages.name + ".a", sharedLibraryName(stages.name)}) {
    auto there = llvm::MemoryBuffer::getFile(path(file));
    StringRef text = there ? (*there)->getBuffer() : StringRef();
    size_t at = text.find((key + ":\"").str());
    if (at != StringRef::npos && !text.substr(at).starts_with(own))
      return llvm::createStringError("'" + path(file) +
                                     "' is the product of another model, whose "
                                     "name is the same in C as '" +
                                     modelName() + "'; choose another one with --name");
  }
  return llvm::Error::success();
}

LogicalResult Compilation::addFile(const Twine &name, ArrayRef<char> contents) {
  if (!key.empty())
    made.emplace_back(name.str(), std::string(contents.begin(), contents.end()));
  return report(files.add(path(name), contents));
}

LogicalResult Compilation::emitText(const Twine &suffix, StringRef text) {
  if (options.outputDirectory.empty()) {
    clearProgress();
    llvm::outs() << text;
    return flushOutput();
  }
  return addFile(stages.name + suffix, text);
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
  return addFile(stages.name + ".weights", *bytes);
}

LogicalResult Compilation::emitWeights(const CudaPart &cuda) {
  return addFile(stages.name + "_cuda.weights", cuda.weightsFile());
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

/// The header and the report say what only the code tells: it is made before them.
LogicalResult Compilation::makeCode(ProductInterface &product, const CudaPart *cuda,
                                    ProductCode &result) {
  showProgress(kSteps, kSteps, "code");
  llvm::Expected<CodeGenerator> generator = CodeGenerator::create(target, options.unwindTables);
  if (!generator)
    return report(generator.takeError());
  llvm::LLVMContext llvmContext;
  std::unique_ptr<llvm::Module> code = generator->translate(*module, llvmContext);
  if (!code)
    return failure();
  if (emits("asm")) {
    std::unique_ptr<llvm::Module> copy = llvm::CloneModule(*code);
    if (failed(report(generator->emit(*copy, /*assembly=*/true, result.assembly))))
      return failure();
    setStackBytes(result.assembly, generator->neededStackBytes());
  }
  if (failed(report(generator->emit(*code, /*assembly=*/false, result.object))))
    return failure();
  product.stackBytes = generator->neededStackBytes();
  setStackBytes(result.object, product.stackBytes);
  if (!cuda || !emitsCode())
    return success();
  return emitHostCode(*cuda, *generator, result.cudaObject);
}

LogicalResult Compilation::emitCode(const ProductCode &code, bool hasCuda) {
  StringRef assembly(code.assembly.data(), code.assembly.size());
  if (emits("asm") && failed(emitText(".s", assembly)))
    return failure();
  if (!emitsCode())
    return success();
  SmallVector<NamedObject> objects = {{stages.name + ".o", code.object}};
  if (hasCuda)
    objects.push_back({stages.name + "_cuda.o", code.cudaObject});
  return emitObjects(objects);
}

LogicalResult Compilation::emitObjects(ArrayRef<NamedObject> objects) {
  SmallVector<char, 0> library, shared;
  if (emits("obj"))
    for (const auto &[name, object] : objects)
      if (failed(addFile(name, object)))
        return failure();
  if (!emits("shared") && !emits("lib"))
    return success();
  if (failed(report(writeStaticLibrary(objects, library))))
    return failure();
  if (emits("shared") && (failed(report(linkSharedLibrary(stages.name, library, shared))) ||
                          failed(addFile(sharedLibraryName(stages.name), shared))))
    return failure();
  return emits("lib") ? addFile("lib" + stages.name + ".a", library) : success();
}

LogicalResult Compilation::emitReport(StringRef json) {
  if (emits("report-json") && failed(emitText(".json", (json + "\n").str())))
    return failure();
  return emits("report")
             ? emitText(".html", makeReportPage(llvm::cantFail(llvm::json::parse(json))))
             : success();
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
  ProductCode code;
  if (failed(makeCode(*product, cuda ? &*cuda : nullptr, code)))
    return failure();
  if (emits("header") &&
      failed(emitText(".h", makeHeader(*product, cuda ? cuda->header() : std::string()))))
    return failure();
  if (emits("infer") && failed(emitText("_infer.hpp", makeInferHeader(*product))))
    return failure();
  if ((emits("report") || emits("report-json")) &&
      failed(emitReport(product->report(cuda ? cuda->report() : ""))))
    return failure();
  if (emitsCode() && product->weightsAreAFile() && failed(emitWeights()))
    return failure();
  if (emitsCode() && cuda && cuda->weightsAreAFile() && failed(emitWeights(*cuda)))
    return failure();
  return emitCode(code, cuda.has_value());
}
