//===- CudaObject.cpp - the object of a product for NVIDIA's GPUs ----------------===//

#include "CudaRoutine.h"
#include "ReadLaunches.h"

#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/IR/AttributeMask.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"

using namespace mlir;
using namespace mlir::sepconv;
using llvm::Constant;

namespace {
/// Writes what lib/Runtime/Cuda/cuda.c reads, in its types: 64-bit integers and pointers, but for
/// the sizes of a launch.
class TableWriter {
public:
  TableWriter(const CudaPart &part, llvm::Module &module)
      : part(part), module(module), context(module.getContext()) {}

  /// The address of a `struct product`.
  Constant *product();

private:
  Constant *number(uint64_t value) {
    return llvm::ConstantInt::get(llvm::Type::getInt64Ty(context), value);
  }
  Constant *global(StringRef name, Constant *value, unsigned alignment = 8) {
    auto *variable = new llvm::GlobalVariable(module, value->getType(), /*isConstant=*/true,
                                              llvm::GlobalValue::InternalLinkage, value, name);
    variable->setAlignment(llvm::Align(alignment));
    return variable;
  }
  Constant *bytes(StringRef name, StringRef text, bool addNull) {
    return global(name, llvm::ConstantDataArray::getString(context, text, addNull), 64);
  }
  Constant *array(StringRef name, ArrayRef<Constant *> elements);
  Constant *record(ArrayRef<Constant *> fields) {
    return llvm::ConstantStruct::getAnon(context, fields);
  }
  Constant *launch(const KernelLaunch &launch);
  Constant *weights(const CudaCode &code);
  Constant *code(const CudaCode &code, int64_t weightsOffset);

  const CudaPart &part;
  llvm::Module &module;
  llvm::LLVMContext &context;
  llvm::DenseMap<StringRef, Constant *> packed; // by their bytes
};
} // namespace

Constant *TableWriter::array(StringRef name, ArrayRef<Constant *> elements) {
  if (elements.empty())
    return llvm::ConstantPointerNull::get(llvm::PointerType::getUnqual(context));
  auto *type = llvm::ArrayType::get(elements.front()->getType(), elements.size());
  return global(name, llvm::ConstantArray::get(type, elements));
}

Constant *TableWriter::launch(const KernelLaunch &launch) {
  SmallVector<uint32_t> sizes;
  llvm::append_range(sizes, launch.blocks);
  llvm::append_range(sizes, launch.threads);
  SmallVector<Constant *> places;
  for (const KernelLaunch::Place &place : launch.places)
    places.push_back(record({number(place.buffer), number(place.offset)}));
  Constant *kernel = llvm::ConstantPointerNull::get(llvm::PointerType::getUnqual(context));
  if (!launch.kernel.empty())
    kernel = bytes("kernel", launch.kernel, /*addNull=*/true);
  return record({kernel, llvm::ConstantDataArray::get(context, sizes), number(launch.copiedBytes),
                 number(places.size()), array("places", places)});
}

/// Chips often want the same weights.
Constant *TableWriter::weights(const CudaCode &code) {
  if (part.weightsAreAFile())
    return llvm::ConstantPointerNull::get(llvm::PointerType::getUnqual(context));
  StringRef content(code.weights.data(), code.weights.size());
  Constant *&weights = packed[content];
  if (!weights)
    weights = bytes("weights", content, /*addNull=*/false);
  return weights;
}

Constant *TableWriter::code(const CudaCode &code, int64_t weightsOffset) {
  auto [capability, exact] = code.capability();
  SmallVector<Constant *> launches;
  for (const KernelLaunch &each : code.launches)
    launches.push_back(launch(each));
  return record({bytes("ptx", code.ptx, /*addNull=*/true), weights(code), number(weightsOffset),
                 number(code.weights.size()), number(capability), number(exact),
                 number(launches.size()), array("launches", launches)});
}

Constant *TableWriter::product() {
  SmallVector<Constant *> codes, sizes;
  SmallVector<int64_t> offsets;
  int64_t fileBytes = part.placeWeights(offsets);
  for (auto [each, offset] : llvm::zip_equal(part.codes, offsets))
    codes.push_back(code(each, offset));
  const ModelInterface &model = part.product.model;
  for (const auto *tensors : {&model.inputs, &model.outputs, &model.weights})
    for (const TensorInterface &tensor : *tensors)
      sizes.push_back(number(tensor.bytes()));
  uint64_t buffers = sizes.size();
  sizes.push_back(number(part.workspaceBytes()));
  sizes.push_back(number(part.weightsBytes()));
  SmallVector<Constant *> strides;
  if (model.dynamicBatch)
    for (int64_t stride : imageStrides(model))
      strides.push_back(number(stride));
  return global("product", record({number(codes.size()), array("codes", codes), number(buffers),
                                   array("bytes", sizes), array("strides", strides),
                                   number(part.weightsAreAFile() ? fileBytes : 0)}));
}

