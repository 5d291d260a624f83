//===- ScheduleLibrary.cpp - the schedules that there are for a target -----------===//

#include "ScheduleLibrary.h"
#include "ExpandUses.h"
#include "sepconv/IR/ParseFile.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace mlir::sepconv;
namespace path = llvm::sys::path;
namespace fs = llvm::sys::fs;

static std::vector<StringRef> sortedKeys(const llvm::StringSet<> &set) {
  std::vector<StringRef> keys(set.keys().begin(), set.keys().end());
  llvm::sort(keys);
  return keys;
}

LogicalResult ScheduleLibrary::addFolder(StringRef folder, MLIRContext *context) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; it != end && !error; it.increment(error))
    if (path::extension(it->path()) == ".mlir" && path::filename(it->path()) != "target.mlir")
      names.push_back(it->path());
  if (error)
    return emitError(UnknownLoc::get(context))
           << "cannot read the schedules in '" << folder << "': " << error.message();
  llvm::sort(names);
  bool failedAny = false;
  llvm::StringMap<schedule::DefineOp> own;
  for (const std::string &name : names) {
    OwningOpRef<ModuleOp> file = parseModuleFile(name, context);
    if (!file) {
      failedAny = true;
      continue;
    }
    llvm::append_range(all, file->getOps<schedule::ScheduleOp>());
    llvm::append_range(choices, file->getOps<schedule::ChooseOp>());
    for (auto definition : file->getOps<schedule::DefineOp>()) {
      auto [earlier, isNew] = own.try_emplace(definition.getSymName(), definition);
      definitions.try_emplace(definition.getSymName(), definition);
      if (isNew)
        continue;
      InFlightDiagnostic diag = definition.emitOpError() << "S15: the folder defines @"
                                                         << definition.getSymName() << " twice";
      diag.attachNote(earlier->second.getLoc()) << "first here";
      failedAny = true;
    }
    files.push_back(std::move(file));
  }
  return failure(failedAny);
}

FailureOr<ScheduleLibrary> ScheduleLibrary::load(ModuleOp module, StringRef target,
                                                 StringRef userFolder, StringRef threads) {
  llvm::Expected<TargetDescription> description = loadTarget(target);
  if (!description)
    return module.emitError() << llvm::toString(description.takeError()), failure();
  ScheduleLibrary library;
  library.machine = description->facts;
  library.machine["threads"] = threads == "none" ? 0 : 1;
  std::vector<std::string> folders{description->name};
  llvm::append_range(folders, description->parents);
  for (std::string &name : folders) {
    SmallString<128> folder(schedulesRoot());
    path::append(folder, name);
    name = folder.str().str();
  }
  if (!userFolder.empty())
    folders.insert(folders.begin(), userFolder.str());
  bool failedAny = false;
  for (const std::string &folder : folders) {
    failedAny |= failed(library.addFolder(folder, module.getContext()));
    if (folder == userFolder)
      library.users = library.all.size();
  }
  for (schedule::ScheduleOp schedule : library.all)
    failedAny |= failed(expandUses(schedule, library.definitions));
  failedAny |= failed(library.checkChoices());
  if (failedAny)
    return failure();
  return library;
}

/// S19: a choice names a schedule, and parameters of its searches.
LogicalResult ScheduleLibrary::checkChoices() {
  bool failedAny = false;
  for (schedule::ChooseOp choice : choices) {
    auto schedule = llvm::find_if(all, [&](schedule::ScheduleOp schedule) {
      return schedule.getSymName() == choice.getSchedule();
    });
    if (schedule == all.end()) {
      choice.emitOpError("S19: no schedule of the target is called @") << choice.getSchedule();
      failedAny = true;
      continue;
    }
    llvm::StringSet<> searched;
    for (auto search : schedule->getBody().getOps<schedule::SearchOp>())
      for (StringRef name : search.getNames().getAsValueRange<StringAttr>())
        searched.insert(name);
    for (NamedAttribute parameter : choice.getParameters())
      if (!searched.contains(parameter.getName())) {
        choice.emitOpError("S19: @")
            << choice.getSchedule() << " does not search for \"" << parameter.getName().strref()
            << "\", but for \"" << llvm::join(sortedKeys(searched), "\", \"") << "\"";
        failedAny = true;
      }
  }
  return failure(failedAny);
}

FailureOr<schedule::ChooseOp> ScheduleLibrary::chosen(schedule::ScheduleOp schedule,
                                                      const Facts &facts) const {
  for (schedule::ChooseOp choice : choices) {
    if (choice.getSchedule() != schedule.getSymName())
      continue;
    std::string problem;
    std::optional<int64_t> holds = evaluate(choice.getCondition().value_or("1"), facts, problem);
    if (!holds)
      return choice->emitOpError() << problem;
    if (*holds)
      return choice;
  }
  return schedule::ChooseOp();
}

SmallVector<schedule::ScheduleOp> ScheduleLibrary::schedules(ArrayRef<StringRef> pattern) const {
  SmallVector<schedule::ScheduleOp> found;
  for (schedule::ScheduleOp schedule : all)
    if (llvm::equal(schedule.getPattern().getAsValueRange<StringAttr>(), pattern))
      found.push_back(schedule);
  return found;
}
