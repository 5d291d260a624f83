//===- PlanMemory.cpp - give every tensor of the entry its place in memory -------===//

#include "EntryPlan.h"
#include "sepconv/Passes.h"
#include "sepconv/Product/ModelInterface.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/xxhash.h"

namespace mlir::sepconv {
#define GEN_PASS_DEF_PLANMEMORY
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;
using namespace mlir::sepconv;

/// The memory of tasks comes behind everything else, so that there can be any number of slots.
static void addSlot(ModuleOp module, ModelInterface &interface) {
  int64_t most = 0;
  for (func::FuncOp kernel : module.getOps<func::FuncOp>())
    most = std::max(most, taskBytes(kernel));
  if (!most)
    return;
  interface.threadBytes = kSlotFlagBytes + most;
  interface.workspaceBytes += kSlotsHeaderBytes + interface.threadBytes;
}

/// A file of weights ends with what tells it from others: a hash of its contents, of where they
/// belong, and of the target and the kernels that they are packed for.
static void identifyWeights(ModuleOp module, ArrayRef<EntryPlan> plans, WeightsBlob &blob,
                            ModelInterface &interface) {
  std::string text(blob.bytes().begin(), blob.bytes().end());
  llvm::raw_string_ostream os(text);
  os << module->getAttr("sepconv.target") << "\n";
  for (const EntryPlan &plan : plans)
    func::FuncOp(plan.entry).walk([&](CallOp call) {
      os << call.getCallee() << " " << plan.buffers.kernelOf(call).getFunctionType();
      for (OpOperand &operand : call->getOpOperands())
        if (auto weight = plan.weights.find(&operand); weight != plan.weights.end())
          os << " " << weight->second;
      os << "\n";
    });
  llvm::XXH128_hash_t hash = llvm::xxh3_128bits(llvm::arrayRefFromStringRef(text));
  interface.weightsIdentity = {int64_t(hash.low64), int64_t(hash.high64)};
  std::array<char, kIdentityBytes> bytes; // of a machine of either byte order
  llvm::support::endian::write64le(bytes.data(), hash.low64);
  llvm::support::endian::write64le(bytes.data() + 8, hash.high64);
  blob.add(bytes);
}

/// The blob as a constant of the module.
static void addWeights(ModuleOp module, ArrayRef<char> bytes) {
  OpBuilder b = OpBuilder::atBlockBegin(module.getBody());
  int64_t size = bytes.size();
  auto type = RankedTensorType::get({size}, b.getI8Type());
  memref::GlobalOp::create(b, module.getLoc(), kWeightsSymbol, b.getStringAttr("private"),
                           MemRefType::get({size}, b.getI8Type()),
                           DenseElementsAttr::getFromRawBuffer(type, bytes),
                           /*constant=*/true, b.getI64IntegerAttr(kBufferAlignment));
}

namespace {
struct PlanMemoryPass : public sepconv::impl::PlanMemoryBase<PlanMemoryPass> {
  using PlanMemoryBase::PlanMemoryBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (ModelInterface::isIn(module))
      return; // planned before
    SymbolTable symbols(module);
    ModelInterface interface;
    WeightsBlob blob;
    std::vector<EntryPlan> plans;
    for (func::FuncOp entry : module.getOps<func::FuncOp>()) {
      if (entry.isPrivate() || entry.isExternal())
        continue;
      if (failed(checkEntry(entry, symbols)))
        return signalPassFailure();
      FailureOr<EntryPlan> plan = planEntry(entry, symbols, blob);
      if (failed(plan))
        return signalPassFailure();
      // Entries for several targets look the same from outside.
      if (plans.empty()) {
        describeEntry(entry, interface);
      } else if (!entry->hasAttr("sepconv.target")) {
        entry.emitError("is a second public function, expected only one, the entry of the model");
        return signalPassFailure();
      }
      interface.workspaceBytes = std::max(interface.workspaceBytes, plan->workspaceBytes);
      plans.push_back(std::move(*plan));
    }
    if (plans.empty()) {
      module.emitError("expected a public function, the entry of the model");
      return signalPassFailure();
    }
    addSlot(module, interface);
    if (weights == "file" && !blob.bytes().empty())
      identifyWeights(module, plans, blob, interface);
    interface.weightsBytes = blob.bytes().size();
    describeKernels(module, interface);
    for (const EntryPlan &plan : plans)
      describeCalls(plan, interface);
    for (const EntryPlan &plan : plans)
      rewriteEntry(plan, interface);
    if (interface.weightsBytes > 0)
      addWeights(module, blob.bytes());
    interface.set(module);
  }
};
} // namespace
