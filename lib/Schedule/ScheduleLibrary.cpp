//===- ScheduleLibrary.cpp - the schedules that there are for a target -----------===//

#include "ScheduleLibrary.h"

#include "mlir/Parser/Parser.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace mlir::sepconv;
namespace path = llvm::sys::path;
namespace fs = llvm::sys::fs;

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
  for (const std::string &name : names) {
    OwningOpRef<ModuleOp> file = parseSourceFile<ModuleOp>(name, ParserConfig(context));
    if (!file) {
      failedAny = true;
      continue;
    }
    llvm::append_range(all, file->getOps<schedule::ScheduleOp>());
    files.push_back(std::move(file));
  }
  return failure(failedAny);
}

FailureOr<ScheduleLibrary> ScheduleLibrary::load(const TargetDescription &target,
                                                 StringRef userFolder, MLIRContext *context) {
  ScheduleLibrary library;
  bool failedAny = false;
  if (!userFolder.empty())
    failedAny |= failed(library.addFolder(userFolder, context));
  std::vector<std::string> folders{target.name};
  llvm::append_range(folders, target.parents);
  for (const std::string &name : folders) {
    SmallString<128> folder(schedulesRoot());
    path::append(folder, name);
    failedAny |= failed(library.addFolder(folder, context));
  }
  if (failedAny)
    return failure();
  return library;
}
