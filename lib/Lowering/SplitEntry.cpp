//===- SplitEntry.cpp - an entry of many calls to functions of a few each ---------===//

#include "sepconv/IR/SepConv.h"
#include "sepconv/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/SetVector.h"

namespace mlir::sepconv {
#define GEN_PASS_DEF_SPLITENTRY
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;
using namespace mlir::sepconv;

namespace {
/// A function of some calls. What they compute their operands by is computed in it again, from
/// arguments of the entry.
class Part {
public:
  explicit Part(ArrayRef<Operation *> calls) : calls(calls) {
    for (Operation *call : calls)
      need(call);
  }
  void create(func::FuncOp entry, SymbolTable &symbols);

private:
  void need(Operation *op);

  ArrayRef<Operation *> calls;
  llvm::SetVector<Value> arguments;
  llvm::SetVector<Operation *> operations; // each after those whose results it reads
};
} // namespace

void Part::need(Operation *op) {
  if (operations.contains(op))
    return;
  for (Value operand : op->getOperands()) {
    if (Operation *producer = operand.getDefiningOp())
      need(producer);
    else
      arguments.insert(operand);
  }
  operations.insert(op);
}

void Part::create(func::FuncOp entry, SymbolTable &symbols) {
  OpBuilder builder(entry);
  SmallVector<Type> types(ValueRange(arguments.getArrayRef()).getTypes());
  auto part = func::FuncOp::create(builder, entry.getLoc(), (entry.getName() + "_part").str(),
                                   builder.getFunctionType(types, {}));
  symbols.insert(part); // gives it a name of its own
  part.setPrivate();
  part->setAttr("sepconv.part", builder.getUnitAttr());
  if (Attribute target = entry->getAttr("sepconv.target"))
    part->setAttr("sepconv.target", target);
  builder.setInsertionPointToStart(part.addEntryBlock());
  IRMapping mapping;
  mapping.map(arguments.getArrayRef(), part.getArguments());
  for (Operation *op : operations)
    builder.clone(*op, mapping);
  func::ReturnOp::create(builder, entry.getLoc());
  builder.setInsertionPoint(calls.front());
  func::CallOp::create(builder, entry.getLoc(), part, arguments.getArrayRef());
}

static void split(func::FuncOp entry, SymbolTable &symbols, size_t most) {
  SmallVector<Operation *> calls, all;
  for (Operation &op : entry.front().without_terminator()) {
    if (op.getNumRegions())
      return;
    all.push_back(&op);
    if (!isPure(&op))
      calls.push_back(&op);
  }
  if (calls.size() <= most)
    return;
  for (ArrayRef<Operation *> rest = calls; !rest.empty();) {
    ArrayRef<Operation *> some = rest.take_front(most);
    Part(some).create(entry, symbols);
    rest = rest.drop_front(some.size());
  }
  for (Operation *op : llvm::reverse(all))
    op->erase();
}

namespace {
struct SplitEntry : sepconv::impl::SplitEntryBase<SplitEntry> {
  using SplitEntryBase::SplitEntryBase;

  void runOnOperation() override {
    SymbolTable symbols(getOperation());
    for (auto entry : llvm::to_vector(getOperation().getOps<func::FuncOp>()))
      if (!entry.isPrivate() && !entry.isExternal() && entry.getBody().hasOneBlock() &&
          entry.getNumResults() == 0)
        split(entry, symbols, std::max(most.getValue(), 1u));
  }
};
} // namespace
