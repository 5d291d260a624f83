//===- PtxKernels.cpp - what a PTX text says of its kernels -----------------------===//

#include "PtxKernels.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace mlir::sepconv;

namespace {

/// Reads the lines of one kernel.
class KernelReader {
public:
  explicit KernelReader(PtxKernel &kernel) : kernel(kernel) {}
  void read(StringRef line);

private:
  void readDirective(StringRef line);
  void readBranch(StringRef target);

  PtxKernel &kernel;
  std::vector<StringRef> opcodes;
  llvm::StringMap<size_t> labels; // before the opcode of this index
  size_t innerLoopsEnd = 0;       // loops that begin before it have another one within
};

} // namespace

static void count(StringRef opcode, InstructionMix &mix) {
  auto is = [&](StringRef prefix) { return opcode.starts_with(prefix); };
  auto kind = opcode.take_until([](char c) { return c == '.'; });
  bool isFloat = opcode.contains(".f16") || opcode.contains(".f32") || opcode.contains(".f64") ||
                 opcode.contains(".bf16");
  int64_t &number = is("ld.global")                          ? mix.globalLoads
                    : is("st.global")                        ? mix.globalStores
                    : is("ld.shared")                        ? mix.sharedLoads
                    : is("st.shared")                        ? mix.sharedStores
                    : is("ld.local") || is("st.local")       ? mix.localAccesses
                    : is("bar")                              ? mix.barriers
                    : kind == "bra" || kind == "ret"         ? mix.branches
                    : kind == "fma"                          ? mix.fma
                    : isFloat && kind != "mov" && !is("cvt") ? mix.otherFloat
                                                             : mix.integer;
  ++number;
}

/// A branch backwards ends a loop.
void KernelReader::readBranch(StringRef target) {
  auto label = labels.find(target);
  if (label == labels.end() || label->second < innerLoopsEnd)
    return;
  InstructionMix loop;
  for (StringRef opcode : ArrayRef(opcodes).drop_front(label->second))
    count(opcode, loop);
  innerLoopsEnd = opcodes.size();
  if (loop.fma > kernel.mainLoop.fma)
    kernel.mainLoop = loop;
}

void KernelReader::readDirective(StringRef line) {
  if (line.consume_front(".maxnreg"))
    line.trim().consumeInteger(10, kernel.registers);
  int64_t bytes = 0;
  if (line.starts_with(".shared") && !line.split('[').second.consumeInteger(10, bytes))
    kernel.sharedBytes += bytes;
}

void KernelReader::read(StringRef line) {
  line = line.trim();
  if (line.starts_with("."))
    return readDirective(line);
  if (line.starts_with("$")) {
    labels[line.take_until([](char c) { return c == ':'; })] = opcodes.size();
    return;
  }
  if (line.starts_with("@"))
    line = line.drop_until(llvm::isSpace).ltrim();
  StringRef opcode = line.take_until([](char c) { return llvm::isSpace(c) || c == ';'; });
  if (opcode.empty() || !llvm::isAlpha(opcode.front()))
    return;
  opcodes.push_back(opcode);
  count(opcode, kernel.all);
  if (opcode.starts_with("bra"))
    readBranch(line.drop_until(llvm::isSpace).trim().rtrim(';'));
}

std::vector<PtxKernel> sepconv::readKernels(StringRef ptx) {
  std::vector<PtxKernel> kernels;
  SmallVector<StringRef> lines;
  ptx.split(lines, '\n');
  for (size_t i = 0; i < lines.size(); ++i) {
    if (!lines[i].contains(".entry "))
      continue;
    PtxKernel kernel;
    kernel.name = lines[i].split(".entry ").second.take_until([](char c) { return c == '('; });
    KernelReader reader(kernel);
    for (++i; i < lines.size() && lines[i] != "}"; ++i)
      reader.read(lines[i]);
    kernels.push_back(std::move(kernel));
  }
  return kernels;
}
