//===- RewriteEntry.cpp - an entry on buffers, as planned ------------------------===//

#include "EntryPlan.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace mlir::sepconv;

namespace {
class EntryRewriter {
public:
  explicit EntryRewriter(const EntryPlan &plan)
      : plan(plan), entry(plan.entry), b(entry.getContext()) {}
  void run(int64_t workspaceBytes, int64_t weightsBytes);

private:
  void rewriteCall(CallOp call);
  void addArguments(int64_t workspaceBytes, int64_t weightsBytes);
  Value viewAt(Location loc, Value bytes, int64_t offset, MemRefType type);
  Value bufferOf(Value tensor) { return buffers.lookup(rootOf(tensor)); }

  const EntryPlan &plan;
  func::FuncOp entry;
  OpBuilder b;
  DenseMap<Value, Value> buffers; // roots: their memory
  Value workspace, weightsArgument;
};
} // namespace

Value EntryRewriter::viewAt(Location loc, Value bytes, int64_t offset, MemRefType type) {
  Value position = arith::ConstantIndexOp::create(b, loc, offset);
  return memref::ViewOp::create(b, loc, type, bytes, position, ValueRange());
}

void EntryRewriter::addArguments(int64_t workspaceBytes, int64_t weightsBytes) {
  Block &body = entry.front();
  SmallVector<Attribute> attributes;
  for (unsigned i = 0; i < entry.getNumArguments(); ++i)
    attributes.push_back(entry.getArgAttrDict(i));
  for (unsigned i = 0; i < entry.getNumResults(); ++i)
    attributes.push_back(entry.getResultAttrDict(i));
  for (BlockArgument argument : body.getArguments()) {
    // The old uses are erased with their operations.
    buffers[argument] = argument;
    argument.setType(bufferType(argument.getType()));
  }
  for (Type type : entry.getResultTypes())
    body.addArgument(bufferType(type), entry.getLoc());
  workspace = body.addArgument(MemRefType::get({workspaceBytes}, b.getI8Type()), entry.getLoc());
  weightsArgument =
      body.addArgument(MemRefType::get({weightsBytes}, b.getI8Type()), entry.getLoc());
  attributes.resize(body.getNumArguments(), b.getDictionaryAttr({}));
  auto name = [&](StringRef name) {
    return b.getDictionaryAttr(b.getNamedAttr("sepconv.name", b.getStringAttr(name)));
  };
  attributes[attributes.size() - 2] = name("workspace");
  attributes[attributes.size() - 1] = name("weights");
  entry->removeAttr(entry.getResAttrsAttrName());
  entry.setType(b.getFunctionType(body.getArgumentTypes(), {}));
  entry.setAllArgAttrs(attributes);
}

void EntryRewriter::rewriteCall(CallOp call) {
  func::FuncOp kernel = kernelOf(call);
  SmallVector<Value> arguments;
  for (OpOperand &operand : call->getOpOperands()) {
    auto weight = plan.weights.find(&operand);
    if (weight == plan.weights.end()) {
      arguments.push_back(bufferOf(operand.get()));
      continue;
    }
    auto type = cast<MemRefType>(kernel.getArgument(arguments.size()).getType());
    arguments.push_back(viewAt(call.getLoc(), weightsArgument, weight->second, type));
  }
  for (Value result : call->getResults()) {
    auto output = plan.outputs.find(result);
    if (output == plan.outputs.end())
      buffers[result] = viewAt(call.getLoc(), workspace, plan.places.lookup(result),
                               bufferType(result.getType()));
    arguments.push_back(buffers[result]);
  }
  if (auto place = plan.scratch.find(call); place != plan.scratch.end())
    arguments.push_back(viewAt(call.getLoc(), workspace, place->second,
                               cast<MemRefType>(kernel.getArgumentTypes().back())));
  func::CallOp::create(b, call.getLoc(), kernel, arguments);
}

void EntryRewriter::run(int64_t workspaceBytes, int64_t weightsBytes) {
  Block &body = entry.front();
  unsigned firstOutput = entry.getNumArguments();
  SmallVector<Operation *> old;
  for (Operation &op : body.without_terminator())
    old.push_back(&op);
  auto terminator = cast<func::ReturnOp>(body.getTerminator());
  addArguments(workspaceBytes, weightsBytes);
  for (auto [value, index] : plan.outputs)
    buffers[value] = body.getArgument(firstOutput + index);
  for (Operation *op : old) {
    b.setInsertionPoint(op);
    if (auto call = dyn_cast<CallOp>(op))
      rewriteCall(call);
  }
  b.setInsertionPoint(terminator);
  for (OpOperand &operand : terminator->getOpOperands()) {
    Value output = body.getArgument(firstOutput + operand.getOperandNumber());
    auto weight = plan.weights.find(&operand);
    Value from = weight == plan.weights.end()
                     ? bufferOf(operand.get())
                     : viewAt(terminator.getLoc(), weightsArgument, weight->second,
                              cast<MemRefType>(output.getType()));
    if (from != output)
      memref::CopyOp::create(b, terminator.getLoc(), from, output);
  }
  func::ReturnOp::create(b, terminator.getLoc());
  terminator.erase();
  for (Operation *op : llvm::reverse(old))
    op->erase();
}

void sepconv::rewriteEntry(const EntryPlan &plan, int64_t workspaceBytes, int64_t weightsBytes) {
  EntryRewriter(plan).run(workspaceBytes, weightsBytes);
}
