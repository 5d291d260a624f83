//===- CreateCEntry.cpp - the functions of the product's C header ----------------===//

#include "SelectVariant.h"
#include "sepconv/Lowering/ProductInterface.h"
#include "sepconv/Passes.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/SymbolTable.h"

namespace mlir::sepconv {
#define GEN_PASS_DEF_CREATECENTRY
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;
using namespace mlir::sepconv;

namespace {
/// A buffer that NAME_run takes: a pointer and its size in bytes.
struct Parameter {
  int64_t bytes;
  int64_t alignment;
  Value pointer, size;
};

/// Adds the C functions to a module in the LLVM dialect.
class CEntryBuilder {
public:
  CEntryBuilder(ModuleOp module, const ProductInterface &product)
      : module(module), product(product),
        b(module.getLoc(), OpBuilder::atBlockEnd(module.getBody())),
        pointer(LLVM::LLVMPointerType::get(module.getContext())) {}

  LogicalResult createRun(ArrayRef<LLVM::LLVMFuncOp> entries);
  void createStatusMessage();
  void createDescription();

private:
  LLVM::LLVMFuncOp createRun(LLVM::LLVMFuncOp entry, StringRef suffix);
  LLVM::LLVMFuncOp createUnsupported(LLVM::LLVMFunctionType type);
  LLVM::LLVMFuncOp createFunction(StringRef suffix, Type result, ArrayRef<Type> arguments);
  Value constant(Type type, int64_t value) { return LLVM::ConstantOp::create(b, type, value); }
  Value createText(StringRef name, StringRef text);
  std::vector<Parameter> parameters();
  Value check(ArrayRef<Parameter> parameters);
  SmallVector<Value> entryArguments(LLVM::LLVMFuncOp entry, ArrayRef<Parameter> parameters,
                                    ValueRange threads);

