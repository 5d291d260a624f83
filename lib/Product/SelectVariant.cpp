//===- SelectVariant.cpp - the best variant that the processor can ---------------===//

#include "SelectVariant.h"
#include "X86Features.h"
#include "sepconv/Schedule/TargetDescription.h"

#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "llvm/ADT/StringExtras.h"
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

namespace {
/// Writes the test: reads the processor's words, then compares them with what variants need.
class TestBuilder {
public:
  explicit TestBuilder(ImplicitLocOpBuilder &b) : b(b), i32(b.getI32Type()) {}

  void readWords();
  /// Whether all bits of the mask are set.
  Value hasAll(const X86Mask &mask);
  Value constant(uint32_t value) {
    return LLVM::ConstantOp::create(b, i32, b.getI32IntegerAttr(value));
  }

private:
  enum Register { EAX, EBX, ECX, EDX };
  Value assembly(StringRef text, StringRef constraints, unsigned results, ValueRange operands);
  /// All registers of a leaf; zeros of one that the processor does not have: it would answer with
  /// another one.
  Value cpuid(uint32_t leaf, uint32_t subleaf);
  Value word(Value registers, Register which, Value isThere);

  ImplicitLocOpBuilder &b;
  Type i32;
  Value words[kX86Words];
};
} // namespace

/// The results of a few instructions as a struct.
Value TestBuilder::assembly(StringRef text, StringRef constraints, unsigned results,
                            ValueRange operands) {
  Type type = LLVM::LLVMStructType::getLiteral(b.getContext(), SmallVector<Type>(results, i32));
  return LLVM::InlineAsmOp::create(b, type, operands, text, constraints,
                                   /*has_side_effects=*/false, /*is_align_stack=*/false,
                                   LLVM::TailCallKind::None, /*asm_dialect=*/nullptr,
                                   /*operand_attrs=*/nullptr)
      .getRes();
}

Value TestBuilder::cpuid(uint32_t leaf, uint32_t subleaf) {
  return assembly("cpuid", "={ax},={bx},={cx},={dx},{ax},{cx}", 4,
                  {constant(leaf), constant(subleaf)});
}

Value TestBuilder::word(Value registers, Register which, Value isThere) {
  Value word = LLVM::ExtractValueOp::create(b, registers, which);
  return isThere ? LLVM::SelectOp::create(b, isThere, word, constant(0)).getResult() : word;
}

void TestBuilder::readWords() {
  auto at = [&](X86Word word) -> Value & { return words[size_t(word)]; };
  Value leaf1 = word(cpuid(1, 0), ECX, {});
  at(X86Word::Leaf1ECX) = leaf1;
  Value last = word(cpuid(0, 0), EAX, {});
  Value hasLeaf7 = LLVM::ICmpOp::create(b, LLVM::ICmpPredicate::uge, last, constant(7));
  Value leaf7 = cpuid(7, 0), leaf71 = cpuid(7, 1); // zeros if the second one is not there
  at(X86Word::Leaf7EBX) = word(leaf7, EBX, hasLeaf7);
  at(X86Word::Leaf7ECX) = word(leaf7, ECX, hasLeaf7);
  at(X86Word::Leaf7EDX) = word(leaf7, EDX, hasLeaf7);
  at(X86Word::Leaf71EAX) = word(leaf71, EAX, hasLeaf7);
  at(X86Word::Leaf71EDX) = word(leaf71, EDX, hasLeaf7);
  // Every x86-64 processor has this leaf: it tells of the 64-bit mode.
  at(X86Word::Extended1ECX) = word(cpuid(0x80000001, 0), ECX, {});
  // XGETBV is an illegal instruction unless the system has enabled it (OSXSAVE, bit 27).
  Value xcr0 = assembly("testl $$0x8000000, %ecx\n\tmovl $$0, %eax\n\tmovl $$0, %ecx\n\tjz 1f\n\t"
                        "xgetbv\n1:",
                        "={ax},={cx},={dx},{cx},~{flags}", 3, leaf1);
  at(X86Word::XCR0) = LLVM::ExtractValueOp::create(b, xcr0, EAX);
}

