//===- TargetDescription.cpp - the machines that code can be made for ------------===//

#include "sepconv/Schedule/TargetDescription.h"
#include "sepconv/IR/ParseFile.h"
#include "sepconv/Schedule/Schedule.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/TargetParser/Triple.h"

using namespace mlir;
using namespace mlir::sepconv;
namespace path = llvm::sys::path;
namespace fs = llvm::sys::fs;

std::string sepconv::schedulesRoot() {
  if (std::optional<std::string> root = llvm::sys::Process::GetEnv("SEPCONV_SCHEDULES"))
    return *root;
  static int anchor;
  SmallString<128> root(fs::getMainExecutable(nullptr, &anchor));
  path::remove_filename(root);
  path::append(root, "..", "share", "sepconv", "schedules");
  path::remove_dots(root, /*remove_dot_dot=*/true);
  return root.str().str();
}

static std::string targetFile(StringRef name) {
  SmallString<128> file(schedulesRoot());
  path::append(file, name, "target.mlir");
  return file.str().str();
}

static llvm::Error makeError(const llvm::Twine &text) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), text);
}

/// Takes from a target what is not known yet.
static void inherit(TargetDescription &target, schedule::TargetOp op) {
  for (NamedAttribute entry : op.getDescription()) {
    StringRef name = entry.getName();
    if (auto number = dyn_cast<IntegerAttr>(entry.getValue()))
      target.facts.try_emplace(name, number.getInt());
    else if (auto list = dyn_cast<ArrayAttr>(entry.getValue())) {
      auto &variants = name == "variants" ? target.variants : target.integerVariants;
      if (variants.empty())
        for (StringRef variant : list.getAsValueRange<StringAttr>())
          variants.push_back(variant.str());
    } else if (auto text = dyn_cast<StringAttr>(entry.getValue())) {
      std::string &field = name == "triple" ? target.triple
                           : name == "cpu"  ? target.cpu
                                            : target.features;
      if (field.empty())
        field = text.str();
    }
  }
}

static llvm::Expected<TargetDescription> load(StringRef name,
                                              llvm::function_ref<std::vector<std::string>()> known);

/// "; did you mean aarch64" for arm64, another name of an architecture.
static std::string ofThisArchitecture(StringRef name, ArrayRef<std::string> known) {
  llvm::Triple::ArchType arch = llvm::Triple(name.split('-').first).getArch();
  std::string meant;
  for (const std::string &target : known) {
    auto description = load(target, [] { return std::vector<std::string>(); });
    if (!description)
      llvm::consumeError(description.takeError()); // "host"
    else if (arch && llvm::Triple(description->triple).getArch() == arch)
      meant += (meant.empty() ? "; did you mean " : " or ") + target;
  }
  return meant;
}

/// Reads a target and its parents; `known` is for the error about one that does not exist.
static llvm::Expected<TargetDescription>
load(StringRef name, llvm::function_ref<std::vector<std::string>()> known) {
  MLIRContext context(MLIRContext::Threading::DISABLED);
  context.loadDialect<schedule::ScheduleDialect>();
  std::string problems;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    llvm::raw_string_ostream(problems) << diagnostic.getLocation() << ": " << diagnostic << "\n";
  });
  TargetDescription target;
  target.name = name.str();
  std::string next = name.str();
  while (!next.empty()) {
    std::string file = targetFile(next);
    bool isName = !next.empty() && llvm::all_of(next, [](char c) {
      return llvm::isAlnum(c) || c == '-' || c == '_' || c == '.';
    });
    if (!isName || !fs::exists(file)) {
      std::vector<std::string> names = known();
      return makeError("unknown target '" + next + "', " +
                       (names.empty() ? "there are none in " + schedulesRoot()
                                      : "expected one of " + llvm::join(names, ", ") +
                                            ofThisArchitecture(next, names)));
    }
    OwningOpRef<ModuleOp> module = parseModuleFile(file, &context);
    if (!module)
      return makeError("cannot read the target " + next + ":\n" + StringRef(problems).rtrim());
    auto targets = module->getOps<schedule::TargetOp>();
    if (targets.empty() || (*targets.begin()).getSymName() != next)
      return makeError(file + ": expected one schedule.target with the name of its folder, '" +
                       next + "'");
    schedule::TargetOp op = *targets.begin();
    inherit(target, op);
    next = op.getParent() ? op.getParent()->str() : "";
    if (llvm::is_contained(target.parents, next) || next == name)
      return makeError(file + ": target '" + next + "' is its own ancestor");
    if (!next.empty())
      target.parents.push_back(next);
  }
  return target;
}

llvm::Expected<TargetDescription> sepconv::loadTarget(StringRef name, bool orHost) {
  return load(name, [&] {
    std::vector<std::string> names = knownTargets();
    if (orHost)
      names.insert(names.begin(), "host");
    return names;
  });
}

std::vector<std::string> sepconv::knownTargets() {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator it(schedulesRoot(), error), end; it != end && !error;
       it.increment(error)) {
    std::string name = path::filename(it->path()).str();
    if (!fs::exists(targetFile(name)))
      continue;
    auto target = load(name, [] { return std::vector<std::string>(); });
    if (!target)
      llvm::consumeError(target.takeError()); // an error for whoever asks for it
    else if (!target->triple.empty())
      names.push_back(name);
  }
  llvm::sort(names);
  return names;
}
