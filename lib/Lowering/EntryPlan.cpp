//===- EntryPlan.cpp - where every tensor of an entry is in memory ---------------===//

#include "EntryPlan.h"
#include "AssignOffsets.h"
#include "sepconv/IR/Packing.h"
#include "sepconv/IR/Sizes.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace mlir::sepconv;

MemRefType sepconv::bufferType(RankedTensorType type) {
  return MemRefType::get({type.getNumElements()}, type.getElementType());
}

MemRefType EntryBuffers::typeOf(Value tensor) const {
  auto type = cast<RankedTensorType>(tensor.getType());
  if (type.hasStaticShape())
    return bufferType(type);
  Value root = rootOf(tensor);
  if (isa<BlockArgument>(root))
    return bufferType(sizes.greatest(root));
  // The kernel knows how much it makes.
  auto call = root.getDefiningOp<CallOp>();
  unsigned index = call->getNumOperands() + cast<OpResult>(root).getResultNumber();
  return cast<MemRefType>(kernelOf(call).getArgumentTypes()[index]);
}

int64_t EntryBuffers::bytesOf(Value tensor) const {
  MemRefType buffer = typeOf(tensor);
  return buffer.getNumElements() * elementBytes(buffer.getElementType());
}

Value sepconv::rootOf(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (!isa<tensor::CollapseShapeOp, tensor::ExpandShapeOp>(op))
      break;
    value = op->getOperand(0);
  }
  return value;
}

int64_t sepconv::taskBytes(func::FuncOp kernel) {
  int64_t bytes = 0;
  for (unsigned i = 0; i < kernel.getNumArguments(); ++i)
    if (auto offset = kernel.getArgAttrOfType<IntegerAttr>(i, kTaskOffset))
      if (auto type = dyn_cast<MemRefType>(kernel.getArgumentTypes()[i]);
          type && type.hasStaticShape())
        bytes = std::max(bytes, alignToBuffer(offset.getInt() + type.getNumElements()));
  return bytes;
}

//===----------------------------------------------------------------------===//
// Checks
//===----------------------------------------------------------------------===//

static LogicalResult checkCall(CallOp call, const EntryBuffers &buffers) {
  func::FuncOp kernel = buffers.kernelOf(call);
  if (!kernel)
    return call.emitError("calls '") << call.getCallee() << "', which does not exist";
  SmallVector<Type> expected;
  if (kernel.getNumArguments() < call->getNumOperands() + call->getNumResults())
    return call.emitError("calls '") << call.getCallee() << "' of type " << kernel.getFunctionType()
                                     << ", expected a buffer for each operand and result";
  for (Value value : llvm::concat<Value>(call->getOperands(), call->getResults()))
    expected.push_back(isa<IndexType>(value.getType()) ? value.getType() : buffers.typeOf(value));
  for (unsigned i = 0; i < call->getNumOperands(); ++i)
    if (kernel.getArgAttr(i, "sepconv.pack"))
      expected[i] = kernel.getArgumentTypes()[i]; // checked where the weight is packed
  if (auto bytes = kernel->getAttrOfType<IntegerAttr>("sepconv.scratch_bytes"))
    if (bytes.getInt() > 0)
      expected.push_back(MemRefType::get({bytes.getInt()}, IntegerType::get(call.getContext(), 8)));
  // Memory of a task comes last, in any pieces.
  for (unsigned i = expected.size(); i < kernel.getNumArguments(); ++i) {
    auto offset = kernel.getArgAttrOfType<IntegerAttr>(i, kTaskOffset);
    auto type = dyn_cast<MemRefType>(kernel.getArgumentTypes()[i]);
    if (offset && offset.getInt() >= 0 && type && type.hasStaticShape())
      expected.push_back(
          MemRefType::get({type.getNumElements()}, IntegerType::get(call.getContext(), 8)));
  }
  if (!llvm::equal(kernel.getArgumentTypes(), expected) || kernel.getNumResults() != 0)
    return call.emitError("calls '") << call.getCallee() << "' of type " << kernel.getFunctionType()
                                     << ", expected buffers " << TypeRange(expected);
  return success();
}

LogicalResult sepconv::checkEntry(func::FuncOp entry, const SymbolTable &symbols) {
  if (!entry.getBody().hasOneBlock())
    return entry.emitError("expected an entry with a single block");
  Sizes sizes(entry);
  ValueRange results = entry.front().getTerminator()->getOperands();
  for (Value value : llvm::concat<Value>(entry.getArguments(), results)) {
    auto tensor = dyn_cast<RankedTensorType>(value.getType());
    bool isSized =
        tensor && (tensor.hasStaticShape() || !isa<BlockArgument>(value) || sizes.shape(value));
    if (!isSized || !tensor.getElementType().isIntOrFloat() ||
        tensor.getElementTypeBitWidth() % 8 != 0)
      return entry.emitError(
                 "expected tensors of static shape with elements of whole bytes, found ")
             << value.getType();
  }
  EntryBuffers buffers(entry, symbols);
  for (Operation &op : entry.front()) {
    if (llvm::all_of(op.getResultTypes(), llvm::IsaPred<IndexType>) && isPure(&op))
      continue; // computes sizes
    if (auto call = dyn_cast<CallOp>(op)) {
      if (failed(checkCall(call, buffers)))
        return failure();
    } else if (!isa<arith::ConstantOp, tensor::CollapseShapeOp, tensor::ExpandShapeOp,
                    func::ReturnOp>(op) ||
               !llvm::all_of(op.getResultTypes(), llvm::IsaPred<RankedTensorType>)) {
      return op.emitError("the entry can only contain calls of kernels, constants and reshapes");
    }
  }
  return success();
}

