//===- ArmTest.cpp - ask a 64-bit Arm processor by its registers -----------------===//
//
// The ID registers belong to the system, and Linux answers programs that read them (since 4.11, as
// HWCAP_CPUID says): no function of a C library is needed, which a product may not have.
//
//===----------------------------------------------------------------------===//

#include "ProcessorTest.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/TargetParser/AArch64TargetParser.h"

using namespace mlir;
using namespace mlir::sepconv;

namespace {
enum Register { ISAR0, ISAR1, PFR0 };
constexpr llvm::StringLiteral kRegisters[] = {"ID_AA64ISAR0_EL1", "ID_AA64ISAR1_EL1",
                                              "ID_AA64PFR0_EL1"};

/// A field of four bits, counted from `shift`, that says from which value on there is a feature.
/// Arm, Architecture Reference Manual for A-profile, D24.2.
struct FeatureField {
  llvm::StringLiteral feature; // as LLVM calls it
  Register in;
  unsigned shift;
  int64_t least;
};
constexpr FeatureField kFields[] = {
    {"lse", ISAR0, 20, 2},       {"rdm", ISAR0, 28, 1},     {"dotprod", ISAR0, 44, 1},
    {"fp16fml", ISAR0, 48, 1},   {"rcpc", ISAR1, 20, 1},    {"jsconv", ISAR1, 12, 1},
    {"complxnum", ISAR1, 16, 1}, {"bf16", ISAR1, 44, 1},    {"i8mm", ISAR1, 52, 1},
    {"sve", PFR0, 32, 1},        {"fullfp16", PFR0, 20, 1},
};
class ArmTest : public ProcessorTest {
public:
  explicit ArmTest(SmallVector<SmallVector<FeatureField>> needed) : needed(std::move(needed)) {}
  StringRef anyProcessor() const override { return "generic"; }
  bool isNeeded() const override {
    return llvm::any_of(needed, [](const auto &fields) { return !fields.empty(); });
  }
  void read(ImplicitLocOpBuilder &b) override;
  Value supports(ImplicitLocOpBuilder &b, size_t target) override;

private:
  static Value constant(ImplicitLocOpBuilder &b, int64_t value) {
    return LLVM::ConstantOp::create(b, b.getI64Type(), b.getI64IntegerAttr(value));
  }

  SmallVector<SmallVector<FeatureField>> needed; // of each target
  Value registers[std::size(kRegisters)];
};
} // namespace

void ArmTest::read(ImplicitLocOpBuilder &b) {
  for (auto [value, name] : llvm::zip_equal(registers, kRegisters))
    value = LLVM::InlineAsmOp::create(b, b.getI64Type(), ValueRange(), ("mrs $0, " + name).str(),
                                      "=r", /*has_side_effects=*/false, /*is_align_stack=*/false,
                                      LLVM::TailCallKind::None, /*asm_dialect=*/nullptr,
                                      /*operand_attrs=*/nullptr)
                .getRes();
}

Value ArmTest::supports(ImplicitLocOpBuilder &b, size_t target) {
  Value all = LLVM::ConstantOp::create(b, b.getI1Type(), b.getBoolAttr(true));
  for (const FeatureField &field : needed[target]) {
    Value shifted = LLVM::LShrOp::create(b, registers[field.in], constant(b, field.shift));
    Value value = LLVM::AndOp::create(b, shifted, constant(b, 15));
    Value isThere =
        LLVM::ICmpOp::create(b, LLVM::ICmpPredicate::uge, value, constant(b, field.least));
    all = LLVM::AndOp::create(b, all, isThere);
  }
  return all;
}

/// The features of a processor, and those that are added to it.
static llvm::StringSet<> featuresOf(const TargetDescription &target) {
  llvm::StringSet<> features;
  std::vector<StringRef> listed;
  if (auto cpu = llvm::AArch64::parseCpu(target.cpu))
    llvm::AArch64::getExtensionFeatures(cpu->getImpliedExtensions(), listed);
  for (StringRef feature : llvm::split(target.features, ','))
    listed.push_back(feature);
  for (StringRef feature : listed)
    if (feature.consume_front("+"))
      features.insert(feature);
    else if (feature.consume_front("-"))
      features.erase(feature);
  return features;
}

FailureOr<std::unique_ptr<ProcessorTest>>
sepconv::createArmTest(ModuleOp, ArrayRef<TargetDescription> targets) {
  SmallVector<SmallVector<FeatureField>> needed;
  for (const TargetDescription &target : targets) {
    llvm::StringSet<> features = featuresOf(target);
    auto &fields = needed.emplace_back();
    for (const FeatureField &field : kFields)
      if (features.contains(field.feature))
        fields.push_back(field);
  }
  return std::unique_ptr<ProcessorTest>(std::make_unique<ArmTest>(std::move(needed)));
}
