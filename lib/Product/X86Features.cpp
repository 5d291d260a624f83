//===- X86Features.cpp - what an x86-64 processor tells of itself ----------------===//

#include "sepconv/Product/X86Features.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/TargetParser/X86TargetParser.h"

using namespace mlir;
using namespace mlir::sepconv;
using Word = X86Word;

namespace {
struct FeatureBits {
  llvm::StringLiteral feature;
  Word word;
  uint32_t mask;
};
} // namespace

static constexpr uint32_t bit(unsigned n) { return 1u << n; }

/// CPUID's bits (Intel's manual, volume 2A; AMD's, volume 3) of LLVM's features: those of the
/// levels of the x86-64 psABI, and what else LLVM may use for arithmetic without being asked. What
/// is in XCR0 is for the system: xmm and ymm for AVX, and the masks and the two parts of zmm for
/// AVX-512.
static constexpr FeatureBits kFeatures[] = {
    {"sse3", Word::Leaf1ECX, bit(0)},
    {"ssse3", Word::Leaf1ECX, bit(9)},
    {"fma", Word::Leaf1ECX, bit(12)},
    {"cx16", Word::Leaf1ECX, bit(13)},
    {"sse4.1", Word::Leaf1ECX, bit(19)},
    {"sse4.2", Word::Leaf1ECX, bit(20)},
    {"crc32", Word::Leaf1ECX, bit(20)},
    {"movbe", Word::Leaf1ECX, bit(22)},
    {"popcnt", Word::Leaf1ECX, bit(23)},
    {"xsave", Word::Leaf1ECX, bit(26) | bit(27)}, // and the system uses it
    {"avx", Word::Leaf1ECX, bit(28)},
    {"avx", Word::XCR0, bit(1) | bit(2)},
    {"f16c", Word::Leaf1ECX, bit(29)},
    {"bmi", Word::Leaf7EBX, bit(3)},
    {"avx2", Word::Leaf7EBX, bit(5)},
    {"bmi2", Word::Leaf7EBX, bit(8)},
    {"avx512f", Word::Leaf7EBX, bit(16)},
    {"avx512f", Word::XCR0, bit(5) | bit(6) | bit(7)},
    {"avx512dq", Word::Leaf7EBX, bit(17)},
    {"avx512cd", Word::Leaf7EBX, bit(28)},
    {"avx512bw", Word::Leaf7EBX, bit(30)},
    {"avx512vl", Word::Leaf7EBX, bit(31)},
    {"adx", Word::Leaf7EBX, bit(19)},
    {"avx512ifma", Word::Leaf7EBX, bit(21)},
    {"avx512vbmi", Word::Leaf7ECX, bit(1)},
    {"avx512vbmi2", Word::Leaf7ECX, bit(6)},
    {"gfni", Word::Leaf7ECX, bit(8)},
    {"avx512vnni", Word::Leaf7ECX, bit(11)},
    {"avx512bitalg", Word::Leaf7ECX, bit(12)},
    {"avx512vpopcntdq", Word::Leaf7ECX, bit(14)},
    {"avx512vp2intersect", Word::Leaf7EDX, bit(8)},
    {"avx512fp16", Word::Leaf7EDX, bit(23)},
    {"avxvnni", Word::Leaf71EAX, bit(4)},
    {"avx512bf16", Word::Leaf71EAX, bit(5)},
    {"avxifma", Word::Leaf71EAX, bit(23)},
    {"avxvnniint8", Word::Leaf71EDX, bit(4)},
    {"avxneconvert", Word::Leaf71EDX, bit(5)},
    {"avxvnniint16", Word::Leaf71EDX, bit(10)},
    {"avx10.1", Word::Leaf71EDX, bit(19)},
    {"egpr", Word::Leaf71EDX, bit(21)},
    {"egpr", Word::XCR0, bit(19)},
    {"sahf", Word::Extended1ECX, bit(0)},
    {"lzcnt", Word::Extended1ECX, bit(5)},
    {"sse4a", Word::Extended1ECX, bit(6)},
    {"xop", Word::Extended1ECX, bit(11)},
    {"fma4", Word::Extended1ECX, bit(16)},
    {"tbm", Word::Extended1ECX, bit(21)},
};

/// The features of a processor and those that they imply.
static llvm::StringMap<bool> featuresOf(StringRef cpu) {
  SmallVector<StringRef> listed;
  llvm::X86::getFeaturesForCPU(cpu, listed);
  llvm::StringMap<bool> all;
  for (StringRef feature : listed) {
    all[feature] = true;
    llvm::X86::updateImpliedFeatures(feature, /*Enabled=*/true, all);
  }
  return all;
}

bool sepconv::isTestedX86Feature(StringRef feature) {
  return llvm::any_of(kFeatures, [&](const FeatureBits &row) { return row.feature == feature; });
}

llvm::Expected<X86Mask> sepconv::requiredX86Bits(StringRef cpu, StringRef features,
                                                 SmallVectorImpl<std::string> &untested) {
  if (llvm::X86::parseArchX86(cpu) == llvm::X86::CK_None)
    return llvm::createStringError("'" + cpu + "' is not a processor of x86-64");
  llvm::StringMap<bool> needed = featuresOf(cpu);
  for (StringRef feature : llvm::split(features, ','))
    if (bool on = feature.consume_front("+"); on || feature.consume_front("-")) {
      needed[feature] = on;
      llvm::X86::updateImpliedFeatures(feature, on, needed);
    }
  for (const auto &feature : featuresOf("x86-64"))
    needed.erase(feature.first());
  needed.erase("sse2"); // part of x86-64 too, but not of LLVM's list
  X86Mask mask{};
  for (const auto &feature : needed) {
    bool known = !feature.second; // what is switched off needs no test
    for (const FeatureBits &row : kFeatures)
      if (feature.second && row.feature == feature.first()) {
        mask[size_t(row.word)] |= row.mask;
        known = true;
      }
    if (!known)
      untested.push_back(feature.first().str());
  }
  llvm::sort(untested);
  return mask;
}
