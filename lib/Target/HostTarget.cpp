//===- HostTarget.cpp - which of the targets this machine is ---------------------===//

#include "HostTarget.h"
#include "sepconv/Product/X86Features.h"
#include "sepconv/Target/CodeGen.h"
#include "sepconv/Target/ResolveTarget.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/Triple.h"

using namespace mlir;
using namespace mlir::sepconv;

/// How many of the features that the machine reports a target has; nothing if one is missing that
/// code for it may use: virtual machines lack AMX, and instructions for systems. Of x86-64 it
/// reports all, of aarch64 only those that are there: then what a target names itself must be among
/// them.
static std::optional<unsigned> countFeatures(const TargetDescription &target,
                                             const llvm::StringMap<bool> &machine) {
  std::string message;
  llvm::Triple triple(target.triple);
  const llvm::Target *backend = llvm::TargetRegistry::lookupTarget(triple, message);
  if (!backend)
    return std::nullopt;
  std::unique_ptr<llvm::MCSubtargetInfo> info(
      backend->createMCSubtargetInfo(triple, target.cpu, target.features));
  unsigned count = 0;
  for (const llvm::SubtargetFeatureKV &feature : info->getEnabledProcessorFeatures()) {
    auto there = machine.find(feature.Key);
    if (there == machine.end())
      continue;
    if (!there->second && isTestedX86Feature(feature.Key))
      return std::nullopt;
    count += there->second;
  }
  for (StringRef feature : llvm::split(target.features, ','))
    if (feature.consume_front("+") && !machine.lookup(feature))
      return std::nullopt;
  return count;
}

llvm::Expected<TargetDescription> sepconv::findHostTarget() {
  initializeLLVMTargets();
  llvm::Triple triple(llvm::sys::getDefaultTargetTriple());
  llvm::StringMap<bool> machine = llvm::sys::getHostCPUFeatures();
  std::optional<TargetDescription> best;
  unsigned most = 0;
  for (const std::string &name : knownTargets()) {
    llvm::Expected<TargetDescription> target = loadTarget(name);
    if (!target)
      return target.takeError();
    if (llvm::Triple(target->triple).getArch() != triple.getArch() || !target->variants.empty() ||
        target->facts.lookup("gpu"))
      continue;
    std::optional<unsigned> count = countFeatures(*target, machine);
    if (!count || (best && *count <= most))
      continue;
    best = std::move(*target);
    most = *count;
  }
  if (!best)
    return llvm::createStringError("no target fits this machine (" + triple.str() + ", " +
                                   llvm::sys::getHostCPUName() + ")");
  return std::move(*best);
}

void sepconv::listTargets(raw_ostream &os) {
  llvm::Expected<TargetDescription> host = findHostTarget();
  std::string hostName = host ? host->name : "";
  if (!host)
    llvm::consumeError(host.takeError());
  for (const std::string &name : knownTargets()) {
    llvm::Expected<TargetDescription> target = loadTarget(name);
    if (!target) { // changed since
      llvm::consumeError(target.takeError());
      continue;
    }
    os << name << (name == hostName ? " (this machine)" : "") << "\n  processor "
       << (target->cpu.empty() ? "any" : target->cpu) << " of " << target->triple;
    if (!target->features.empty())
      os << ", features " << target->features;
    if (!target->parents.empty())
      os << "\n  inherits from " << llvm::join(target->parents, ", ");
    if (!target->variants.empty())
      os << "\n  has the code of " << llvm::join(target->variants, ", ");
    if (!target->integerVariants.empty())
      os << ", and with layers of integers of " << llvm::join(target->integerVariants, ", ");
    SmallVector<std::string> facts;
    for (const auto &fact : target->facts)
      facts.push_back((fact.first() + " = " + Twine(fact.second)).str());
    llvm::sort(facts);
    if (!facts.empty())
      os << "\n  facts " << llvm::join(facts, ", ");
    os << "\n";
  }
}
