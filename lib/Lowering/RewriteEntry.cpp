//===- RewriteEntry.cpp - an entry on buffers, as planned ------------------------===//

#include "EntryPlan.h"
#include "sepconv/IR/Sizes.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace mlir::sepconv;

namespace {
class EntryRewriter {
public:
  explicit EntryRewriter(const EntryPlan &plan)
      : plan(plan), entry(plan.entry), b(entry.getContext()) {}
  void run(const ModelInterface &interface);

private:
  void rewriteCall(CallOp call);
  void copy(Location loc, Value from, Value to, AffineMap shape);
  void addArguments(const ModelInterface &interface);
  Value viewAt(Location loc, Value bytes, int64_t offset, MemRefType type);
  Value bufferOf(Value tensor) { return buffers.lookup(rootOf(tensor)); }

  const EntryPlan &plan;
  func::FuncOp entry;
  OpBuilder b;
  DenseMap<Value, Value> buffers; // roots: their memory
  BlockArgument workspace, weightsArgument;
  int64_t taskMemory = 0; // where in the workspace the memory of the first task is
  SmallVector<Value> dynamicSizes;
};
} // namespace

Value EntryRewriter::viewAt(Location loc, Value bytes, int64_t offset, MemRefType type) {
  Value position = arith::ConstantIndexOp::create(b, loc, offset);
  return memref::ViewOp::create(b, loc, type, bytes, position, ValueRange());
}

void EntryRewriter::addArguments(const ModelInterface &interface) {
  Block &body = entry.front();
  SmallVector<Attribute> attributes;
  for (unsigned i = 0; i < entry.getNumArguments(); ++i)
    attributes.push_back(entry.getArgAttrDict(i));
  for (unsigned i = 0; i < entry.getNumResults(); ++i)
    attributes.push_back(entry.getResultAttrDict(i));
  SmallVector<Type> outputs;
  for (unsigned i = 0; i < entry.getNumResults(); ++i)
    outputs.push_back(plan.buffers.typeOf(body.getTerminator()->getOperand(i)));
  Sizes sizes(entry);
  for (BlockArgument argument : body.getArguments()) {
    // The old uses are erased with their operations.
    buffers[argument] = argument;
    argument.setType(plan.buffers.typeOf(argument));
  }
  for (Type type : outputs)
    body.addArgument(type, entry.getLoc());
  auto bytes = [&](int64_t count) { return MemRefType::get({count}, b.getI8Type()); };
  workspace = body.addArgument(bytes(interface.workspaceBytes), entry.getLoc());
  weightsArgument = body.addArgument(bytes(interface.weightsBytes), entry.getLoc());
  taskMemory = interface.workspaceBytes - interface.threadBytes + kSlotFlagBytes;
  attributes.resize(body.getNumArguments(), b.getDictionaryAttr({}));
  for (SizeAttr size : sizes.dynamicSizes()) {
    dynamicSizes.push_back(body.addArgument(b.getIndexType(), entry.getLoc()));
    attributes.push_back(b.getDictionaryAttr(b.getNamedAttr(kSize, size)));
  }
  auto name = [&](StringRef name) {
    return b.getDictionaryAttr(b.getNamedAttr("sepconv.name", b.getStringAttr(name)));
  };
  attributes[workspace.getArgNumber()] = name("workspace");
  attributes[weightsArgument.getArgNumber()] = name("weights");
  entry->removeAttr(entry.getResAttrsAttrName());
  entry.setType(b.getFunctionType(body.getArgumentTypes(), {}));
  entry.setAllArgAttrs(attributes);
}

