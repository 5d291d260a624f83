//===- PlanMemory.cpp - give every tensor of the entry its place in memory -------===//

#include "sepconv/IR/SepConv.h"
#include "sepconv/Lowering/ModelInterface.h"
#include "sepconv/Lowering/PlaceBuffers.h"
#include "sepconv/Lowering/WeightsBlob.h"
#include "sepconv/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace mlir::sepconv {
#define GEN_PASS_DEF_PLANMEMORY
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;
using namespace mlir::sepconv;

static MemRefType bufferType(Type type) {
  auto tensor = cast<RankedTensorType>(type);
  return MemRefType::get({tensor.getNumElements()}, tensor.getElementType());
}

static int64_t bufferBytes(Type type) {
  MemRefType buffer = bufferType(type);
  return buffer.getNumElements() * elementBytes(buffer.getElementType());
}

/// The value whose memory a value shares: reshapes are the same memory.
static Value rootOf(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (!isa<tensor::CollapseShapeOp, tensor::ExpandShapeOp>(op))
      break;
    value = op->getOperand(0);
  }
  return value;
}

namespace {
/// Plans and rewrites one entry function.
class EntryPlanner {
public:
  EntryPlanner(func::FuncOp entry, WeightsBlob &blob)
      : entry(entry), blob(blob), b(entry.getContext()) {}

  LogicalResult check();
  LogicalResult plan();
  /// The sizes of the workspace and the blob are those of all entries together.
  LogicalResult rewrite(int64_t workspaceBytes, int64_t weightsBytes);
  int64_t getWorkspaceBytes() const { return workspaceBytes; }

private:
  LogicalResult checkCall(CallOp call);
  LogicalResult planWeight(CallOp call, OpOperand &operand);
  void rewriteCall(CallOp call);
  void addArguments(int64_t workspaceBytes, int64_t weightsBytes);
  func::FuncOp callee(CallOp call) {
    return SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(call, call.getCalleeAttr());
  }
  Value viewAt(Location loc, Value bytes, int64_t offset, MemRefType type);
  Value bufferOf(Value tensor) { return buffers.lookup(rootOf(tensor)); }

  func::FuncOp entry;
  WeightsBlob &blob;
  OpBuilder b;
  int64_t workspaceBytes = 0;
  DenseMap<Value, unsigned> outputs;      // results of kernels written to an output
  DenseMap<Value, int64_t> places;        // results of kernels: offset in the workspace
  DenseMap<Operation *, int64_t> scratch; // calls: offset in the workspace
  DenseMap<OpOperand *, int64_t> weights; // operands that are constants: offset in the blob
  DenseMap<Value, Value> buffers;         // roots: their memory, while rewriting
  Value workspace, weightsArgument;
};
} // namespace

//===----------------------------------------------------------------------===//
// Checks
//===----------------------------------------------------------------------===//

LogicalResult EntryPlanner::checkCall(CallOp call) {
  func::FuncOp kernel = callee(call);
  if (!kernel)
    return call.emitError("calls '") << call.getCallee() << "', which does not exist";
  SmallVector<Type> expected;
  for (Type type : llvm::concat<const Type>(call->getOperandTypes(), call->getResultTypes()))
    expected.push_back(bufferType(type));
  for (unsigned i = 0; i < call->getNumOperands() && i < kernel.getNumArguments(); ++i)
    if (kernel.getArgAttr(i, "sepconv.pack"))
      expected[i] = kernel.getArgumentTypes()[i]; // checked where the weight is packed
  if (auto bytes = kernel->getAttrOfType<IntegerAttr>("sepconv.scratch_bytes"))
    if (bytes.getInt() > 0)
      expected.push_back(MemRefType::get({bytes.getInt()}, b.getI8Type()));
  if (!llvm::equal(kernel.getArgumentTypes(), expected) || kernel.getNumResults() != 0)
    return call.emitError("calls '") << call.getCallee() << "' of type " << kernel.getFunctionType()
                                     << ", expected buffers " << TypeRange(expected);
  return success();
}

LogicalResult EntryPlanner::check() {
  if (!entry.getBody().hasOneBlock())
    return entry.emitError("expected an entry of one block");
  for (Type type : llvm::concat<const Type>(entry.getArgumentTypes(), entry.getResultTypes())) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    if (!tensor || !tensor.hasStaticShape() || !tensor.getElementType().isIntOrFloat() ||
        tensor.getElementTypeBitWidth() % 8 != 0)
      return entry.emitError("expected tensors of static shape and whole bytes, found ") << type;
  }
  for (Operation &op : entry.front()) {
    if (auto call = dyn_cast<CallOp>(op)) {
      if (failed(checkCall(call)))
        return failure();
    } else if (!isa<arith::ConstantOp, tensor::CollapseShapeOp, tensor::ExpandShapeOp,
                    func::ReturnOp>(op) ||
               !llvm::all_of(op.getResultTypes(), llvm::IsaPred<RankedTensorType>)) {
      return op.emitError("expected only calls of kernels, constants and reshapes in the entry");
    }
  }
  return success();
}

