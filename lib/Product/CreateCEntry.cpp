//===- CreateCEntry.cpp - the functions of the product's C header ----------------===//

#include "CFunctions.h"
#include "ModelSymbols.h"
#include "SelectVariant.h"
#include "SelfTestEntry.h"
#include "sepconv/Passes.h"

namespace mlir::sepconv {
#define GEN_PASS_DEF_CREATECENTRY
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;
using namespace mlir::sepconv;

namespace {
/// Adds the C functions of a product.
class CEntryBuilder : CFunctionBuilder {
public:
  CEntryBuilder(ModuleOp module, const ProductInterface &product)
      : CFunctionBuilder(module, product.name), product(product) {}

  /// Before the others: how they find out what the processor can.
  LogicalResult createTest(ArrayRef<LLVM::LLVMFuncOp> entries);
  void createRun(ArrayRef<LLVM::LLVMFuncOp> entries);
  void createVariableFunction(LLVM::LLVMFuncOp function, StringRef name);
  void createStatusMessage();
  void createDescription();
  void createProfile();
  void createSelfTest() { sepconv::createSelfTest(*this, product, buffers()); }

private:
  Value chooseEntry(ArrayRef<LLVM::LLVMFuncOp> entries);
  void prepareSlots(const BufferParameter &workspace);
  Value createText(StringRef name, StringRef text);
  std::vector<BufferParameter> buffers();
  SmallVector<Value> entryArguments(LLVM::LLVMFuncOp entry, ArrayRef<BufferParameter> buffers,
                                    ValueRange sizes, ValueRange threads);

