//===- X86Test.cpp - ask an x86-64 processor by CPUID ----------------------------===//

#include "ProcessorTest.h"
#include "sepconv/Product/X86Features.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::sepconv;

namespace {
/// Reads the processor's words, and compares them with what targets need.
class X86Test : public ProcessorTest {
public:
  explicit X86Test(SmallVector<X86Mask> masks) : masks(std::move(masks)) {}
  StringRef anyProcessor() const override { return kAnyX86; }
  bool isNeeded() const override {
    return llvm::any_of(masks, [](const X86Mask &mask) { return mask != X86Mask(); });
  }
  void read(ImplicitLocOpBuilder &builder) override;
  Value supports(ImplicitLocOpBuilder &builder, size_t target) override;

private:
  enum Register { EAX, EBX, ECX, EDX };
  Value assembly(StringRef text, StringRef constraints, unsigned results, ValueRange operands);
  /// All registers of a leaf; zeros of one that the processor does not have: it would answer with
  /// another one.
  Value cpuid(uint32_t leaf, uint32_t subleaf);
  Value word(Value registers, Register which, Value isThere);

  Value constant(uint32_t value) {
    return LLVM::ConstantOp::create(*b, b->getI32Type(), b->getI32IntegerAttr(value));
  }

  SmallVector<X86Mask> masks;
  ImplicitLocOpBuilder *b = nullptr;
  Value words[kX86Words];
};
} // namespace

/// The results of a few instructions as a struct.
Value X86Test::assembly(StringRef text, StringRef constraints, unsigned results,
                        ValueRange operands) {
  Type type = LLVM::LLVMStructType::getLiteral(b->getContext(),
                                               SmallVector<Type>(results, b->getI32Type()));
  return LLVM::InlineAsmOp::create(*b, type, operands, text, constraints,
                                   /*has_side_effects=*/false, /*is_align_stack=*/false,
                                   LLVM::TailCallKind::None, /*asm_dialect=*/nullptr,
                                   /*operand_attrs=*/nullptr)
      .getRes();
}

Value X86Test::cpuid(uint32_t leaf, uint32_t subleaf) {
  return assembly("cpuid", "={ax},={bx},={cx},={dx},{ax},{cx}", 4,
                  {constant(leaf), constant(subleaf)});
}

Value X86Test::word(Value registers, Register which, Value isThere) {
  Value word = LLVM::ExtractValueOp::create(*b, registers, which);
  return isThere ? LLVM::SelectOp::create(*b, isThere, word, constant(0)).getResult() : word;
}

void X86Test::read(ImplicitLocOpBuilder &builder) {
  b = &builder;
  auto at = [&](X86Word word) -> Value & { return words[size_t(word)]; };
  Value leaf1 = word(cpuid(1, 0), ECX, {});
  at(X86Word::Leaf1ECX) = leaf1;
  Value last = word(cpuid(0, 0), EAX, {});
  Value hasLeaf7 = LLVM::ICmpOp::create(*b, LLVM::ICmpPredicate::uge, last, constant(7));
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
  at(X86Word::XCR0) = LLVM::ExtractValueOp::create(*b, xcr0, EAX);
}

/// Whether all bits of the target's mask are set.
Value X86Test::supports(ImplicitLocOpBuilder &builder, size_t target) {
  b = &builder;
  Value missing = constant(0);
  for (auto [word, bits] : llvm::zip_equal(words, masks[target]))
    if (bits)
      missing = LLVM::OrOp::create(
          *b, missing,
          LLVM::XOrOp::create(*b, LLVM::AndOp::create(*b, word, constant(bits)), constant(bits)));
  return LLVM::ICmpOp::create(*b, LLVM::ICmpPredicate::eq, missing, constant(0));
}

/// What each entry needs of an x86-64 processor. Of several all must be told apart; what is not
/// known of a single one, LLVM only uses if it is asked to.
FailureOr<std::unique_ptr<ProcessorTest>>
sepconv::createX86Test(ModuleOp module, ArrayRef<TargetDescription> targets) {
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
  return std::unique_ptr<ProcessorTest>(std::make_unique<X86Test>(std::move(masks)));
}
