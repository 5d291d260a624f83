//===- CudaObject.cpp - the object of a product for NVIDIA's GPUs ----------------===//

#include "CudaRoutine.h"
#include "sepconv/Product/Cuda.h"

#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/IR/AttributeMask.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"

using namespace mlir;
using namespace mlir::sepconv;
using llvm::Constant;

namespace {
/// Writes what lib/Runtime/Cuda/table.h declares, in its types: 64-bit integers and pointers.
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
  Constant *formula(const SizeFormula &formula);
  Constant *formulas(StringRef name, ArrayRef<SizeFormula> list);
  Constant *bytesOf(const TensorInterface &tensor);
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

/// A number has no steps, but takes their place.
Constant *TableWriter::formula(const SizeFormula &formula) {
  auto *pointer = llvm::PointerType::getUnqual(context);
  if (std::optional<int64_t> constant = formula.constant())
    return record({number(0), llvm::ConstantExpr::getIntToPtr(number(*constant), pointer)});
  SmallVector<Constant *> steps;
  for (const SizeFormula::Step &step : formula.steps())
    steps.push_back(record({number(step.operation), number(step.value)}));
  return record({number(steps.size()), array("steps", steps)});
}

Constant *TableWriter::formulas(StringRef name, ArrayRef<SizeFormula> list) {
  SmallVector<Constant *> formulas;
  for (const SizeFormula &each : list)
    formulas.push_back(formula(each));
  return array(name, formulas);
}

Constant *TableWriter::bytesOf(const TensorInterface &tensor) {
  if (!tensor.extents)
    return formula(tensor.bytes());
  SmallVector<SizeFormula> sizes;
  for (size_t i = 0; i < part.product.model.sizes.size(); ++i)
    sizes.push_back(SizeFormula::size(i));
  SizeFormula bytes(tensor.elementBytes);
  for (AffineExpr extent : tensor.extents.getResults())
    bytes = SizeFormula::of(SizeFormula::Multiply, {SizeFormula::of(extent, sizes), bytes});
  return formula(bytes);
}

Constant *TableWriter::launch(const KernelLaunch &launch) {
  SmallVector<Constant *> arguments, blocks, threads;
  for (const SizeFormula &count : launch.blocks)
    blocks.push_back(formula(count));
  for (int64_t count : launch.threads)
    threads.push_back(number(count));
  for (const KernelLaunch::BufferOffset &argument : launch.arguments)
    arguments.push_back(record({number(argument.buffer), number(argument.offset)}));
  Constant *kernel = llvm::ConstantPointerNull::get(llvm::PointerType::getUnqual(context));
  if (!launch.kernel.empty())
    kernel = bytes("kernel", launch.kernel, /*addNull=*/true);
  return record({kernel, record(blocks), record(threads), formula(launch.copiedBytes),
                 number(arguments.size()), array("arguments", arguments),
                 number(launch.sizes.size()), formulas("sizes", launch.sizes)});
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
  const ModelInterface &model = part.product.model;
  SmallVector<Constant *> codes, bytes, sizes;
  SmallVector<int64_t> offsets;
  part.placeWeights(offsets);
  auto [low, high] = part.weightsIdentity();
  for (auto [each, offset] : llvm::zip_equal(part.codes, offsets))
    codes.push_back(code(each, offset));
  for (const auto *tensors : {&model.inputs, &model.outputs, &model.weights})
    for (const TensorInterface &tensor : *tensors)
      bytes.push_back(bytesOf(tensor));
  uint64_t buffers = bytes.size();
  bytes.push_back(formula(part.workspaceBytes()));
  bytes.push_back(formula(part.weightsBytes()));
  SmallVector<Constant *> perImage(buffers - model.weights.size(), number(1));
  perImage.append(model.weights.size(), number(0));
  perImage.append({number(1), number(0)});
  for (const SizeInterface &size : model.sizes)
    sizes.push_back(record({number(size.least), number(size.greatest), number(size.factor)}));
  return global(
      "product",
      record({number(codes.size()), array("codes", codes), number(buffers), array("bytes", bytes),
              array("per_image", model.dynamicBatch ? perImage : SmallVector<Constant *>()),
              number(sizes.size()), array("sizes", sizes),
              number(part.weightsAreAFile() ? part.weightsFileBytes() : 0), number(low),
              number(high)}));
}

//===----------------------------------------------------------------------===//
// The functions
//===----------------------------------------------------------------------===//

/// Begins the function NAME_cuda_`name`.
static llvm::Function *create(const CudaPart &part, llvm::Module &module, StringRef name,
                              llvm::Type *result, ArrayRef<llvm::Type *> parameters) {
  auto *function = llvm::Function::Create(llvm::FunctionType::get(result, parameters, false),
                                          llvm::GlobalValue::ExternalLinkage,
                                          part.product.name + "_cuda_" + name, module);
  llvm::BasicBlock::Create(module.getContext(), "", function);
  return function;
}

/// NAME_cuda_...: passes the table, and what it is given, on.
static void createFunctions(const CudaPart &part, llvm::Module &module, Constant *product) {
  llvm::LLVMContext &context = module.getContext();
  auto *pointer = llvm::PointerType::getUnqual(context);
  auto *word = llvm::Type::getInt64Ty(context), *status = llvm::Type::getInt32Ty(context);
  auto forward = [&](StringRef name, llvm::Type *result, ArrayRef<llvm::Type *> parameters,
                     ArrayRef<Constant *> before = {}, ArrayRef<Constant *> behind = {}) {
    llvm::Function *function = create(part, module, name, result, parameters);
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
  llvm::IRBuilder<> describe(&create(part, module, "description", pointer, {})->getEntryBlock());
  describe.CreateRet(describe.CreateGlobalString(part.description(), "description"));
}

/// NAME_cuda_run puts the dynamic sizes, and the address and the bytes of each buffer, into arrays
/// with room for one more. The members of the structure of weights, which is like such an array
/// itself, come between outputs and workspace; without a structure all are 0, which
/// sepconv_cuda_run refuses.
static void createRun(const CudaPart &part, llvm::Module &module, Constant *product) {
  llvm::LLVMContext &context = module.getContext();
  auto *pointer = llvm::PointerType::getUnqual(context);
  auto *word = llvm::Type::getInt64Ty(context);
  const ModelInterface &model = part.product.model;
  unsigned numbers = model.dynamicBatch + model.sizes.size();
  unsigned ports = model.inputs.size() + model.outputs.size(), weights = model.weights.size();
  SmallVector<llvm::Type *> parameters{pointer};
  parameters.append(numbers + 2 * ports, word);
  parameters.append(weights ? 1 : 0, pointer);
  parameters.append({word, word, pointer}); // the workspace, the stream
  llvm::Function *run = create(part, module, "run", llvm::Type::getInt32Ty(context), parameters);
  llvm::IRBuilder<> b(&run->getEntryBlock());
  auto *next = run->arg_begin();
  llvm::Value *handle = next++;
  llvm::Value *images = b.getInt64(1);
  if (model.dynamicBatch)
    images = next++;
  auto allocate = [&](unsigned count) { return b.CreateAlloca(word, b.getInt64(count + 1)); };
  auto at = [&](llvm::Value *array, unsigned index) {
    return b.CreateConstInBoundsGEP1_64(word, array, index);
  };
  llvm::Value *sizes = allocate(model.sizes.size());
  for (unsigned i = 0; i < model.sizes.size(); ++i)
    b.CreateStore(next++, at(sizes, i));
  unsigned buffer = 0;
  llvm::Value *addresses = allocate(ports + weights + 1), *bytes = allocate(ports + weights + 1);
  auto add = [&](llvm::Value *address, llvm::Value *size) {
    b.CreateStore(address, at(addresses, buffer));
    b.CreateStore(size, at(bytes, buffer++));
  };
  auto addNext = [&] {
    llvm::Value *address = next++;
    add(address, next++);
  };
  while (buffer < ports)
    addNext();
  if (weights) {
    llvm::Value *given = next++;
    auto *type = llvm::ArrayType::get(word, 2 * weights);
    auto *none = new llvm::GlobalVariable(module, type, /*isConstant=*/true,
                                          llvm::GlobalValue::InternalLinkage,
                                          llvm::ConstantAggregateZero::get(type), "no_weights");
    llvm::Value *members = b.CreateSelect(b.CreateIsNull(given), none, given);
    for (unsigned i = 0; i < weights; ++i)
      add(b.CreateLoad(word, at(members, 2 * i)), b.CreateLoad(word, at(members, 2 * i + 1)));
  }
  addNext();
  b.CreateRet(b.CreateCall(module.getFunction("sepconv_cuda_run"),
                           {product, handle, images, sizes, addresses, bytes, next}));
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

llvm::Expected<std::unique_ptr<llvm::Module>> CudaPart::hostCode(llvm::LLVMContext &context) const {
  llvm::Expected<std::unique_ptr<llvm::Module>> module =
      llvm::parseBitcodeFile(llvm::MemoryBufferRef(cudaRoutine(), "cuda.c"), context);
  if (!module)
    return module;
  if (llvm::Error error = prepare(**module))
    return std::move(error);
  Constant *table = TableWriter(*this, **module).product();
  createFunctions(*this, **module, table);
  createRun(*this, **module, table);
  return module;
}
