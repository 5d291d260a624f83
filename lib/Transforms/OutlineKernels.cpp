//===- OutlineKernels.cpp - each kernel becomes a function -----------------------===//

#include "sepconv/IR/Sizes.h"
#include "sepconv/Passes.h"
#include "sepconv/Schedule/KernelStages.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/OperationSupport.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace mlir::sepconv {
#define GEN_PASS_DEF_OUTLINEKERNELS
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;
using namespace mlir::sepconv;

namespace {

bool isConstant(Value value) { return matchPattern(value, m_Constant()); }

/// Takes out of the kernel what needs no computation in it: other shapes of its inputs, and
/// constants, which become inputs.
void hoistViewsAndConstants(KernelOp kernel) {
  OpBuilder builder(kernel);
  Block &body = kernel.getBody().front();
  for (Operation &op : llvm::make_early_inc_range(body)) {
    SplatElementsAttr splat;
    if (op.hasTrait<OpTrait::ConstantLike>() && isa<TensorType>(op.getResult(0).getType()) &&
        !matchPattern(&op, m_Constant(&splat))) {
      Operation *constant = builder.clone(op);
      kernel.getInputsMutable().append(constant->getResult(0));
      op.getResult(0).replaceAllUsesWith(body.addArgument(op.getResult(0).getType(), op.getLoc()));
      op.erase();
      continue;
    }
    if (!isa<tensor::CollapseShapeOp, tensor::ExpandShapeOp>(op))
      continue;
    auto argument = dyn_cast<BlockArgument>(op.getOperand(0));
    if (!argument || !argument.hasOneUse())
      continue;
    OpOperand &input = kernel->getOpOperand(argument.getArgNumber());
    Operation *view = builder.clone(op);
    view->setOperand(0, input.get());
    view->setLoc(input.get().getLoc());
    SmallVector<Value> folded;
    if (succeeded(builder.tryFold(view, folded))) {
      view->erase();
      input.set(folded.front());
    } else {
      input.set(view->getResult(0));
    }
    argument.setType(input.get().getType());
    op.getResult(0).replaceAllUsesWith(argument);
    op.erase();
  }
}

/// A kernel that reads or writes tensors of dynamic sizes takes all dynamic sizes as inputs, and
/// computes by them what it needs to know of sizes.
LogicalResult takeDynamicSizes(KernelOp kernel) {
  auto isDynamic = [](Value value) {
    auto type = dyn_cast<RankedTensorType>(value.getType());
    return type && !type.hasStaticShape();
  };
  auto entry = kernel->getParentOfType<func::FuncOp>();
  if (llvm::none_of(kernel.getInputs(), isDynamic) && llvm::none_of(kernel.getOutputs(), isDynamic))
    return success();
  Sizes sizes(entry);
  Block &body = kernel.getBody().front();
  OpBuilder builder = OpBuilder::atBlockBegin(&entry.front());
  SmallVector<Value> inputs = dynamicSizeValues(builder, entry), arguments;
  kernel.getInputsMutable().append(inputs);
  for (Value input : inputs)
    arguments.push_back(body.addArgument(input.getType(), kernel.getLoc()));
  for (Operation &op : llvm::make_early_inc_range(body)) {
    if (op.getNumResults() != 1 || !isa<IndexType>(op.getResult(0).getType()) ||
        op.hasTrait<OpTrait::ConstantLike>())
      continue;
    AffineExpr size = sizes.of(op.getResult(0));
    if (!size)
      return op.emitError("computes a size that does not follow from the arguments' dimensions");
    builder.setInsertionPoint(&op);
    op.getResult(0).replaceAllUsesWith(getValueOrCreateConstantIndexOp(
        builder, op.getLoc(),
        affine::makeComposedFoldedAffineApply(builder, op.getLoc(),
                                              AffineMap::get(arguments.size(), 0, size),
                                              getAsOpFoldResult(arguments))));
  }
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(body)))
    if (isOpTriviallyDead(&op))
      op.erase();
  // What was read for its sizes only.
  for (unsigned i = body.getNumArguments(); i-- > 0;)
    if (isDynamic(body.getArgument(i)) && body.getArgument(i).use_empty()) {
      body.eraseArgument(i);
      kernel.getInputsMutable().erase(i);
    }
  return success();
}

/// Kernels with the same body and inputs of the same shapes, whose functions are one. A constant at
/// one call and a computed value at another are not the same, because weights are packed at compile
/// time.
struct SameKernels {
  SmallVector<KernelOp> kernels;
  SmallVector<bool> weights;
  /// Of inputs of dynamic sizes; null for others.
  SmallVector<AffineMap> shapes;

  bool accepts(KernelOp kernel, const SameKernels &other) {
    KernelOp first = kernels.front();
    return weights == other.weights && shapes == other.shapes &&
           OperationEquivalence::isRegionEquivalentTo(&first.getBody(), &kernel.getBody(),
                                                      OperationEquivalence::IgnoreLocations);
  }
};

