//===- SelectVariant.cpp - the best variant that the processor can ---------------===//

#include "SelectVariant.h"
#include "ProcessorTest.h"
#include "sepconv/Schedule/TargetDescription.h"

#include "llvm/TargetParser/Triple.h"

using namespace mlir;
using namespace mlir::sepconv;

static FailureOr<TargetDescription> targetNamed(ModuleOp module, StringAttr name) {
  llvm::Expected<TargetDescription> target = loadTarget(name);
  if (!target)
    return module.emitError(llvm::toString(target.takeError()));
  return std::move(*target);
}

LogicalResult sepconv::setTarget(LLVM::LLVMFuncOp function) {
  FailureOr<TargetDescription> target = targetNamed(
      function->getParentOfType<ModuleOp>(), function->getAttrOfType<StringAttr>("sepconv.target"));
  if (failed(target))
    return failure();
  function.setTargetCpu(target->cpu);
  if (!target->features.empty())
    function.setTargetFeaturesAttr(
        LLVM::TargetFeaturesAttr::get(function.getContext(), target->features));
  return success();
}

/// The processors that entries are for: their own targets, or that of the module, as the options
/// refine it.
static FailureOr<SmallVector<TargetDescription>> targetsOf(ModuleOp module,
                                                           ArrayRef<LLVM::LLVMFuncOp> entries) {
  SmallVector<TargetDescription> targets;
  auto ofModule = module->getAttrOfType<StringAttr>("sepconv.target");
  for (LLVM::LLVMFuncOp entry : entries) {
    auto own = entry->getAttrOfType<StringAttr>("sepconv.target");
    if (!own && !ofModule)
      return targets; // for no processor in particular
    FailureOr<TargetDescription> target = targetNamed(module, own ? own : ofModule);
    if (failed(target))
      return failure();
    if (auto cpu = module->getAttrOfType<StringAttr>("sepconv.cpu"); cpu && !own)
      target->cpu = cpu.str();
    if (auto features = module->getAttrOfType<StringAttr>("sepconv.features"); features && !own)
      target->features = features.str();
    targets.push_back(std::move(*target));
  }
  return targets;
}

/// The number of the first variant that the processor can run; one more than there are if it is
/// none.
static void buildTest(ImplicitLocOpBuilder &b, LLVM::GlobalOp known, ProcessorTest &test,
                      size_t variants) {
  Region *body = b.getInsertionBlock()->getParent();
  Type i32 = b.getI32Type();
  auto constant = [&](int64_t value) {
    return LLVM::ConstantOp::create(b, i32, b.getI32IntegerAttr(value));
  };
  Value address = LLVM::AddressOfOp::create(b, known);
  auto stored = LLVM::LoadOp::create(b, i32, address, /*alignment=*/4);
  stored.setOrdering(LLVM::AtomicOrdering::monotonic);
  Value isKnown = LLVM::ICmpOp::create(b, LLVM::ICmpPredicate::ne, stored, constant(0));
  Block *start = b.getInsertionBlock(), *ask = b.createBlock(body);
  Block *end = b.createBlock(body, {}, i32, b.getLoc());
  LLVM::ReturnOp::create(b, end->getArgument(0));
  b.setInsertionPointToEnd(start);
  LLVM::CondBrOp::create(b, isKnown, end, ValueRange(stored), ask, ValueRange());
  b.setInsertionPointToEnd(ask);
  test.read(b);
  Value chosen = constant(variants + 1);
  for (size_t i = variants; i-- > 0;)
    chosen = LLVM::SelectOp::create(b, test.supports(b, i), constant(i + 1), chosen);
  auto store = LLVM::StoreOp::create(b, chosen, address, /*alignment=*/4);
  store.setOrdering(LLVM::AtomicOrdering::monotonic);
  LLVM::BrOp::create(b, ValueRange(chosen), end);
}

/// Null for a processor that cannot be asked.
static FailureOr<std::unique_ptr<ProcessorTest>> testFor(ModuleOp module,
                                                         ArrayRef<TargetDescription> targets) {
  auto areAll = [&](llvm::Triple::ArchType arch) {
    return llvm::all_of(targets, [&](const TargetDescription &target) {
      return llvm::Triple(target.triple).getArch() == arch;
    });
  };
  if (areAll(llvm::Triple::x86_64))
    return createX86Test(module, targets);
  if (areAll(llvm::Triple::aarch64) && llvm::Triple(targets.front().triple).isOSLinux())
    return createArmTest(module, targets);
  return std::unique_ptr<ProcessorTest>();
}

FailureOr<LLVM::LLVMFuncOp> sepconv::createProcessorTest(ModuleOp module, StringRef name,
                                                         ArrayRef<LLVM::LLVMFuncOp> entries) {
  FailureOr<SmallVector<TargetDescription>> targets = targetsOf(module, entries);
  if (failed(targets))
    return failure();
  if (targets->empty())
    return LLVM::LLVMFuncOp();
  FailureOr<std::unique_ptr<ProcessorTest>> test = testFor(module, *targets);
  if (failed(test))
    return failure();
  if (!*test || (entries.size() == 1 && !(*test)->isNeeded()))
    return LLVM::LLVMFuncOp();
  ImplicitLocOpBuilder b(module.getLoc(), OpBuilder::atBlockEnd(module.getBody()));
  auto known =
      LLVM::GlobalOp::create(b, b.getI32Type(), /*isConstant=*/false, LLVM::Linkage::Internal,
                             (name + "_known").str(), b.getI32IntegerAttr(0), /*alignment=*/4);
  auto function =
      LLVM::LLVMFuncOp::create(b, name, LLVM::LLVMFunctionType::get(b.getI32Type(), {}));
  function.setLinkage(LLVM::Linkage::Internal);
  function.setDsoLocal(true);
  function.setNoUnwind(true);
  function.setTargetCpu((*test)->anyProcessor());
  b.setInsertionPointToStart(function.addEntryBlock(b));
  buildTest(b, known, **test, entries.size());
  return function;
}
