//===- X86Features.cpp - what an x86-64 processor tells of itself ----------------===//

#include "X86Features.h"

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

/// CPUID's bits (Intel's manual, volume 2A) of LLVM's features: those of the levels of the x86-64
/// psABI and what is built on them. What is in XCR0 is for the system: xmm and ymm for AVX, and the
/// masks and the two parts of zmm for AVX-512.
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
    {"sahf", Word::Extended1ECX, bit(0)},
    {"lzcnt", Word::Extended1ECX, bit(5)},
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

llvm::Expected<X86Mask> sepconv::requiredX86Bits(StringRef cpu, StringRef features) {
  if (llvm::X86::parseArchX86(cpu) == llvm::X86::CK_None)
    return llvm::createStringError("'" + cpu + "' is not a processor of x86-64");
  llvm::StringMap<bool> needed = featuresOf(cpu);
  for (StringRef feature : llvm::split(features, ','))
    if (feature.consume_front("+")) {
      needed[feature] = true;
      llvm::X86::updateImpliedFeatures(feature, /*Enabled=*/true, needed);
    }
  for (const auto &feature : featuresOf("x86-64"))
    needed.erase(feature.first());
  needed.erase("sse2"); // part of x86-64 too, but not of LLVM's list
  X86Mask mask{};
  SmallVector<StringRef> unknown;
  for (const auto &feature : needed) {
    bool known = !feature.second; // what is switched off needs no test
    for (const FeatureBits &row : kFeatures)
      if (feature.second && row.feature == feature.first()) {
        mask[size_t(row.word)] |= row.mask;
        known = true;
      }
    if (!known)
      unknown.push_back(feature.first());
  }
  llvm::sort(unknown);
  if (!unknown.empty())
    return llvm::createStringError("there is no run-time test for the features " +
                                   llvm::join(unknown, ", ") + " of '" + cpu + "'");
  return mask;
}
