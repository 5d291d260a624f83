//===- SharedLibrary.cpp - objects linked as a shared library --------------------===//

#include "sepconv/Target/SharedLibrary.h"
#include "RunProgram.h"

#include "lld/Common/Driver.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/Object/Archive.h"
#include "llvm/Object/ObjectFile.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace mlir;
using namespace mlir::sepconv;

LLD_HAS_DRIVER(elf)

/// lld resets the options of the process to their defaults. Those that it does not know of keep
/// what the command line says.
static void keepOptions() {
  llvm::cl::SubCommand &known = llvm::cl::SubCommand::getTopLevel();
  SmallVector<llvm::cl::Option *> options;
  llvm::append_range(options, known.PositionalOpts);
  llvm::append_range(options, known.SinkOpts);
  for (const auto &entry : known.OptionsMap)
    options.push_back(entry.second);
  for (llvm::cl::Option *option : options)
    option->removeArgument();
}

/// Links one file by lld, in this process: for every target, and without a linker on the machine.
static llvm::Error link(ArrayRef<StringRef> options, ArrayRef<char> input,
                        SmallVectorImpl<char> &output) {
  std::string from, to, messages;
  llvm::Expected<TemporaryFile> removeInput = makeTemporary("a", input, from);
  if (!removeInput)
    return removeInput.takeError();
  llvm::Expected<TemporaryFile> removeOutput = makeTemporary("so", {}, to);
  if (!removeOutput)
    return removeOutput.takeError();
  std::vector<std::string> words{"ld.lld", "--threads=1", "-o", to};
  words.insert(words.end(), options.begin(), options.end());
  words.push_back(from);
  SmallVector<const char *> arguments;
  for (const std::string &word : words)
    arguments.push_back(word.c_str());
  keepOptions();
  llvm::raw_string_ostream said(messages);
  lld::Result result = lld::lldMain(arguments, said, said, {{lld::Gnu, &lld::elf::link}});
  if (result.retCode)
    return llvm::createStringError("cannot link a shared library:\n" +
                                   StringRef(messages).rtrim().str());
  auto made = llvm::MemoryBuffer::getFile(to, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!made)
    return llvm::createStringError(made.getError(),
                                   "cannot read '" + to + "': " + made.getError().message());
  llvm::append_range(output, (*made)->getBuffer());
  return llvm::Error::success();
}

/// The functions that an object refers to and does not define, and that C's library has.
static void collectFunctions(const llvm::object::Binary &binary, llvm::StringSet<> &names) {
  const auto *object = llvm::dyn_cast<llvm::object::ObjectFile>(&binary);
  if (!object)
    return;
  llvm::TargetLibraryInfoImpl library(object->makeTriple());
  for (const llvm::object::SymbolRef &symbol : object->symbols()) {
    llvm::Expected<uint32_t> flags = symbol.getFlags();
    llvm::Expected<StringRef> name = symbol.getName();
    llvm::LibFunc function;
    if (flags && name && (*flags & llvm::object::SymbolRef::SF_Undefined) &&
        library.getLibFunc(*name, function))
      names.insert(*name);
    if (!flags)
      llvm::consumeError(flags.takeError());
    if (!name)
      llvm::consumeError(name.takeError());
  }
}

/// Those of libm: of the rest of C's library, which every program has, there are memcpy and the
/// like.
static llvm::Expected<SmallVector<std::string>> libmFunctions(ArrayRef<char> library) {
  llvm::MemoryBufferRef buffer(StringRef(library.data(), library.size()), "");
  llvm::Expected<std::unique_ptr<llvm::object::Binary>> binary = llvm::object::createBinary(buffer);
  if (!binary)
    return binary.takeError();
  llvm::StringSet<> names;
  collectFunctions(**binary, names);
  if (const auto *archive = llvm::dyn_cast<llvm::object::Archive>(binary->get())) {
    llvm::Error error = llvm::Error::success();
    for (const llvm::object::Archive::Child &child : archive->children(error)) {
      llvm::Expected<std::unique_ptr<llvm::object::Binary>> member = child.getAsBinary();
      if (!member)
        return llvm::joinErrors(std::move(error), member.takeError());
      collectFunctions(**member, names);
    }
    if (error)
      return std::move(error);
  }
  SmallVector<std::string> functions;
  for (StringRef name : names.keys())
    if (!name.starts_with("mem"))
      functions.push_back(name.str());
  llvm::sort(functions);
  return functions;
}

llvm::Error sepconv::linkSharedLibrary(StringRef name, ArrayRef<char> library,
                                       SmallVectorImpl<char> &output) {
  llvm::Expected<SmallVector<std::string>> functions = libmFunctions(library);
  if (!functions)
    return functions.takeError();
  std::string soname = sharedLibraryName(name), libm;
  SmallVector<StringRef> options = {"-shared", "-soname", soname};
  TemporaryFile file;
  if (!functions->empty()) {
    // What another library needs is what is linked with it. That of the target may not be on this
    // machine: one with the same name and the same functions says as much.
    SmallVector<StringRef> stubOptions = {"-shared", "-soname", "libm.so.6"};
    for (std::string &function : *functions)
      stubOptions.append({"--defsym", function += "=0"});
    SmallVector<char, 0> stub;
    if (llvm::Error error = link(stubOptions, library, stub))
      return error;
    llvm::Expected<TemporaryFile> temporary = makeTemporary("so", stub, libm);
    if (!temporary)
      return temporary.takeError();
    file = std::move(*temporary);
    options.push_back(libm);
  }
  options.push_back("--whole-archive");
  return link(options, library, output);
}
