//===- MergeLoads.cpp - what a thread loads in parts, or again, at once -----------===//

#include "sepconv/IR/Buffer.h"
#include "sepconv/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/TypeSwitch.h"

namespace mlir::sepconv {
#define GEN_PASS_DEF_MERGELOADS
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;
using namespace mlir::sepconv;

namespace {

/// Where an access of a kernel's argument is: so many elements behind an index.
struct LoadAddress {
  Value memref, index;
  int64_t offset = 0;
};

/// The loads of one block of operations.
class BlockMerger {
public:
  explicit BlockMerger(Block &block) : block(block) {}
  void run();

private:
  void note(Operation *load, const LoadAddress &address);
  void merge(ArrayRef<std::pair<int64_t, Operation *>> loads);
  void mergeParts(const std::map<int64_t, Operation *> &byOffset);
  void separate(Value memref);

  Block &block;
  /// By the memory and the index; the first of those that load the same.
  llvm::MapVector<std::pair<Value, Value>, std::map<int64_t, Operation *>> scalars;
  llvm::MapVector<std::tuple<Value, Value, int64_t, Type>, Operation *> vectors;
};

} // namespace

/// Nothing, of what is not one element or some that follow each other.
static std::optional<LoadAddress> addressOf(Operation *op) {
  LoadAddress address;
  if (auto load = dyn_cast<memref::LoadOp>(op); load && load.getIndices().size() == 1)
    address = {load.getMemRef(), load.getIndices().front()};
  else if (auto load = dyn_cast<vector::LoadOp>(op); load && load.getIndices().size() == 1)
    address = {load.getBase(), load.getIndices().front()};
  else
    return std::nullopt;
  // A thread's own arrays become registers.
  if (!isa<BlockArgument>(address.memref))
    return std::nullopt;
  APInt constant;
  if (auto sum = address.index.getDefiningOp<arith::AddIOp>();
      sum && matchPattern(sum.getRhs(), m_ConstantInt(&constant)))
    return LoadAddress{address.memref, sum.getLhs(), constant.getSExtValue()};
  return address;
}

/// What loads before and after an operation may differ in: an argument, any of them (a null value),
/// or nothing. Arguments do not overlap: LLVM is told so too.
static std::optional<Value> separatedBy(Operation *op) {
  if (isPure(op) || isa<memref::LoadOp, vector::LoadOp, memref::AllocaOp>(op))
    return std::nullopt;
  Value stored = TypeSwitch<Operation *, Value>(op)
                     .Case([](memref::StoreOp op) { return op.getMemRef(); })
                     .Case([](vector::StoreOp op) { return op.getBase(); })
                     .Default(Value());
  return stored && !isa<BlockArgument>(stored) ? std::nullopt : std::optional(stored);
}

void BlockMerger::note(Operation *load, const LoadAddress &address) {
  Operation *&first =
      isa<memref::LoadOp>(load)
          ? scalars[{address.memref, address.index}].try_emplace(address.offset, load).first->second
          : vectors
                .try_emplace(
                    {address.memref, address.index, address.offset, load->getResult(0).getType()},
                    load)
                .first->second;
  if (first == load)
    return;
  load->getResult(0).replaceAllUsesWith(first->getResult(0));
  load->erase();
}

/// Replaces loads of elements that follow each other by one of a vector, where the first one is.
void BlockMerger::merge(ArrayRef<std::pair<int64_t, Operation *>> loads) {
  Operation *earliest = loads.front().second;
  for (auto [offset, load] : loads)
    if (load->isBeforeInBlock(earliest))
      earliest = load;
  auto leader = cast<memref::LoadOp>(loads.front().second);
  ImplicitLocOpBuilder b(leader.getLoc(), earliest);
  LoadAddress address = *addressOf(leader);
  Value index = address.index;
  if (leader.getIndices().front() != index)
    index = arith::AddIOp::create(b, index, arith::ConstantIndexOp::create(b, address.offset));
  auto type = VectorType::get(static_cast<int64_t>(loads.size()), leader.getType());
  Value vector = vector::LoadOp::create(b, type, leader.getMemRef(), index, /*nontemporal=*/false,
                                        leader.getMaybeAlign());
  for (auto [position, load] : llvm::enumerate(llvm::make_second_range(loads)))
    load->getResult(0).replaceAllUsesWith(
        vector::ExtractOp::create(b, vector, static_cast<int64_t>(position)));
  for (Operation *load : llvm::make_second_range(loads))
    load->erase();
}

/// Of the loads of one element of an argument, those that follow each other become vectors. How
/// wide they may be is how far they are aligned: at most as the target's widest access (its fact
/// `vector_bytes`), by which buffers are.
void BlockMerger::mergeParts(const std::map<int64_t, Operation *> &byOffset) {
  SmallVector<std::pair<int64_t, Operation *>> loads(byOffset.begin(), byOffset.end());
  while (!loads.empty()) {
    auto first = cast<memref::LoadOp>(loads.front().second);
    int64_t bytes = elementBytes(first.getType());
    llvm::MaybeAlign alignment = first.getMaybeAlign();
    int64_t aligned = alignment ? alignment->value() : bytes;
    size_t width = std::max<int64_t>(aligned / bytes, 1);
    // As many as there are, of a power of two.
    while (width > loads.size() || loads[width - 1].first - loads[0].first >= int64_t(width))
      width /= 2;
    if (width > 1)
      merge(ArrayRef(loads).take_front(width));
    loads.erase(loads.begin(), loads.begin() + width);
  }
}

/// Ends what is known of an argument, or of all.
void BlockMerger::separate(Value memref) {
  auto isOther = [&](Value other) { return memref && memref != other; };
  scalars.remove_if([&](auto &entry) {
    if (isOther(entry.first.first))
      return false;
    mergeParts(entry.second);
    return true;
  });
  vectors.remove_if([&](auto &entry) { return !isOther(std::get<0>(entry.first)); });
}

void BlockMerger::run() {
  for (Operation &op : llvm::make_early_inc_range(block)) {
    if (std::optional<LoadAddress> address = addressOf(&op))
      note(&op, *address);
    else if (std::optional<Value> memref = separatedBy(&op))
      separate(*memref);
  }
  separate({});
}

namespace {
struct MergeLoads : public sepconv::impl::MergeLoadsBase<MergeLoads> {
  void runOnOperation() override {
    getOperation()->walk([](Block *block) { BlockMerger(*block).run(); });
  }
};
} // namespace