//===----------------------------------------------------------------------===//
// The plan
//===----------------------------------------------------------------------===//

/// The bytes of a constant; `storage` keeps them if they have to be made.
static FailureOr<ArrayRef<char>> bytesOf(arith::ConstantOp constant, std::vector<char> &storage) {
  FailureOr<ArrayRef<char>> bytes =
      getConstantBytes(cast<ElementsAttr>(constant.getValue()), storage);
  if (failed(bytes))
    return constant.emitError("is a constant whose bytes are not available"), failure();
  return bytes;
}

namespace {
class EntryPlanner {
public:
  EntryPlanner(func::FuncOp entry, const SymbolTable &symbols, WeightsBlob &blob)
      : blob(blob), plan(entry, symbols) {}
  FailureOr<EntryPlan> run();

private:
  LogicalResult planWeight(CallOp call, OpOperand &operand);
  void planWorkspace();

  WeightsBlob &blob;
  EntryPlan plan;
};
} // namespace

LogicalResult EntryPlanner::planWeight(CallOp call, OpOperand &operand) {
  if (isa<IndexType>(operand.get().getType()))
    return success();
  auto constant = rootOf(operand.get()).getDefiningOp<arith::ConstantOp>();
  func::FuncOp kernel = plan.buffers.kernelOf(call);
  unsigned index = operand.getOperandNumber();
  auto packAttribute = kernel.getArgAttrOfType<DictionaryAttr>(index, "sepconv.pack");
  if (!constant) {
    if (packAttribute)
      return call.emitError("operand ")
             << index << " of '" << call.getCallee() << "' is packed, so it must be a constant";
    return success();
  }
  auto type = cast<RankedTensorType>(operand.get().getType());
  std::vector<char> storage;
  FailureOr<ArrayRef<char>> bytes = bytesOf(constant, storage);
  if (failed(bytes))
    return failure();
  if (!packAttribute) {
    plan.weights[&operand] = blob.add(*bytes);
    return success();
  }
  FailureOr<Packing> packing = Packing::get(packAttribute, type.getShape());
  auto argument = dyn_cast<MemRefType>(kernel.getArgumentTypes()[index]);
  // Groups of bytes are words.
  bool isGrouped = succeeded(packing) && packing->isGrouped() && type.getElementType().isInteger(8);
  Type stored = isGrouped ? IntegerType::get(type.getContext(), 32) : type.getElementType();
  if (failed(packing) || !argument || argument.getElementType() != stored ||
      (packing->isGrouped() && !isGrouped) ||
      argument.getNumElements() != packing->packedElements(type.getShape()))
    return call.emitError("operand ")
           << index << " of type " << type << " cannot be packed by " << packAttribute
           << " for an argument of type " << kernel.getArgumentTypes()[index];
  plan.weights[&operand] =
      blob.add(pack(*bytes, type.getShape(), elementBytes(type.getElementType()), *packing));
  return success();
}

void EntryPlanner::planWorkspace() {
  SmallVector<BufferLife> lives;
  DenseMap<Value, unsigned> lifeOf;
  SmallVector<std::pair<Operation *, unsigned>> scratchOf;
  for (auto [step, op] : llvm::enumerate(plan.entry.front())) {
    auto call = dyn_cast<CallOp>(op);
    if (!call)
      continue;
    for (OpOperand &operand : call->getOpOperands())
      if (auto life = lifeOf.find(rootOf(operand.get())); life != lifeOf.end())
        lives[life->second].last = step;
    for (Value result : call->getResults())
      if (!plan.outputs.contains(result)) {
        lifeOf[result] = lives.size();
        lives.push_back({plan.buffers.bytesOf(result), int64_t(step), int64_t(step)});
      }
    auto bytes = plan.buffers.kernelOf(call)->getAttrOfType<IntegerAttr>("sepconv.scratch_bytes");
    if (bytes && bytes.getInt() > 0) {
      scratchOf.push_back({call, lives.size()});
      lives.push_back({bytes.getInt(), int64_t(step), int64_t(step)});
    }
  }
  plan.workspaceBytes = assignOffsets(lives);
  for (auto [value, life] : lifeOf)
    plan.offsets[value] = lives[life].offset;
  for (auto [call, life] : scratchOf)
    plan.scratch[call] = lives[life].offset;
}

FailureOr<EntryPlan> EntryPlanner::run() {
  Operation *terminator = plan.entry.front().getTerminator();
  // A result of a kernel that is returned is computed in the output; if it is returned twice, the
  // second output is a copy.
  for (OpOperand &operand : terminator->getOpOperands())
    if (Value root = rootOf(operand.get()); root.getDefiningOp<CallOp>())
      plan.outputs.try_emplace(root, operand.getOperandNumber());
  for (auto call : plan.entry.getOps<CallOp>())
    for (OpOperand &operand : call->getOpOperands())
      if (failed(planWeight(call, operand)))
        return failure();
  planWorkspace();
  // Constants that are returned.
  for (OpOperand &operand : terminator->getOpOperands())
    if (auto constant = rootOf(operand.get()).getDefiningOp<arith::ConstantOp>()) {
      std::vector<char> storage;
      FailureOr<ArrayRef<char>> bytes = bytesOf(constant, storage);
      if (failed(bytes))
        return failure();
      plan.weights[&operand] = blob.add(*bytes);
    }
  return std::move(plan);
}

FailureOr<EntryPlan> sepconv::planEntry(func::FuncOp entry, const SymbolTable &symbols,
                                        WeightsBlob &blob) {
  return EntryPlanner(entry, symbols, blob).run();
}