Value TestBuilder::hasAll(const X86Mask &mask) {
  Value missing = constant(0);
  for (auto [word, bits] : llvm::zip_equal(words, mask))
    if (bits)
      missing = LLVM::OrOp::create(
          b, missing,
          LLVM::XOrOp::create(b, LLVM::AndOp::create(b, word, constant(bits)), constant(bits)));
  return LLVM::ICmpOp::create(b, LLVM::ICmpPredicate::eq, missing, constant(0));
}

/// What each entry needs of an x86-64 processor. Of several all must be told apart; what is not
/// known of a single one, LLVM only uses if it is asked to.
static FailureOr<SmallVector<X86Mask>> masksOf(ModuleOp module,
                                               ArrayRef<TargetDescription> targets) {
  SmallVector<X86Mask> masks;
  for (const TargetDescription &target : targets) {
    SmallVector<std::string> untested;
    llvm::Expected<X86Mask> mask = requiredX86Bits(target.cpu, target.features, untested);
    if (!mask && targets.size() == 1) { // this machine's, which LLVM does not know: by its features
      llvm::consumeError(mask.takeError());
      mask = requiredX86Bits(kAnyX86, target.features, untested);
    }
    if (!mask)
      return module.emitError("target '" + target.name + "' cannot be selected at run time: " +
                              llvm::toString(mask.takeError()));
    if (targets.size() > 1 && !untested.empty())
      return module.emitError("target '" + target.name +
                              "' cannot be selected at run time: there is no run-time test for "
                              "the features " +
                              llvm::join(untested, ", ") + " of '" + target.cpu + "'");
    masks.push_back(*mask);
  }
  return masks;
}

/// The number of the first variant that the processor can run; one more than there are if it is
/// none.
static void buildTest(ImplicitLocOpBuilder &b, LLVM::GlobalOp known, ArrayRef<X86Mask> masks) {
  Region *body = b.getInsertionBlock()->getParent();
  Type i32 = b.getI32Type();
  Value address = LLVM::AddressOfOp::create(b, known);
  auto stored = LLVM::LoadOp::create(b, i32, address, /*alignment=*/4);
  stored.setOrdering(LLVM::AtomicOrdering::monotonic);
  TestBuilder test(b);
  Value isKnown = LLVM::ICmpOp::create(b, LLVM::ICmpPredicate::ne, stored, test.constant(0));
  Block *start = b.getInsertionBlock(), *ask = b.createBlock(body);
  Block *end = b.createBlock(body, {}, i32, b.getLoc());
  LLVM::ReturnOp::create(b, end->getArgument(0));
  b.setInsertionPointToEnd(start);
  LLVM::CondBrOp::create(b, isKnown, end, ValueRange(stored), ask, ValueRange());
  b.setInsertionPointToEnd(ask);
  test.readWords();
  Value chosen = test.constant(masks.size() + 1);
  for (size_t i = masks.size(); i-- > 0;)
    chosen = LLVM::SelectOp::create(b, test.hasAll(masks[i]), test.constant(i + 1), chosen);
  auto store = LLVM::StoreOp::create(b, chosen, address, /*alignment=*/4);
  store.setOrdering(LLVM::AtomicOrdering::monotonic);
  LLVM::BrOp::create(b, ValueRange(chosen), end);
}

FailureOr<LLVM::LLVMFuncOp> sepconv::createProcessorTest(ModuleOp module, StringRef name,
                                                         ArrayRef<LLVM::LLVMFuncOp> entries) {
  FailureOr<SmallVector<TargetDescription>> targets = targetsOf(module, entries);
  if (failed(targets))
    return failure();
  bool isX86 = llvm::all_of(*targets, [](const TargetDescription &target) {
    return llvm::Triple(target.triple).getArch() == llvm::Triple::x86_64;
  });
  if (targets->empty() || !isX86)
    return LLVM::LLVMFuncOp();
  FailureOr<SmallVector<X86Mask>> masks = masksOf(module, *targets);
  if (failed(masks))
    return failure();
  if (entries.size() == 1 && masks->front() == X86Mask())
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
  function.setTargetCpu(kAnyX86);
  b.setInsertionPointToStart(function.addEntryBlock(b));
  buildTest(b, known, *masks);
  return function;
}
