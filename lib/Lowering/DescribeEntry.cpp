//===- DescribeEntry.cpp - what is to be known of an entry -----------------------===//

#include "EntryPlan.h"
#include "sepconv/IR/Buffer.h"
#include "sepconv/IR/ModelLocation.h"
#include "sepconv/IR/Sizes.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"

using namespace mlir;
using namespace mlir::sepconv;

void sepconv::describeEntry(func::FuncOp entry, ModelInterface &interface) {
  Sizes sizes(entry);
  auto describe = [&](Value tensor, DictionaryAttr attributes, StringRef otherwise, size_t index) {
    auto text = [&](StringRef attribute) {
      auto value = attributes ? attributes.getAs<StringAttr>(attribute) : StringAttr();
      return value ? value.str() : "";
    };
    std::string name = text("sepconv.name");
    if (name.empty())
      name = index == 0 ? otherwise.str() : (otherwise + "_" + Twine(index)).str();
    auto type = cast<RankedTensorType>(tensor.getType());
    auto shape = attributes && !type.hasStaticShape() ? attributes.getAs<AffineMapAttr>(kShape)
                                                      : AffineMapAttr();
    AffineMap extents = shape ? shape.getAffineMap() : sizes.shape(tensor);
    if (extents)
      type = type.clone(sizes.greatest(extents));
    TensorInterface result = TensorInterface::get(name, type, text("sepconv.axes"), text(kDtype));
    if (extents && !extents.isConstant())
      result.extents = extents;
    if (auto scale = attributes ? attributes.getAs<FloatAttr>("sepconv.scale") : FloatAttr())
      result.scale = scale.getValueAsDouble();
    if (auto zero =
            attributes ? attributes.getAs<IntegerAttr>("sepconv.zero_point") : IntegerAttr())
      result.zeroPoint = zero.getInt();
    return result;
  };
  for (SizeAttr size : sizes.dynamicSizes())
    interface.sizes.push_back(
        {size.getName().str(), size.getLeast(), size.getGreatest(), size.getFactor()});
  for (auto [index, value] : llvm::enumerate(entry.getArguments())) {
    bool weight = bool(entry.getArgAttr(index, "sepconv.weight"));
    std::vector<TensorInterface> &list = weight ? interface.weights : interface.inputs;
    list.push_back(
        describe(value, entry.getArgAttrDict(index), weight ? "weight" : "input", list.size()));
    if (auto trainable = entry.getArgAttrOfType<BoolAttr>(index, "sepconv.trainable"))
      list.back().trainable = trainable.getValue();
  }
  for (auto [index, value] : llvm::enumerate(entry.front().getTerminator()->getOperands()))
    interface.outputs.push_back(describe(value, entry.getResultAttrDict(index), "output", index));
}

void sepconv::describeKernels(ModuleOp module, ModelInterface &interface) {
  llvm::StringMap<int64_t> calls;
  llvm::StringMap<std::string> dtypes;
  module.walk([&](CallOp call) {
    ++calls[call.getCallee()];
    if (call->getNumResults())
      dtypes[call.getCallee()] = dtypeOf(getElementTypeOrSelf(call->getResult(0)));
  });
  for (func::FuncOp kernel : module.getOps<func::FuncOp>()) {
    auto pattern = kernel->getAttrOfType<ArrayAttr>("sepconv.pattern");
    if (!pattern)
      continue;
    KernelInterface description;
    description.name = llvm::json::fixUTF8(kernel.getName());
    for (auto name : pattern.getAsRange<StringAttr>())
      description.pattern.push_back(name.str());
    if (auto schedule = kernel->getAttrOfType<FlatSymbolRefAttr>("sepconv.schedule"))
      description.schedule = llvm::json::fixUTF8(schedule.getValue());
    if (auto parameters = kernel->getAttrOfType<DictionaryAttr>("sepconv.parameters"))
      for (NamedAttribute parameter : parameters)
        if (auto value = dyn_cast<IntegerAttr>(parameter.getValue()))
          description.parameters.emplace_back(parameter.getName().str(), value.getInt());
    if (auto bytes = kernel->getAttrOfType<IntegerAttr>("sepconv.scratch_bytes"))
      description.scratchBytes = bytes.getInt();
    if (auto products = kernel->getAttrOfType<IntegerAttr>("sepconv.multiply_adds"))
      description.multiplyAdds = products.getInt();
    description.calls = calls.lookup(kernel.getName());
    description.dtype = dtypes.lookup(kernel.getName());
    interface.kernels.push_back(description);
  }
}

void sepconv::describeCalls(const EntryPlan &plan, ModelInterface &interface) {
  func::FuncOp(plan.entry).walk([&](CallOp call) {
    CallInterface description;
    description.kernel = llvm::json::fixUTF8(call.getCallee());
    for (StringRef layer : ModelLocation(call.getLoc()).layers)
      description.layers.push_back(llvm::json::fixUTF8(layer));
    auto add = [&](StringRef space, int64_t offset, int64_t bytes, bool isWritten) {
      description.buffers.push_back({space.str(), offset, bytes, isWritten});
    };
    auto addTensor = [&](Value tensor, bool isWritten) {
      Value root = rootOf(tensor);
      int64_t bytes = plan.buffers.bytesOf(root);
      if (auto argument = dyn_cast<BlockArgument>(root))
        add("input", argument.getArgNumber(), bytes, isWritten);
      else if (auto output = plan.outputs.find(root); output != plan.outputs.end())
        add("output", output->second, bytes, isWritten);
      else
        add("workspace", plan.offsets.lookup(root), bytes, isWritten);
    };
    for (OpOperand &operand : call->getOpOperands()) {
      if (isa<IndexType>(operand.get().getType()))
        continue;
      auto weight = plan.weights.find(&operand);
      if (weight == plan.weights.end()) {
        addTensor(operand.get(), /*isWritten=*/false);
        continue;
      }
      auto type = cast<MemRefType>(
          plan.buffers.kernelOf(call).getArgumentTypes()[operand.getOperandNumber()]);
      add("weights", weight->second, type.getNumElements() * elementBytes(type.getElementType()),
          /*isWritten=*/false);
    }
    for (Value result : call->getResults())
      addTensor(result, /*isWritten=*/true);
    if (auto scratch = plan.scratch.find(call); scratch != plan.scratch.end()) {
      auto bytes = plan.buffers.kernelOf(call)->getAttrOfType<IntegerAttr>("sepconv.scratch_bytes");
      add("scratch", scratch->second, bytes.getInt(), /*isWritten=*/true);
    }
    interface.calls.push_back(std::move(description));
  });
}