//===----------------------------------------------------------------------===//
// The functions
//===----------------------------------------------------------------------===//

/// NAME_cuda_...: passes the table, and what it is given, on. NAME_cuda_run has an address and a
/// number of bytes for each buffer, which it puts into two arrays; of a dynamic batch the batch
/// first.
static void createFunctions(const CudaPart &part, llvm::Module &module, Constant *product) {
  llvm::LLVMContext &context = module.getContext();
  auto *pointer = llvm::PointerType::getUnqual(context);
  auto *word = llvm::Type::getInt64Ty(context), *status = llvm::Type::getInt32Ty(context);
  auto create = [&](StringRef name, llvm::Type *result, ArrayRef<llvm::Type *> parameters) {
    auto *function = llvm::Function::Create(llvm::FunctionType::get(result, parameters, false),
                                            llvm::GlobalValue::ExternalLinkage,
                                            part.product.name + "_cuda_" + name, module);
    llvm::BasicBlock::Create(context, "", function);
    return function;
  };
  auto forward = [&](StringRef name, llvm::Type *result, ArrayRef<llvm::Type *> parameters,
                     ArrayRef<Constant *> before = {}, ArrayRef<Constant *> behind = {}) {
    llvm::Function *function = create(name, result, parameters);
    llvm::IRBuilder<> b(&function->getEntryBlock());
    SmallVector<llvm::Value *> arguments(before.begin(), before.end());
    for (llvm::Argument &argument : function->args())
      arguments.push_back(&argument);
    arguments.append(behind.begin(), behind.end());
    b.CreateRet(b.CreateCall(module.getFunction(("sepconv_cuda_" + name).str()), arguments));
  };
  if (part.weightsAreAFile())
    forward("create", status, {pointer, word, word, pointer, word}, product);
  else
    forward("create", status, {pointer, word, word}, product,
            {llvm::ConstantPointerNull::get(pointer), llvm::ConstantInt::get(word, 0)});
  forward("destroy", status, {pointer});
  forward("message", pointer, {pointer, status});
  llvm::IRBuilder<> describe(&create("description", pointer, {})->getEntryBlock());
  describe.CreateRet(describe.CreateGlobalString(part.description(), "description"));

  const ModelInterface &model = part.product.model;
  unsigned buffers = model.inputs.size() + model.outputs.size() + model.weights.size() + 1;
  SmallVector<llvm::Type *> parameters{pointer};
  parameters.append(model.dynamicBatch + 2 * buffers, word);
  parameters.push_back(pointer);
  llvm::Function *run = create("run", status, parameters);
  llvm::IRBuilder<> b(&run->getEntryBlock());
  auto *type = llvm::ArrayType::get(word, buffers + 1);
  llvm::Value *addresses = b.CreateAlloca(type), *bytes = b.CreateAlloca(type);
  unsigned first = 1 + model.dynamicBatch;
  for (unsigned i = 0; i < buffers; ++i) {
    b.CreateStore(run->getArg(first + 2 * i), b.CreateConstInBoundsGEP2_64(type, addresses, 0, i));
    b.CreateStore(run->getArg(first + 2 * i + 1), b.CreateConstInBoundsGEP2_64(type, bytes, 0, i));
  }
  llvm::Value *images = llvm::ConstantInt::get(word, 1);
  if (model.dynamicBatch)
    images = run->getArg(1);
  b.CreateRet(b.CreateCall(
      module.getFunction("sepconv_cuda_run"),
      {product, run->getArg(0), images, addresses, bytes, run->getArg(first + 2 * buffers)}));
}

/// The routine is bitcode for the machine that sepconv was built on; what it says of that goes.
static llvm::Error prepare(llvm::Module &module) {
  module.setModuleFlag(llvm::Module::Override, "PIC Level", uint32_t(2));
  for (llvm::Function &function : module) {
    if (!function.isDeclaration())
      function.setLinkage(llvm::GlobalValue::InternalLinkage);
    llvm::AttributeMask machine;
    for (StringRef name : {"target-cpu", "target-features", "tune-cpu", "frame-pointer"})
      machine.addAttribute(name);
    function.removeFnAttrs(machine);
  }
  return llvm::Error::success();
}

llvm::Error CudaPart::emit(const TargetDescription &target, SmallVectorImpl<char> &output) const {
  llvm::LLVMContext context;
  llvm::Expected<std::unique_ptr<llvm::Module>> module =
      llvm::parseBitcodeFile(llvm::MemoryBufferRef(cudaRoutine(), "cuda.c"), context);
  if (!module)
    return module.takeError();
  if (llvm::Error error = prepare(**module))
    return error;
  createFunctions(*this, **module, TableWriter(*this, **module).product());
  llvm::Expected<CodeGenerator> generator = CodeGenerator::create(target);
  if (!generator)
    return generator.takeError();
  generator->adopt(**module);
  return generator->emit(**module, /*assembly=*/false, output);
}
