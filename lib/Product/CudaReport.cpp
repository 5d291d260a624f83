//===- CudaReport.cpp - what the report says of GPUs ------------------------------===//

#include "PtxKernels.h"
#include "sepconv/Product/Cuda.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::sepconv;

static void write(llvm::json::OStream &json, StringRef name, const InstructionMix &mix) {
  json.attributeObject(name, [&] {
    json.attribute("fma", mix.fma);
    json.attribute("other_float", mix.otherFloat);
    json.attribute("integer", mix.integer);
    json.attribute("global_loads", mix.globalLoads);
    json.attribute("global_stores", mix.globalStores);
    json.attribute("shared_loads", mix.sharedLoads);
    json.attribute("shared_stores", mix.sharedStores);
    json.attribute("local_accesses", mix.localAccesses);
    json.attribute("barriers", mix.barriers);
    json.attribute("branches", mix.branches);
  });
}

/// The least number of blocks that a multiprocessor has room for at once, as far as the budget of
/// registers says.
static int64_t residentBlocks(const Facts &facts, const KernelLaunch &launch,
                              const PtxKernel &kernel) {
  int64_t threads = launch.threads[0] * launch.threads[1] * launch.threads[2];
  int64_t warp = facts.lookup("warp"), warps = llvm::divideCeil(threads, warp);
  int64_t registers = kernel.registers ? kernel.registers : facts.lookup("registers");
  int64_t ofWarp = llvm::alignTo(registers, facts.lookup("register_unit")) * warp;
  return std::min({facts.lookup("registers_per_sm") / (ofWarp * warps),
                   facts.lookup("threads_per_sm") / (warps * warp), facts.lookup("blocks_per_sm"),
                   facts.lookup("shared_bytes_per_sm") /
                       (kernel.sharedBytes + facts.lookup("reserved_shared_bytes"))});
}

/// The schedule of the kernel that a launch is a part of.
static StringRef scheduleOf(const CudaCode &code, StringRef launch) {
  StringRef schedule, longest;
  for (const KernelInterface &kernel : code.kernels)
    if (launch.starts_with(kernel.name) && kernel.name.size() >= longest.size())
      std::tie(schedule, longest) = std::pair(StringRef(kernel.schedule), StringRef(kernel.name));
  return schedule;
}

/// A number, or how it follows from the dynamic sizes.
static llvm::json::Value shown(const SizeFormula &formula, ArrayRef<std::string> sizes) {
  if (std::optional<int64_t> number = formula.constant())
    return *number;
  return formula.text(sizes);
}

static void write(llvm::json::OStream &json, const CudaCode &code, const KernelLaunch &launch,
                  const PtxKernel &kernel, ArrayRef<std::string> sizes) {
  json.object([&] {
    json.attribute("kernel", launch.kernel);
    if (StringRef schedule = scheduleOf(code, launch.kernel); !schedule.empty())
      json.attribute("schedule", schedule);
    llvm::json::Array grid;
    for (const SizeFormula &blocks : launch.blocks)
      grid.push_back(shown(blocks, sizes));
    json.attribute("grid", std::move(grid));
    json.attribute("block", llvm::json::Array(launch.threads));
    json.attribute("shared_bytes", kernel.sharedBytes);
    if (kernel.registers)
      json.attribute("registers_at_most", kernel.registers);
    json.attribute("blocks_per_sm", residentBlocks(code.facts, launch, kernel));
    write(json, "instructions", kernel.all);
    if (kernel.mainLoop.fma)
      write(json, "main_loop", kernel.mainLoop);
  });
}

std::string CudaPart::report() const {
  std::string text;
  llvm::raw_string_ostream stream(text);
  llvm::json::OStream json(stream);
  std::vector<std::string> sizes;
  for (const SizeInterface &size : product.model.sizes)
    sizes.push_back(size.name);
  json.object([&] {
    json.attribute("weights_bytes", weightsBytes());
    json.attribute("workspace_bytes", workspaceBytes());
    json.attributeArray("chips", [&] {
      for (const CudaCode &code : codes)
        json.object([&] {
          std::vector<PtxKernel> kernels = readKernels(code.ptx);
          json.attribute("chip", code.chip);
          json.attributeArray("launches", [&] {
            for (const KernelLaunch &launch : code.launches) {
              if (launch.kernel.empty()) {
                json.object(
                    [&] { json.attribute("copied_bytes", shown(launch.copiedBytes, sizes)); });
                continue;
              }
              auto kernel = llvm::find_if(
                  kernels, [&](const PtxKernel &k) { return k.name == launch.kernel; });
              write(json, code, launch, kernel == kernels.end() ? PtxKernel() : *kernel, sizes);
            }
          });
        });
    });
  });
  return text;
}
