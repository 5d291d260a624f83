//===- ProductCache.cpp - the files of a product that was made before -------------===//

#include "Compilation.h"

#include "mlir/Bytecode/BytecodeWriter.h"

using namespace mlir;
using namespace mlir::sepconv;

/// Texts of stages and remarks come from the stages themselves, and what GPUs run has none of its
/// own yet.
bool Compilation::usesCache() const {
  return cache && !options.outputDirectory.empty() && !options.remarks && gpus.empty() &&
         llvm::none_of(options.emit,
                       [](StringRef what) { return parseStage(what) || isGpuCode(what); });
}

/// By the model whose schedules are chosen, and by all that the stages behind that are told.
std::string Compilation::productKey() const {
  std::string text;
  llvm::raw_string_ostream os(text);
  for (StringRef option :
       {StringRef(stages.name), StringRef(stages.weights), StringRef(stages.threads),
        StringRef(stages.lowering), StringRef(target.name), StringRef(target.triple),
        StringRef(target.cpu), StringRef(target.features)})
    os << option << "\n";
  os << options.unwindTables << "\n";
  for (const auto *list : {&options.emit, &stages.functions}) {
    for (const std::string &item : *list)
      os << item << ",";
    os << "\n";
  }
  return succeeded(writeBytecodeToFile(*module, os)) ? Cache::keyOf(text) : std::string();
}

/// Of each file its name, the number of its bytes, and these.
void Compilation::keepProduct() const {
  std::string entry;
  llvm::raw_string_ostream os(entry);
  for (const auto &[name, contents] : made)
    os << name << "\n" << contents.size() << "\n" << contents;
  cache.put(key, entry);
  cache.trim();
}

/// Makes the files that the cache has; false if it has none.
FailureOr<bool> Compilation::takeProduct() {
  std::optional<std::string> entry = cache.get(key);
  if (!entry || entry->empty())
    return false;
  for (StringRef rest = *entry; !rest.empty();) {
    StringRef name, size;
    size_t bytes = 0;
    std::tie(name, rest) = rest.split('\n');
    std::tie(size, rest) = rest.split('\n');
    if (size.getAsInteger(10, bytes) || bytes > rest.size())
      return false; // no program of ours has written this
    if (failed(addFile(name, rest.take_front(bytes))))
      return failure();
    rest = rest.drop_front(bytes);
  }
  return true;
}