SmallVector<SameKernels> groupSameKernels(ModuleOp module) {
  SmallVector<SameKernels> groups;
  for (auto entry : module.getOps<func::FuncOp>()) {
    Sizes sizes(entry);
    auto shapeOf = [&](Value input) {
      auto type = dyn_cast<RankedTensorType>(input.getType());
      return type && !type.hasStaticShape() ? sizes.shape(input) : AffineMap();
    };
    entry.walk([&](KernelOp kernel) {
      SameKernels own{{kernel},
                      llvm::map_to_vector(kernel.getInputs(), isConstant),
                      llvm::map_to_vector(kernel.getInputs(), shapeOf)};
      auto *same =
          llvm::find_if(groups, [&](SameKernels &group) { return group.accepts(kernel, own); });
      if (same == groups.end())
        groups.push_back(std::move(own));
      else
        same->kernels.push_back(kernel);
    });
  }
  return groups;
}

/// A name that nothing in the module has, and from which one can tell what the kernel does.
std::string uniqueName(SymbolTable &symbols, ArrayRef<StringRef> pattern) {
  std::string name = llvm::join(pattern, "_");
  for (unsigned i = 0;; ++i)
    if (std::string numbered = name + "_" + std::to_string(i); !symbols.lookup(numbered))
      return numbered;
}

func::FuncOp createFunction(SymbolTable &symbols, SameKernels &group) {
  KernelOp kernel = group.kernels.front();
  SmallVector<Location> locations =
      llvm::map_to_vector(group.kernels, [](KernelOp same) { return same.getLoc(); });
  OpBuilder builder(kernel.getContext());
  auto type =
      builder.getFunctionType(kernel.getInputs().getTypes(), kernel.getOutputs().getTypes());
  auto function = func::FuncOp::create(builder, builder.getFusedLoc(locations), "kernel", type);
  function.setPrivate();
  IRMapping mapping;
  kernel.getBody().cloneInto(&function.getBody(), mapping);
  Operation *yield = function.getBody().front().getTerminator();
  builder.setInsertionPoint(yield);
  func::ReturnOp::create(builder, yield->getLoc(), yield->getOperands());
  yield->erase();
  SmallVector<StringRef> pattern = kernelPattern(function);
  function.setName(uniqueName(symbols, pattern));
  function->setAttr("sepconv.pattern", builder.getStrArrayAttr(pattern));
  for (auto [i, weight] : llvm::enumerate(group.weights))
    if (weight)
      function.setArgAttr(i, "sepconv.weight", builder.getUnitAttr());
  for (auto [i, shape] : llvm::enumerate(group.shapes))
    if (shape)
      function.setArgAttr(i, kShape, AffineMapAttr::get(shape));
  Sizes sizes(kernel->getParentOfType<func::FuncOp>());
  for (auto [i, size] : llvm::enumerate(sizes.dynamicSizes()))
    if (unsigned at = function.getNumArguments() - sizes.dynamicSizes().size() + i;
        isa<IndexType>(type.getInputs().back()))
      function.setArgAttr(at, kSize, size);
  symbols.insert(function);
  return function;
}

/// The shapes of an entry's results, for its caller.
void describeResults(func::FuncOp entry) {
  if (entry.isExternal() || entry.isPrivate())
    return;
  Sizes sizes(entry);
  for (auto [i, result] : llvm::enumerate(entry.front().getTerminator()->getOperands()))
    if (auto type = dyn_cast<RankedTensorType>(result.getType()); type && !type.hasStaticShape())
      entry.setResultAttr(i, kShape, AffineMapAttr::get(sizes.shape(result)));
}

struct OutlineKernels : sepconv::impl::OutlineKernelsBase<OutlineKernels> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    WalkResult walk = module.walk([](KernelOp kernel) {
      hoistViewsAndConstants(kernel);
      return WalkResult(takeDynamicSizes(kernel));
    });
    if (walk.wasInterrupted())
      return signalPassFailure();
    for (auto entry : module.getOps<func::FuncOp>())
      describeResults(entry);
    SymbolTable symbols(module);
    SmallVector<SameKernels> groups = groupSameKernels(module);
    for (SameKernels &group : groups) {
      func::FuncOp function = createFunction(symbols, group);
      for (KernelOp kernel : group.kernels) {
        OpBuilder builder(kernel);
        auto call = CallOp::create(builder, kernel.getLoc(), kernel.getResultTypes(),
                                   function.getName(), kernel.getInputs());
        kernel->replaceAllUsesWith(call);
        kernel->erase();
      }
    }
    // Constants whose other shape is what the kernels read.
    for (auto function : module.getOps<func::FuncOp>())
      for (Block &block : function.getBody())
        for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
          if (isOpTriviallyDead(&op))
            op.erase();
  }
};

} // namespace