  const ProductInterface &product;
};
} // namespace

static void addTensors(std::vector<BufferParameter> &list, ArrayRef<TensorInterface> tensors,
                       bool perImage = false, bool isMember = false) {
  for (const TensorInterface &tensor : tensors)
    list.push_back({tensor.bytes(), tensor.elementBytes, perImage, tensor.extents, isMember});
}

//===----------------------------------------------------------------------===//
// NAME_run
//===----------------------------------------------------------------------===//

/// Inputs, outputs, weights that are arguments, workspace, the weights' file.
std::vector<BufferParameter> CEntryBuilder::buffers() {
  std::vector<BufferParameter> list;
  addTensors(list, product.model.inputs, product.model.dynamicBatch);
  addTensors(list, product.model.outputs, product.model.dynamicBatch);
  addTensors(list, product.model.weights, /*perImage=*/false, /*isMember=*/true);
  list.push_back({product.model.workspaceBytes, kBufferAlignment});
  if (product.weightsAreAFile()) {
    list.push_back({product.model.weightsBytes, kBufferAlignment});
    list.back().identity = product.model.weightsIdentity;
  }
  return list;
}

/// The entry takes the model's arguments in its own order (inputs and weights may alternate), then
/// outputs, workspace, weights, dynamic sizes, and what runs tasks.
SmallVector<Value> CEntryBuilder::entryArguments(LLVM::LLVMFuncOp entry,
                                                 ArrayRef<BufferParameter> buffers,
                                                 ValueRange sizes, ValueRange threads) {
  const ModelInterface &model = product.model;
  size_t inputs = model.inputs.size(), outputs = model.outputs.size();
  size_t weights = model.weights.size();
  SmallVector<Value> arguments;
  size_t nextInput = 0, nextWeight = inputs + outputs;
  for (size_t i = 0; i < inputs + weights; ++i) {
    bool isWeight = bool(entry.getArgAttr(i, "sepconv.weight"));
    arguments.push_back(buffers[isWeight ? nextWeight++ : nextInput++].pointer);
  }
  for (size_t i = 0; i < outputs; ++i)
    arguments.push_back(buffers[inputs + i].pointer);
  arguments.push_back(buffers[inputs + outputs + weights].pointer);
  if (product.weightsAreAFile())
    arguments.push_back(buffers.back().pointer);
  else if (model.weightsBytes > 0)
    arguments.push_back(LLVM::AddressOfOp::create(b, pointer, kWeightsSymbol));
  else
    arguments.push_back(LLVM::ZeroOp::create(b, pointer));
  llvm::append_range(arguments, sizes);
  llvm::append_range(arguments, threads);
  return arguments;
}

LogicalResult CEntryBuilder::createTest(ArrayRef<LLVM::LLVMFuncOp> entries) {
  FailureOr<LLVM::LLVMFuncOp> test = createProcessorTest(module, prefix + "_processor", entries);
  if (failed(test))
    return failure();
  processorTest = *test;
  variants = entries.size();
  return success();
}

/// As many slots for tasks as the workspace has room for.
void CEntryBuilder::prepareSlots(const BufferParameter &workspace) {
  auto prepare = module.lookupSymbol<LLVM::LLVMFuncOp>(product.name + "_" + kPrepareSlots.str());
  if (!prepare)
    return;
  Type i64 = b.getI64Type();
  Value bytes = constant(i64, product.model.threadBytes);
  int64_t fixed = product.model.workspaceBytes - product.model.threadBytes;
  Value room = LLVM::SubOp::create(b, workspace.size, constant(i64, fixed));
  Value header =
      LLVM::GEPOp::create(b, pointer, b.getI8Type(), workspace.pointer,
                          ArrayRef<LLVM::GEPArg>{constant(i64, fixed - kSlotsHeaderBytes)});
  LLVM::CallOp::create(b, prepare, ValueRange{header, LLVM::UDivOp::create(b, room, bytes), bytes});
}

/// The only entry, or the address of the one that the processor can run.
Value CEntryBuilder::chooseEntry(ArrayRef<LLVM::LLVMFuncOp> entries) {
  Value chosen = LLVM::AddressOfOp::create(b, entries.back());
  for (size_t i = entries.size() - 1; i-- > 0;) {
    Value isIt =
        LLVM::ICmpOp::create(b, LLVM::ICmpPredicate::eq, variant, constant(b.getI32Type(), i + 1));
    chosen = LLVM::SelectOp::create(b, isIt, LLVM::AddressOfOp::create(b, entries[i]), chosen);
  }
  return chosen;
}

void CEntryBuilder::createRun(ArrayRef<LLVM::LLVMFuncOp> entries) {
  LLVM::LLVMFuncOp entry = entries.front(); // all take the same arguments
  ArrayRef<SizeInterface> sizes = product.model.sizes;
  SmallVector<Type> first(product.model.dynamicBatch + sizes.size(), b.getI64Type());
  SmallVector<Type> threads(product.model.parallel ? 2 : 0, pointer);
  createChecked("_run", first, sizes, buffers(), threads,
                [&](ValueRange first, ArrayRef<BufferParameter> buffers, ValueRange threads) {
                  prepareSlots(buffers[product.model.inputs.size() + product.model.outputs.size() +
                                       product.model.weights.size()]);
                  SmallVector<Value> arguments =
                      entryArguments(entry, buffers, first.take_back(sizes.size()), threads);
                  if (entries.size() == 1) {
                    LLVM::CallOp::create(b, entry, arguments);
                    return Value();
                  }
                  arguments.insert(arguments.begin(), chooseEntry(entries));
                  LLVM::CallOp::create(b, entry.getFunctionType(), arguments);
                  return Value();
                });
}

//===----------------------------------------------------------------------===//
// Functions on the variables
//===----------------------------------------------------------------------===//

/// The function takes the seed if it initializes, the variables, and where the loss goes.
void CEntryBuilder::createVariableFunction(LLVM::LLVMFuncOp function, StringRef name) {
  SmallVector<Type> seed(name == "init" ? 1 : 0, b.getI64Type());
  std::vector<BufferParameter> list;
  addTensors(list, product.model.weights, /*perImage=*/false, /*isMember=*/true);
  if (name == "regularization_loss")
    list.push_back({sizeof(float), alignof(float)});
  createChecked(("_" + name).str(), seed, {}, list, {},
                [&](ValueRange seed, ArrayRef<BufferParameter> buffers, ValueRange) {
                  SmallVector<Value> arguments(seed);
                  for (const BufferParameter &buffer : buffers)
                    arguments.push_back(buffer.pointer);
                  LLVM::CallOp::create(b, function, arguments);
                  return Value();
                });
}

//===----------------------------------------------------------------------===//
// Texts
//===----------------------------------------------------------------------===//

/// The address of a constant text.
Value CEntryBuilder::createText(StringRef name, StringRef text) {
  std::string terminated = text.str();
  terminated.push_back('\0');
  auto type = LLVM::LLVMArrayType::get(b.getI8Type(), terminated.size());
  ImplicitLocOpBuilder atStart(b.getLoc(), OpBuilder::atBlockBegin(module.getBody()));
  auto global = LLVM::GlobalOp::create(atStart, type, /*isConstant=*/true, LLVM::Linkage::Internal,
                                       name, b.getStringAttr(terminated), /*alignment=*/1);
  global.setUnnamedAddr(LLVM::UnnamedAddr::Global);
  return LLVM::AddressOfOp::create(b, global);
}

void CEntryBuilder::createStatusMessage() {
  LLVM::LLVMFuncOp function = create("_status_message", pointer, b.getI32Type());
  Value message = createText("message_unknown", "not a status");
  for (auto [value, status] : llvm::enumerate(product.statuses())) {
    Value text = createText(("message_" + Twine(value)).str(), status.message);
    Value equal = LLVM::ICmpOp::create(b, LLVM::ICmpPredicate::eq, function.getArgument(0),
                                       constant(b.getI32Type(), value));
    message = LLVM::SelectOp::create(b, equal, text, message);
  }
  LLVM::ReturnOp::create(b, message);
}

void CEntryBuilder::createDescription() {
  create("_description", pointer, {});
  LLVM::ReturnOp::create(b, createText("description", product.description()));
}

/// Where the counters are.
void CEntryBuilder::createProfile() {
  create("_profile", pointer, {});
  LLVM::ReturnOp::create(b, LLVM::AddressOfOp::create(b, pointer, kTicksSymbol).getResult());
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

namespace {
struct CreateCEntryPass : public sepconv::impl::CreateCEntryBase<CreateCEntryPass> {
  using CreateCEntryBase::CreateCEntryBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (module.lookupSymbol(name + "_run"))
      return; // made before
    std::optional<WeightsMode> mode = parseWeightsMode(weights);
    if (!mode) {
      module.emitError("unknown storage of weights '")
          << weights << "', expected embedded, file or arguments";
      return signalPassFailure();
    }
    FailureOr<ProductInterface> product = ProductInterface::get(module, name, *mode);
    if (failed(product))
      return signalPassFailure();
    SmallVector<LLVM::LLVMFuncOp> entries;
    for (auto function : module.getOps<LLVM::LLVMFuncOp>())
      if (!function.isExternal() && function.getSymVisibility() != "private")
        entries.push_back(function);
    if (entries.empty()) {
      module.emitError("expected a public function, the entry of the model");
      return signalPassFailure();
    }
    auto functions = llvm::to_vector(module.getOps<LLVM::LLVMFuncOp>());
    makeInternal(module, *product);
    CEntryBuilder builder(module, *product);
    if (failed(builder.createTest(entries)))
      return signalPassFailure();
    builder.createRun(entries);
    for (LLVM::LLVMFuncOp function : functions)
      if (auto name = function->getAttrOfType<StringAttr>("sepconv.function"))
        builder.createVariableFunction(function, name);
    builder.createStatusMessage();
    builder.createDescription();
    if (product->isProfiled)
      builder.createProfile();
    if (product->model.selfTestBytes)
      builder.createSelfTest();
    for (auto function : module.getOps<LLVM::LLVMFuncOp>())
      if (function->hasAttr("sepconv.target") && failed(setTarget(function)))
        return signalPassFailure();
    dropModelAttributes(module);
  }
};
} // namespace