//===----------------------------------------------------------------------===//
// The plan
//===----------------------------------------------------------------------===//

LogicalResult EntryPlanner::planWeight(CallOp call, OpOperand &operand) {
  auto constant = rootOf(operand.get()).getDefiningOp<arith::ConstantOp>();
  func::FuncOp kernel = callee(call);
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
  FailureOr<ArrayRef<char>> bytes =
      getConstantBytes(cast<ElementsAttr>(constant.getValue()), storage);
  if (failed(bytes))
    return constant.emitError("is a constant whose bytes are not available");
  if (!packAttribute) {
    weights[&operand] = blob.add(*bytes);
    return success();
  }
  FailureOr<Packing> packing = Packing::get(packAttribute, type.getShape());
  auto argument = dyn_cast<MemRefType>(kernel.getArgumentTypes()[index]);
  if (failed(packing) || !argument || argument.getElementType() != type.getElementType() ||
      argument.getNumElements() != packing->packedElements(type.getShape()))
    return call.emitError("operand ")
           << index << " of type " << type << " cannot be packed by " << packAttribute
           << " for an argument of type " << kernel.getArgumentTypes()[index];
  weights[&operand] =
      blob.add(pack(*bytes, type.getShape(), elementBytes(type.getElementType()), *packing));
  return success();
}

LogicalResult EntryPlanner::plan() {
  Block &body = entry.front();
  // A result of a kernel that is returned is computed in the output; if it is returned twice, the
  // second output is a copy.
  for (OpOperand &operand : body.getTerminator()->getOpOperands())
    if (Value root = rootOf(operand.get()); root.getDefiningOp<CallOp>())
      outputs.try_emplace(root, operand.getOperandNumber());

  SmallVector<BufferLife> lives;
  DenseMap<Value, unsigned> lifeOf;
  SmallVector<std::pair<Operation *, unsigned>> scratchOf;
  for (auto [step, op] : llvm::enumerate(body)) {
    auto call = dyn_cast<CallOp>(op);
    if (!call)
      continue;
    for (OpOperand &operand : call->getOpOperands()) {
      if (auto life = lifeOf.find(rootOf(operand.get())); life != lifeOf.end())
        lives[life->second].last = step;
      if (failed(planWeight(call, operand)))
        return failure();
    }
    for (Value result : call->getResults())
      if (!outputs.contains(result)) {
        lifeOf[result] = lives.size();
        lives.push_back({bufferBytes(result.getType()), int64_t(step), int64_t(step)});
      }
    auto bytes = callee(call)->getAttrOfType<IntegerAttr>("sepconv.scratch_bytes");
    if (bytes && bytes.getInt() > 0) {
      scratchOf.push_back({call, lives.size()});
      lives.push_back({bytes.getInt(), int64_t(step), int64_t(step)});
    }
  }
  workspaceBytes = placeBuffers(lives);
  for (auto [value, life] : lifeOf)
    places[value] = lives[life].offset;
  for (auto [call, life] : scratchOf)
    scratch[call] = lives[life].offset;

  // Constants that are returned.
  for (OpOperand &operand : body.getTerminator()->getOpOperands())
    if (auto constant = rootOf(operand.get()).getDefiningOp<arith::ConstantOp>()) {
      std::vector<char> storage;
      FailureOr<ArrayRef<char>> bytes =
          getConstantBytes(cast<ElementsAttr>(constant.getValue()), storage);
      if (failed(bytes))
        return constant.emitError("is a constant whose bytes are not available");
      weights[&operand] = blob.add(*bytes);
    }
  return success();
}

//===----------------------------------------------------------------------===//
// The rewrite
//===----------------------------------------------------------------------===//

Value EntryPlanner::viewAt(Location loc, Value bytes, int64_t offset, MemRefType type) {
  Value position = arith::ConstantIndexOp::create(b, loc, offset);
  return memref::ViewOp::create(b, loc, type, bytes, position, ValueRange());
}