  ModuleOp module;
  const ProductInterface &product;
  ImplicitLocOpBuilder b;
  Type pointer;
};
} // namespace

LLVM::LLVMFuncOp CEntryBuilder::createFunction(StringRef suffix, Type result,
                                               ArrayRef<Type> arguments) {
  b.setInsertionPointToEnd(module.getBody());
  auto type = LLVM::LLVMFunctionType::get(result, arguments);
  auto function = LLVM::LLVMFuncOp::create(b, product.name + suffix.str(), type);
  function.setNoUnwind(true);
  b.setInsertionPointToStart(function.addEntryBlock(b));
  return function;
}

//===----------------------------------------------------------------------===//
// NAME_run
//===----------------------------------------------------------------------===//

/// Inputs, outputs, weights that are arguments, workspace, the weights' file.
std::vector<Parameter> CEntryBuilder::parameters() {
  std::vector<Parameter> list;
  for (const auto *tensors :
       {&product.model.inputs, &product.model.outputs, &product.model.weights})
    for (const TensorInterface &tensor : *tensors)
      list.push_back({tensor.bytes(), tensor.elementBytes, {}, {}});
  list.push_back({product.model.workspaceBytes, kBufferAlignment, {}, {}});
  if (product.weightsAreAFile())
    list.push_back({product.model.weightsBytes, kBufferAlignment, {}, {}});
  return list;
}

/// The status that the parameters deserve. A buffer of no bytes may be NULL.
Value CEntryBuilder::check(ArrayRef<Parameter> parameters) {
  Type i64 = b.getI64Type(), i32 = b.getI32Type();
  Value zero = constant(i64, 0);
  Value isNull, isMisaligned, isSmall;
  auto either = [&](Value &sum, Value condition) {
    sum = sum ? LLVM::OrOp::create(b, sum, condition).getResult() : condition;
  };
  auto compare = [&](LLVM::ICmpPredicate predicate, Value left, Value right) -> Value {
    return LLVM::ICmpOp::create(b, predicate, left, right);
  };
  for (const Parameter &parameter : parameters) {
    if (parameter.bytes == 0)
      continue;
    Value address = LLVM::PtrToIntOp::create(b, i64, parameter.pointer);
    either(isNull, compare(LLVM::ICmpPredicate::eq, address, zero));
    Value rest = LLVM::AndOp::create(b, address, constant(i64, parameter.alignment - 1));
    either(isMisaligned, compare(LLVM::ICmpPredicate::ne, rest, zero));
    either(isSmall,
           compare(LLVM::ICmpPredicate::ult, parameter.size, constant(i64, parameter.bytes)));
  }
  Value status = constant(i32, StatusValue::OK);
  auto choose = [&](Value condition, StatusValue value) {
    if (condition)
      status = LLVM::SelectOp::create(b, condition, constant(i32, value), status);
  };
  choose(isSmall, StatusValue::TooSmall);
  choose(isMisaligned, StatusValue::Misaligned);
  choose(isNull, StatusValue::NullPointer);
  return status;
}

/// The entry takes the model's arguments in its own order (inputs and weights may alternate), then
/// outputs, workspace, weights, and what runs tasks.
SmallVector<Value> CEntryBuilder::entryArguments(LLVM::LLVMFuncOp entry,
                                                 ArrayRef<Parameter> parameters,
                                                 ValueRange threads) {
  const ModelInterface &model = product.model;
  size_t inputs = model.inputs.size(), outputs = model.outputs.size();
  size_t weights = model.weights.size();
  SmallVector<Value> arguments;
  size_t nextInput = 0, nextWeight = inputs + outputs;
  for (size_t i = 0; i < inputs + weights; ++i) {
    bool isWeight = bool(entry.getArgAttr(i, "sepconv.weight"));
    arguments.push_back(parameters[isWeight ? nextWeight++ : nextInput++].pointer);
  }
  for (size_t i = 0; i < outputs; ++i)
    arguments.push_back(parameters[inputs + i].pointer);
  arguments.push_back(parameters[inputs + outputs + weights].pointer);
  if (product.weightsAreAFile())
    arguments.push_back(parameters.back().pointer);
  else if (model.weightsBytes > 0)
    arguments.push_back(LLVM::AddressOfOp::create(b, pointer, kWeightsSymbol));
  else
    arguments.push_back(LLVM::ZeroOp::create(b, pointer));
  llvm::append_range(arguments, threads);
  return arguments;
}

LLVM::LLVMFuncOp CEntryBuilder::createRun(LLVM::LLVMFuncOp entry, StringRef suffix) {
  std::vector<Parameter> list = parameters();
  SmallVector<Type> types;
  for (size_t i = 0; i < list.size(); ++i)
    types.append({pointer, b.getI64Type()});
  if (product.model.parallel)
    types.append({pointer, pointer});
  LLVM::LLVMFuncOp run = createFunction(suffix, b.getI32Type(), types);
  for (auto [index, parameter] : llvm::enumerate(list)) {
    parameter.pointer = run.getArgument(2 * index);
    parameter.size = run.getArgument(2 * index + 1);
  }
  Value status = check(list);
  Block *start = b.getInsertionBlock();
  Block *good = b.createBlock(&run.getBody());
  Block *end = b.createBlock(&run.getBody(), {}, b.getI32Type(), b.getLoc());
  LLVM::ReturnOp::create(b, end->getArgument(0));
  b.setInsertionPointToEnd(start);
  Value ok = LLVM::ICmpOp::create(b, LLVM::ICmpPredicate::eq, status,
                                  constant(b.getI32Type(), StatusValue::OK));
  LLVM::CondBrOp::create(b, ok, good, ValueRange(), end, status);
  b.setInsertionPointToEnd(good);
  LLVM::CallOp::create(b, entry,
                       entryArguments(entry, list, run.getArguments().drop_front(2 * list.size())));
  LLVM::BrOp::create(b, ValueRange(status), end);
  return run;
}

/// What NAME_run is where the processor can run no variant.
LLVM::LLVMFuncOp CEntryBuilder::createUnsupported(LLVM::LLVMFunctionType type) {
  LLVM::LLVMFuncOp function =
      createFunction("_run_unsupported", type.getReturnType(), type.getParams());
  LLVM::ReturnOp::create(b, constant(type.getReturnType(), StatusValue::UnsupportedCPU));
  return function;
}

/// One entry is NAME_run; of several, NAME_run is the one that the processor can.
LogicalResult CEntryBuilder::createRun(ArrayRef<LLVM::LLVMFuncOp> entries) {
  if (entries.size() == 1) {
    createRun(entries.front(), "_run");
    return success();
  }
  SmallVector<LLVM::LLVMFuncOp> runs;
  for (LLVM::LLVMFuncOp entry : entries) {
    runs.push_back(
        createRun(entry, entry.getName().drop_front(product.name.size()).str() + "_run"));
    runs.back()->setAttr("sepconv.target", entry->getAttr("sepconv.target"));
  }
  runs.push_back(createUnsupported(runs.front().getFunctionType()));
  for (LLVM::LLVMFuncOp run : runs) {
    run.setLinkage(LLVM::Linkage::Internal);
    run.setDsoLocal(true);
  }
  return createIndirectFunction(module, product.name + "_run", product.name + "_select_run",
                                ArrayRef(runs).drop_back(), runs.back());
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
  LLVM::LLVMFuncOp function = createFunction("_status_message", pointer, b.getI32Type());
  Value message = createText("message_unknown", "not a status");
  for (auto [value, status] : llvm::enumerate(productStatuses())) {
    Value text = createText(("message_" + Twine(value)).str(), status.message);
    Value equal = LLVM::ICmpOp::create(b, LLVM::ICmpPredicate::eq, function.getArgument(0),
                                       constant(b.getI32Type(), value));
    message = LLVM::SelectOp::create(b, equal, text, message);
  }
  LLVM::ReturnOp::create(b, message);
}

void CEntryBuilder::createDescription() {
  createFunction("_description", pointer, {});
  LLVM::ReturnOp::create(b, createText("description", product.description()));
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

/// What is the model's own is not visible outside, and is named after it for profilers.
static void makeInternal(ModuleOp module, const ProductInterface &product) {
  SymbolTableCollection tables;
  SymbolUserMap users(tables, module);
  for (LLVM::LLVMFuncOp function : module.getOps<LLVM::LLVMFuncOp>()) {
    function.setNoUnwind(true);
    if (function.isExternal())
      continue;
    // A task is one piece of code, whoever runs it: inlined where it runs serially it could be
    // contracted in another way, and round differently.
    if (function->hasAttr("sepconv.pattern") || function->hasAttr("sepconv.task"))
      function.setNoInline(true);
    function.setLinkage(LLVM::Linkage::Internal);
    function.setDsoLocal(true);
    auto name = StringAttr::get(module.getContext(), product.name + "_" + function.getName());
    users.replaceAllUsesWith(function, name);
    function.setSymNameAttr(name);
  }
  for (LLVM::GlobalOp global : module.getOps<LLVM::GlobalOp>())
    global.setLinkage(LLVM::Linkage::Internal);
}

/// LLVM has no use for the attributes of the stages before it, and warns about them.
static void dropModelAttributes(ModuleOp module) {
  auto isOurs = [](StringAttr name) { return name.strref().starts_with("sepconv."); };
  for (auto function : module.getOps<LLVM::LLVMFuncOp>()) {
    for (NamedAttribute attribute : llvm::to_vector(function->getDiscardableAttrs()))
      if (isOurs(attribute.getName()))
        function->removeDiscardableAttr(attribute.getName());
    for (unsigned i = 0; i < function.getNumArguments(); ++i)
      for (NamedAttribute attribute :
           llvm::to_vector(mlir::function_interface_impl::getArgAttrs(function, i)))
        if (isOurs(attribute.getName()))
          function.removeArgAttr(i, attribute.getName());
  }
}

namespace {
struct CreateCEntryPass : public sepconv::impl::CreateCEntryBase<CreateCEntryPass> {
  using CreateCEntryBase::CreateCEntryBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (module.lookupSymbol(name + "_run"))
      return; // made before
    std::optional<WeightsMode> mode = parseWeightsMode(weights);
    if (!mode) {
      module.emitError("unknown place of weights '")
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
    makeInternal(module, *product);
    CEntryBuilder builder(module, *product);
    if (failed(builder.createRun(entries)))
      return signalPassFailure();
    builder.createStatusMessage();
    builder.createDescription();
    for (auto function : module.getOps<LLVM::LLVMFuncOp>())
      if (function->hasAttr("sepconv.target") && failed(setTarget(function)))
        return signalPassFailure();
    dropModelAttributes(module);
  }
};
} // namespace
