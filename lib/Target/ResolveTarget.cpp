//===- ResolveTarget.cpp - the machine that the user asks for --------------------===//

#include "sepconv/Target/ResolveTarget.h"
#include "HostTarget.h"
#include "sepconv/Schedule/DotInstruction.h"
#include "sepconv/Target/CodeGen.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/Triple.h"

using namespace mlir;
using namespace mlir::sepconv;

static llvm::Error makeError(const llvm::Twine &text) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), text);
}

/// The best of the known targets for this machine, for exactly its processor.
static llvm::Expected<TargetDescription> hostTarget() {
  llvm::Expected<TargetDescription> found = findHostTarget();
  if (!found)
    return found.takeError();
  TargetDescription target = std::move(*found);
  target.cpu = llvm::sys::getHostCPUName().str();
  SmallVector<std::string> list;
  for (const auto &feature : llvm::sys::getHostCPUFeatures())
    list.push_back((feature.second ? "+" : "-") + feature.first().str());
  llvm::sort(list);
  if (!target.features.empty())
    list.push_back(target.features);
  target.features = llvm::join(list, ",");
  return target;
}

/// The names of a table that are most like another one; LLVM knows hundreds.
template <typename Table> static std::string similar(StringRef name, const Table &table) {
  constexpr size_t count = 8;
  SmallVector<std::pair<unsigned, StringRef>> names;
  for (const auto &entry : table)
    names.push_back({StringRef(entry.Key).edit_distance(name), entry.Key});
  llvm::sort(names);
  SmallVector<StringRef> nearest;
  for (auto &[distance, known] : ArrayRef(names).take_front(std::min(count, names.size())))
    nearest.push_back(known);
  return "of the " + std::to_string(names.size()) + " that there are, the most similar are " +
         llvm::join(nearest, ", ");
}

/// Checks names of processors and features against what LLVM knows.
static llvm::Error check(const TargetDescription &target) {
  initializeLLVMTargets();
  std::string message;
  llvm::Triple triple(target.triple);
  const llvm::Target *backend = llvm::TargetRegistry::lookupTarget(triple, message);
  if (!backend)
    return makeError("target '" + target.name + "': " + message);
  std::unique_ptr<llvm::MCSubtargetInfo> info(backend->createMCSubtargetInfo(triple, "", ""));
  if (!info->isCPUStringValid(target.cpu))
    return makeError("unknown processor '" + target.cpu + "' for target '" + target.name + "'; " +
                     similar(target.cpu, info->getAllProcessorDescriptions()));
  for (StringRef feature : llvm::split(target.features, ',')) {
    if (feature.empty())
      continue;
    if (feature.front() != '+' && feature.front() != '-')
      return makeError("feature '" + feature + "' must start with + or -");
    if (llvm::none_of(info->getAllProcessorFeatures(),
                      [&](const auto &known) { return feature.drop_front() == known.Key; }))
      return makeError("unknown feature '" + feature.drop_front() + "' for target '" + target.name +
                       "'; " + similar(feature.drop_front(), info->getAllProcessorFeatures()));
  }
  return llvm::Error::success();
}

/// Checks that the processor still has the instructions that the target's schedules use.
static llvm::Error checkInstructions(const TargetDescription &target) {
  std::string message;
  llvm::Triple triple(target.triple);
  const llvm::Target *backend = llvm::TargetRegistry::lookupTarget(triple, message);
  std::unique_ptr<llvm::MCSubtargetInfo> info(
      backend->createMCSubtargetInfo(triple, target.cpu, target.features));
  for (const DotInstruction &instruction : dotInstructions())
    if (target.facts.lookup((instruction.name + "_terms").str()) &&
        !info->checkFeatures(("+" + instruction.feature).str()))
      return makeError("target '" + target.name + "' has schedules with the instruction " +
                       instruction.name + ", which needs the feature " + instruction.feature +
                       "; compile for another target without it");
  return llvm::Error::success();
}

/// Checks the targets that one product is to hold the code of.
static llvm::Error checkVariants(const TargetDescription &target) {
  for (const std::string &name :
       llvm::concat<const std::string>(target.integerVariants, target.variants)) {
    llvm::Expected<TargetDescription> variant = loadTarget(name);
    if (!variant)
      return variant.takeError();
    if (variant->triple != target.triple || !variant->variants.empty())
      return makeError("variant '" + name + "' of target '" + target.name +
                       "' must be a single target for " + target.triple);
    if (llvm::Error error = check(*variant))
      return error;
  }
  return llvm::Error::success();
}

llvm::Expected<TargetDescription> sepconv::resolveTarget(StringRef name, StringRef cpu,
                                                         StringRef features) {
  llvm::Expected<TargetDescription> found =
      name == "host" ? hostTarget() : loadTarget(name, /*orHost=*/true);
  if (!found)
    return found.takeError();
  TargetDescription target = std::move(*found);
  if (target.triple.empty())
    return makeError("target '" + name + "' has no triple: it is a base for other targets");
  if (!target.variants.empty() && !(cpu.empty() && features.empty()))
    return makeError("target '" + name + "' has the variants " + llvm::join(target.variants, ", ") +
                     "; --cpu and --features require a target without variants");
  if (llvm::Error error = checkVariants(target))
    return std::move(error);
  if (!cpu.empty())
    target.cpu = cpu.str();
  // Later features win over earlier ones.
  if (!features.empty())
    target.features += (target.features.empty() ? "" : ",") + features.str();
  // What this machine reports is not checked: a newer kernel may know more than this LLVM.
  if (name != "host" || !cpu.empty() || !features.empty())
    if (llvm::Error error = check(target))
      return std::move(error);
  if (!(cpu.empty() && features.empty()))
    if (llvm::Error error = checkInstructions(target))
      return std::move(error);
  return target;
}
