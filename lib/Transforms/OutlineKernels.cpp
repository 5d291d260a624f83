//===- OutlineKernels.cpp - each kernel becomes a function -----------------------===//

#include "SameKernels.h"
#include "sepconv/IR/Sizes.h"
#include "sepconv/Passes.h"
#include "sepconv/Schedule/KernelStages.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/Support/MathExtras.h"

namespace mlir::sepconv {
#define GEN_PASS_DEF_OUTLINEKERNELS
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;
using namespace mlir::sepconv;

namespace {

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

/// An entry's dynamic sizes, which its kernels take as inputs.
struct DynamicSizes {
  explicit DynamicSizes(func::FuncOp entry) : sizes(entry) {
    OpBuilder builder = OpBuilder::atBlockBegin(&entry.front());
    values = dynamicSizeValues(builder, entry);
  }
  Sizes sizes;
  SmallVector<Value> values;
};

/// A kernel that reads or writes tensors of dynamic sizes takes all dynamic sizes as inputs, and
/// computes by them what it needs to know of sizes.
LogicalResult takeDynamicSizes(KernelOp kernel, const DynamicSizes &dynamic) {
  auto isDynamic = [](Value value) {
    auto type = dyn_cast<RankedTensorType>(value.getType());
    return type && !type.hasStaticShape();
  };
  if (llvm::none_of(kernel.getInputs(), isDynamic) && llvm::none_of(kernel.getOutputs(), isDynamic))
    return success();
  Block &body = kernel.getBody().front();
  OpBuilder builder(kernel.getContext());
  SmallVector<Value> arguments;
  kernel.getInputsMutable().append(dynamic.values);
  for (Value input : dynamic.values)
    arguments.push_back(body.addArgument(input.getType(), kernel.getLoc()));
  for (Operation &op : llvm::make_early_inc_range(body)) {
    if (op.getNumResults() != 1 || !isa<IndexType>(op.getResult(0).getType()) ||
        op.hasTrait<OpTrait::ConstantLike>())
      continue;
    AffineExpr size = dynamic.sizes.of(op.getResult(0));
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

/// The module's symbols, and how many names have been made of each pattern.
struct KernelNames {
  explicit KernelNames(ModuleOp module) : symbols(module) {}

  /// A name that nothing in the module has, and from which one can tell what the kernel does.
  std::string unique(ArrayRef<StringRef> pattern) {
    std::string name = llvm::join(pattern, "_");
    for (unsigned &number = next[name];;)
      if (std::string numbered = name + "_" + std::to_string(number++); !symbols.lookup(numbered))
        return numbered;
  }

  SymbolTable symbols;
  llvm::StringMap<unsigned> next;
};

/// All at once: each change of a function's attributes copies those of all arguments.
void describeArguments(func::FuncOp function, const SameKernels &group, ArrayRef<SizeAttr> sizes) {
  Builder builder(function.getContext());
  SmallVector<DictionaryAttr> attributes;
  for (auto [weight, shape] : llvm::zip_equal(group.weights, group.shapes)) {
    NamedAttrList list;
    if (weight)
      list.set("sepconv.weight", builder.getUnitAttr());
    if (shape)
      list.set(kShape, AffineMapAttr::get(shape));
    attributes.push_back(list.getDictionary(function.getContext()));
  }
  TypeRange types = function.getArgumentTypes();
  if (!types.empty() && isa<IndexType>(types.back())) // the last ones are all sizes
    for (auto [list, size] :
         llvm::zip_equal(MutableArrayRef(attributes).take_back(sizes.size()), sizes))
      list = builder.getDictionaryAttr(builder.getNamedAttr(kSize, size));
  function.setAllArgAttrs(attributes);
}

/// The products that the sums of a kernel add up, of the greatest sizes.
uint64_t multiplyAdds(func::FuncOp function) {
  Sizes sizes(function);
  uint64_t total = 0;
  for (auto op : function.front().getOps<linalg::LinalgOp>()) {
    if (!op.getNumReductionLoops())
      continue;
    uint64_t products = llvm::count_if(*op.getBlock(), llvm::IsaPred<arith::MulFOp, arith::MulIOp>);
    for (AffineExpr loop : sizes.loops(op))
      products = llvm::SaturatingMultiply<uint64_t>(products, loop ? sizes.greatest(loop) : 1);
    total = llvm::SaturatingAdd(total, products);
  }
  return total;
}

func::FuncOp createFunction(KernelNames &names, SameKernels &group, ArrayRef<SizeAttr> sizes) {
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
  function.setName(names.unique(pattern));
  function->setAttr("sepconv.pattern", builder.getStrArrayAttr(pattern));
  describeArguments(function, group, sizes);
  if (uint64_t products = multiplyAdds(function))
    function->setAttr("sepconv.multiply_adds", builder.getI64IntegerAttr(products));
  names.symbols.insert(function);
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
    std::map<Operation *, DynamicSizes> dynamicOf;
    for (auto entry : module.getOps<func::FuncOp>()) {
      if (entry.isExternal())
        continue;
      const DynamicSizes &dynamic = dynamicOf.emplace(entry, entry).first->second;
      WalkResult walk = entry.walk([&](KernelOp kernel) {
        hoistViewsAndConstants(kernel);
        return WalkResult(takeDynamicSizes(kernel, dynamic));
      });
      if (walk.wasInterrupted())
        return signalPassFailure();
    }
    for (auto entry : module.getOps<func::FuncOp>())
      describeResults(entry);
    KernelNames names(module);
    SmallVector<SameKernels> groups = groupSameKernels(module);
    for (SameKernels &group : groups) {
      Operation *entry = group.kernels.front()->getParentOfType<func::FuncOp>();
      func::FuncOp function =
          createFunction(names, group, dynamicOf.at(entry).sizes.dynamicSizes());
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
