//===- Library.cpp - a product's file as a library in this process ---------------===//

#include "Library.h"
#include "sepconv/Support/InputFile.h"
#include "sepconv/Support/OutputFiles.h"
#include "sepconv/Target/SharedLibrary.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/Object/Archive.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/TargetParser/Host.h"

#include <dlfcn.h>

using namespace mlir;
using namespace mlir::sepconv;
using llvm::createStringError;
using llvm::Expected;

namespace object = llvm::object;

/// The prefix of a product's functions, from its symbols.
static Expected<std::string> productName(llvm::MemoryBufferRef buffer, bool shared) {
  Expected<std::unique_ptr<object::ObjectFile>> file =
      object::ObjectFile::createELFObjectFile(buffer);
  if (!file)
    return file.takeError();
  llvm::Triple::ArchType host = llvm::Triple(llvm::sys::getProcessTriple()).getArch();
  if ((*file)->getArch() != host)
    return createStringError("is for " + llvm::Triple::getArchTypeName((*file)->getArch()) +
                             ", this machine is " + llvm::Triple::getArchTypeName(host));
  llvm::StringSet<> names;
  auto collect = [&](auto symbols) {
    for (const auto &symbol : symbols)
      if (Expected<StringRef> name = symbol.getName())
        names.insert(*name);
      else
        llvm::consumeError(name.takeError());
  };
  if (shared)
    collect(cast<object::ELFObjectFileBase>(**file).getDynamicSymbolIterators());
  else
    collect((*file)->symbols());
  for (StringRef name : names.keys())
    // What has a NAME_create too is the part of a product for GPUs.
    if (name.consume_back("_description") && names.contains((name + "_run").str()) &&
        !names.contains((name + "_create").str()))
      return name.str();
  return createStringError("is not a product of sepconv: it has no NAME_description and NAME_run");
}

/// Of the object in an archive that is a product's, beside which there may be one for GPUs.
static Expected<std::string> productNameInArchive(llvm::MemoryBufferRef buffer) {
  llvm::Error error = llvm::Error::success();
  object::Archive archive(buffer, error);
  if (error)
    return std::move(error);
  llvm::Error wrong = llvm::Error::success();
  for (const object::Archive::Child &child : archive.children(error)) {
    Expected<llvm::MemoryBufferRef> member = child.getMemoryBufferRef();
    Expected<std::string> name =
        member ? productName(*member, /*shared=*/false) : member.takeError();
    llvm::consumeError(std::move(wrong));
    if (name) {
      llvm::consumeError(std::move(error));
      return name;
    }
    wrong = name.takeError();
  }
  if (error)
    return llvm::joinErrors(std::move(wrong), std::move(error));
  if (wrong)
    return std::move(wrong);
  return createStringError("is an archive without an object");
}

static Expected<void *> openShared(StringRef path) {
  if (void *handle = dlopen(path.str().c_str(), RTLD_NOW | RTLD_LOCAL))
    return handle;
  return createStringError(std::string("cannot be loaded: ") + dlerror());
}

/// Links an object or an archive and opens the result, of which no file stays behind.
static Expected<void *> openObject(StringRef name, StringRef bytes) {
  SmallVector<char, 0> shared;
  if (llvm::Error error =
          linkSharedLibrary(name, ArrayRef<char>(bytes.data(), bytes.size()), shared))
    return std::move(error);
  SmallString<128> path;
  if (std::error_code code = llvm::sys::fs::createTemporaryFile("sepconv", "so", path))
    return createStringError(code, "cannot make a temporary file: " + code.message());
  llvm::FileRemover remove(path);
  OutputFiles file;
  if (llvm::Error error = file.add(path, shared))
    return std::move(error);
  if (llvm::Error error = file.keep())
    return std::move(error);
  return openShared(path);
}

static Expected<void *> openAny(StringRef path, llvm::MemoryBufferRef buffer, std::string &name) {
  llvm::file_magic magic = llvm::identify_magic(buffer.getBuffer());
  bool shared = magic == llvm::file_magic::elf_shared_object;
  bool archive = magic == llvm::file_magic::archive;
  if (!shared && !archive && magic != llvm::file_magic::elf_relocatable)
    return createStringError("is neither an object nor a library");
  Expected<std::string> found =
      archive ? productNameInArchive(buffer) : productName(buffer, shared);
  if (!found)
    return found.takeError();
  name = *found;
  SmallString<128> absolute(path); // a name without a slash would be looked for elsewhere
  llvm::sys::fs::make_absolute(absolute);
  return shared ? openShared(absolute) : openObject(name, buffer.getBuffer());
}

Expected<Library> Library::open(StringRef path) {
  Expected<std::unique_ptr<llvm::MemoryBuffer>> buffer = readInputFile(path);
  if (!buffer)
    return createStringError("cannot read '" + path + "': " + llvm::toString(buffer.takeError()));
  Library library;
  Expected<void *> handle = openAny(path, **buffer, library.name);
  if (!handle)
    return createStringError("'" + path + "' " + llvm::toString(handle.takeError()));
  library.handle = *handle;
  return library;
}

Library::~Library() {
  if (handle)
    dlclose(handle);
}

void *Library::lookup(StringRef function) const {
  return dlsym(handle, (name + "_" + function).str().c_str());
}