/// Copies what a buffer holds: all of it, or as many elements as a shape of dynamic sizes has.
void EntryRewriter::copy(Location loc, Value from, Value to, AffineMap shape) {
  if (!shape)
    return (void)memref::CopyOp::create(b, loc, from, to);
  Value elements = arith::ConstantIndexOp::create(b, loc, 1);
  for (AffineExpr size : shape.getResults()) {
    Value extent = affine::AffineApplyOp::create(
        b, loc, AffineMap::get(dynamicSizes.size(), 0, size), dynamicSizes);
    elements = arith::MulIOp::create(b, loc, elements, extent);
  }
  auto part = [&](Value buffer) {
    return memref::SubViewOp::create(b, loc, buffer, ArrayRef<OpFoldResult>(b.getIndexAttr(0)),
                                     ArrayRef<OpFoldResult>(elements),
                                     ArrayRef<OpFoldResult>(b.getIndexAttr(1)));
  };
  memref::CopyOp::create(b, loc, part(from), part(to));
}

void EntryRewriter::rewriteCall(CallOp call) {
  func::FuncOp kernel = plan.buffers.kernelOf(call);
  SmallVector<Value> arguments;
  for (OpOperand &operand : call->getOpOperands()) {
    auto weight = plan.weights.find(&operand);
    if (weight == plan.weights.end()) {
      bool isSize = isa<IndexType>(operand.get().getType());
      arguments.push_back(isSize ? operand.get() : bufferOf(operand.get()));
      continue;
    }
    auto type = cast<MemRefType>(kernel.getArgument(arguments.size()).getType());
    arguments.push_back(viewAt(call.getLoc(), weightsArgument, weight->second, type));
  }
  for (Value result : call->getResults()) {
    auto output = plan.outputs.find(result);
    if (output == plan.outputs.end())
      buffers[result] = viewAt(call.getLoc(), workspace, plan.offsets.lookup(result),
                               plan.buffers.typeOf(result));
    arguments.push_back(buffers[result]);
  }
  if (auto place = plan.scratch.find(call); place != plan.scratch.end())
    arguments.push_back(viewAt(call.getLoc(), workspace, place->second,
                               cast<MemRefType>(kernel.getArgumentTypes()[arguments.size()])));
  for (unsigned i = arguments.size(); i < kernel.getNumArguments(); ++i)
    arguments.push_back(
        viewAt(call.getLoc(), workspace,
               taskMemory + kernel.getArgAttrOfType<IntegerAttr>(i, kTaskOffset).getInt(),
               cast<MemRefType>(kernel.getArgumentTypes()[i])));
  func::CallOp::create(b, call.getLoc(), kernel, arguments);
}

void EntryRewriter::run(const ModelInterface &interface) {
  Block &body = entry.front();
  unsigned firstOutput = entry.getNumArguments();
  SmallVector<Operation *> old;
  for (Operation &op : body.without_terminator())
    old.push_back(&op);
  auto terminator = cast<func::ReturnOp>(body.getTerminator());
  SmallVector<AffineMap> shapes;
  for (unsigned i = 0; i < entry.getNumResults(); ++i) {
    auto type = cast<RankedTensorType>(terminator->getOperand(i).getType());
    auto shape = entry.getResultAttrOfType<AffineMapAttr>(i, kShape);
    shapes.push_back(shape && !type.hasStaticShape() ? shape.getAffineMap() : AffineMap());
  }
  // The sizes of arguments become arguments.
  Sizes sizes(entry);
  DenseMap<Operation *, unsigned> dims;
  for (auto dim : entry.getOps<tensor::DimOp>())
    dims[dim] = cast<AffineDimExpr>(sizes.of(dim.getResult())).getPosition();
  addArguments(interface);
  for (auto [dim, which] : dims)
    dim->replaceAllUsesWith(ValueRange(dynamicSizes[which]));
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
      copy(terminator.getLoc(), from, output, shapes[operand.getOperandNumber()]);
  }
  func::ReturnOp::create(b, terminator.getLoc());
  terminator.erase();
  for (Operation *op : llvm::reverse(old))
    if (isa<tensor::DimOp>(op) || !llvm::all_of(op->getResultTypes(), llvm::IsaPred<IndexType>))
      op->erase();
}

void sepconv::rewriteEntry(const EntryPlan &plan, const ModelInterface &interface) {
  EntryRewriter(plan).run(interface);
}