void EntryPlanner::addArguments(int64_t workspaceBytes, int64_t weightsBytes) {
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

void EntryPlanner::rewriteCall(CallOp call) {
  func::FuncOp kernel = callee(call);
  SmallVector<Value> arguments;
  for (OpOperand &operand : call->getOpOperands()) {
    auto weight = weights.find(&operand);
    if (weight == weights.end()) {
      arguments.push_back(bufferOf(operand.get()));
      continue;
    }
    auto type = cast<MemRefType>(kernel.getArgument(arguments.size()).getType());
    arguments.push_back(viewAt(call.getLoc(), weightsArgument, weight->second, type));
  }
  for (Value result : call->getResults()) {
    auto output = outputs.find(result);
    if (output == outputs.end())
      buffers[result] =
          viewAt(call.getLoc(), workspace, places[result], bufferType(result.getType()));
    arguments.push_back(buffers[result]);
  }
  if (auto place = scratch.find(call); place != scratch.end())
    arguments.push_back(viewAt(call.getLoc(), workspace, place->second,
                               cast<MemRefType>(kernel.getArgumentTypes().back())));
  func::CallOp::create(b, call.getLoc(), kernel, arguments);
}

LogicalResult EntryPlanner::rewrite(int64_t workspaceBytes, int64_t weightsBytes) {
  Block &body = entry.front();
  unsigned firstOutput = entry.getNumArguments();
  SmallVector<Operation *> old;
  for (Operation &op : body.without_terminator())
    old.push_back(&op);
  auto terminator = cast<func::ReturnOp>(body.getTerminator());
  addArguments(workspaceBytes, weightsBytes);
  for (auto [value, index] : outputs)
    buffers[value] = body.getArgument(firstOutput + index);
  for (Operation *op : old) {
    b.setInsertionPoint(op);
    if (auto call = dyn_cast<CallOp>(op))
      rewriteCall(call);
  }
  b.setInsertionPoint(terminator);
  for (OpOperand &operand : terminator->getOpOperands()) {
    Value output = body.getArgument(firstOutput + operand.getOperandNumber());
    auto weight = weights.find(&operand);
    Value from = weight == weights.end()
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
  return success();
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

/// What the caller sees of the entry.
static void describeEntry(func::FuncOp entry, ModelInterface &interface) {
  auto nameOf = [](Attribute attribute, StringRef otherwise, unsigned index) {
    if (auto name = dyn_cast_or_null<StringAttr>(attribute))
      return name.str();
    return index == 0 ? otherwise.str() : (otherwise + "_" + Twine(index)).str();
  };
  for (auto [index, type] : llvm::enumerate(entry.getArgumentTypes())) {
    bool weight = bool(entry.getArgAttr(index, "sepconv.weight"));
    std::vector<TensorInterface> &list = weight ? interface.weights : interface.inputs;
    std::string name =
        nameOf(entry.getArgAttr(index, "sepconv.name"), weight ? "weight" : "input", list.size());
    list.push_back(TensorInterface::get(name, cast<RankedTensorType>(type)));
  }
  for (auto [index, type] : llvm::enumerate(entry.getResultTypes()))
    interface.outputs.push_back(
        TensorInterface::get(nameOf(entry.getResultAttr(index, "sepconv.name"), "output", index),
                             cast<RankedTensorType>(type)));
}

static void describeKernels(ModuleOp module, ModelInterface &interface) {
  llvm::StringMap<int64_t> calls;
  module.walk([&](CallOp call) { ++calls[call.getCallee()]; });
  for (func::FuncOp kernel : module.getOps<func::FuncOp>()) {
    auto pattern = kernel->getAttrOfType<ArrayAttr>("sepconv.pattern");
    if (!pattern)
      continue;
    KernelInterface description;
    description.name = kernel.getName().str();
    for (auto name : pattern.getAsRange<StringAttr>())
      description.pattern.push_back(name.str());
    if (auto schedule = kernel->getAttrOfType<FlatSymbolRefAttr>("sepconv.schedule"))
      description.schedule = schedule.getValue().str();
    if (auto bytes = kernel->getAttrOfType<IntegerAttr>("sepconv.scratch_bytes"))
      description.scratchBytes = bytes.getInt();
    description.calls = calls.lookup(description.name);
    interface.kernels.push_back(description);
  }
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
  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (ModelInterface::isIn(module))
      return; // planned before
    ModelInterface interface;
    WeightsBlob blob;
    std::vector<EntryPlanner> planners;
    for (func::FuncOp entry : module.getOps<func::FuncOp>()) {
      if (entry.isPrivate() || entry.isExternal())
        continue;
      planners.emplace_back(entry, blob);
      if (failed(planners.back().check()) || failed(planners.back().plan()))
        return signalPassFailure();
      // Entries for several targets look the same from outside.
      if (planners.size() == 1)
        describeEntry(entry, interface);
      interface.workspaceBytes =
          std::max(interface.workspaceBytes, planners.back().getWorkspaceBytes());
    }
    if (planners.empty()) {
      module.emitError("expected a public function, the entry of the model");
      return signalPassFailure();
    }
    interface.weightsBytes = blob.bytes().size();
    describeKernels(module, interface);
    for (EntryPlanner &planner : planners)
      if (failed(planner.rewrite(interface.workspaceBytes, interface.weightsBytes)))
        return signalPassFailure();
    if (interface.weightsBytes > 0)
      addWeights(module, blob.bytes());
    interface.set(module);
  }
};
} // namespace
