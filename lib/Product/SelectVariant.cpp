//===- SelectVariant.cpp - the best variant that the processor can ---------------===//

#include "SelectVariant.h"
#include "X86Features.h"
#include "sepconv/Schedule/TargetDescription.h"

#include "mlir/IR/ImplicitLocOpBuilder.h"

using namespace mlir;
using namespace mlir::sepconv;

static FailureOr<TargetDescription> targetOf(LLVM::LLVMFuncOp function) {
  auto name = function->getAttrOfType<StringAttr>("sepconv.target");
  if (!name)
    return function.emitError("expected the attribute 'sepconv.target'");
  llvm::Expected<TargetDescription> target = loadTarget(name);
  if (!target)
    return function.emitError(llvm::toString(target.takeError()));
  return std::move(*target);
}

LogicalResult sepconv::setTarget(LLVM::LLVMFuncOp function) {
  FailureOr<TargetDescription> target = targetOf(function);
  if (failed(target))
    return failure();
  function.setTargetCpu(target->cpu);
  if (!target->features.empty())
    function.setTargetFeaturesAttr(
        LLVM::TargetFeaturesAttr::get(function.getContext(), target->features));
  return success();
}

namespace {
/// Writes the resolver: reads the processor's words, then compares them with what variants need.
class ResolverBuilder {
public:
  explicit ResolverBuilder(ImplicitLocOpBuilder &b) : b(b), i32(b.getI32Type()) {}

  void readWords();
  /// Whether all bits of the mask are set.
  Value hasAll(const X86Mask &mask);

private:
  enum Register { EAX, EBX, ECX };
  Value constant(uint32_t value) {
    return LLVM::ConstantOp::create(b, i32, b.getI32IntegerAttr(value));
  }
  Value assembly(StringRef text, StringRef constraints, unsigned results, ValueRange operands);
  Value cpuid(uint32_t leaf, Register result);

  ImplicitLocOpBuilder &b;
  Type i32;
  Value words[kX86Words];
};
} // namespace

/// The results of a few instructions as a struct.
Value ResolverBuilder::assembly(StringRef text, StringRef constraints, unsigned results,
                                ValueRange operands) {
  Type type = LLVM::LLVMStructType::getLiteral(b.getContext(), SmallVector<Type>(results, i32));
  return LLVM::InlineAsmOp::create(b, type, operands, text, constraints,
                                   /*has_side_effects=*/false, /*is_align_stack=*/false,
                                   LLVM::TailCallKind::None, /*asm_dialect=*/nullptr,
                                   /*operand_attrs=*/nullptr)
      .getRes();
}

Value ResolverBuilder::cpuid(uint32_t leaf, Register result) {
  Value all =
      assembly("cpuid", "={ax},={bx},={cx},={dx},{ax},{cx}", 4, {constant(leaf), constant(0)});
  return LLVM::ExtractValueOp::create(b, all, result);
}

void ResolverBuilder::readWords() {
  Value leaf1 = cpuid(1, ECX);
  words[size_t(X86Word::Leaf1ECX)] = leaf1;
  // A processor that does not have a leaf answers with another one.
  Value hasLeaf7 = LLVM::ICmpOp::create(b, LLVM::ICmpPredicate::uge, cpuid(0, EAX), constant(7));
  words[size_t(X86Word::Leaf7EBX)] =
      LLVM::SelectOp::create(b, hasLeaf7, cpuid(7, EBX), constant(0));
  // Every x86-64 processor has this leaf: it tells of the 64-bit mode.
  words[size_t(X86Word::Extended1ECX)] = cpuid(0x80000001, ECX);
  // XGETBV is an illegal instruction unless the system has enabled it (OSXSAVE, bit 27).
  Value xcr0 = assembly("testl $$0x8000000, %ecx\n\tmovl $$0, %eax\n\tmovl $$0, %ecx\n\tjz 1f\n\t"
                        "xgetbv\n1:",
                        "={ax},={cx},={dx},{cx},~{flags}", 3, leaf1);
  words[size_t(X86Word::XCR0)] = LLVM::ExtractValueOp::create(b, xcr0, EAX);
}

Value ResolverBuilder::hasAll(const X86Mask &mask) {
  Value missing = constant(0);
  for (auto [word, bits] : llvm::zip_equal(words, mask))
    missing = LLVM::OrOp::create(
        b, missing,
        LLVM::XOrOp::create(b, LLVM::AndOp::create(b, word, constant(bits)), constant(bits)));
  return LLVM::ICmpOp::create(b, LLVM::ICmpPredicate::eq, missing, constant(0));
}

LogicalResult sepconv::createIndirectFunction(ModuleOp module, StringRef name, StringRef resolver,
                                              ArrayRef<LLVM::LLVMFuncOp> variants,
                                              LLVM::LLVMFuncOp otherwise) {
  ImplicitLocOpBuilder b(module.getLoc(), OpBuilder::atBlockEnd(module.getBody()));
  Type pointer = LLVM::LLVMPointerType::get(b.getContext());
  LLVM::IFuncOp::create(b, name, otherwise.getFunctionType(), resolver, pointer,
                        LLVM::Linkage::External, LLVM::Visibility::Default);
  auto function = LLVM::LLVMFuncOp::create(b, resolver, LLVM::LLVMFunctionType::get(pointer, {}));
  function.setLinkage(LLVM::Linkage::Internal);
  function.setDsoLocal(true);
  function.setNoUnwind(true);
  b.setInsertionPointToStart(function.addEntryBlock(b));
  ResolverBuilder words(b);
  words.readWords();
  Value chosen = LLVM::AddressOfOp::create(b, otherwise);
  for (LLVM::LLVMFuncOp variant : llvm::reverse(variants)) {
    FailureOr<TargetDescription> target = targetOf(variant);
    if (failed(target))
      return failure();
    llvm::Expected<X86Mask> bits = requiredX86Bits(target->cpu, target->features);
    if (!bits)
      return variant.emitError("target '" + target->name + "' cannot be selected at run time: " +
                               llvm::toString(bits.takeError()));
    chosen = LLVM::SelectOp::create(b, words.hasAll(*bits), LLVM::AddressOfOp::create(b, variant),
                                    chosen);
  }
  LLVM::ReturnOp::create(b, chosen);
  return success();
}
