//===- KernelFacts.cpp - what the expressions of schedules may name --------------===//

#include "sepconv/IR/Buffer.h"
#include "sepconv/Schedule/DotInstruction.h"
#include "sepconv/Schedule/KernelStages.h"

using namespace mlir;
using namespace mlir::sepconv;

Facts KernelStages::facts() const {
  Facts facts;
  facts["inputs"] = inputs;
  for (const Stage &stage : allStages) {
    auto set = [&](const Twine &fact, int64_t value) {
      facts[(stage.name + "." + fact).str()] = value;
    };
    auto setSize = [&](const Twine &dim, const SizeRange &range) {
      set(dim, range.greatest);
      set("least_" + dim, range.least);
      set("factor_" + dim, range.factor);
    };
    Type element = cast<RankedTensorType>(stage.value.getType()).getElementType();
    set("rank", stage.dims.size());
    set("bytes", element.isIntOrFloat() ? elementBytes(element) : 0);
    for (auto [dim, extent] : llvm::zip_equal(stage.dims, stage.extents))
      setSize(dim, extent);
    set("dynamic", !llvm::all_of(stage.extents, [](SizeRange size) { return size.isKnown(); }));
    if (stage.kind != Stage::Kind::Sum)
      continue;
    const Reduction &sum = *reduction(stage.reduction);
    set("weight", sum.isConstantWeight);
    std::optional<DotForm> dot = dotForm(sum.op);
    set("dot", dot.has_value());
    set("signed", dot && !dot->hasUnsignedInput);
    set("padded", isa_and_nonnull<tensor::PadOp>(stage.reduction->getOperand(0).getDefiningOp()));
    auto input = dyn_cast<RankedTensorType>(stage.reduction->getOperand(0).getType());
    if (input && input.getRank() && !input.isDynamicDim(input.getRank() - 1))
      set("input_c", input.getShape().back());
    // So that a condition can ask whether it has one.
    for (StringRef dim : {"ky", "kx", "kc", "r0", "r1", "r2", "r3"})
      set(dim, 0);
    for (auto &[dim, extent] : sum.reductionDims)
      setSize(dim, extent);
    for (auto [dim, stride, dilation] : llvm::zip_equal(sum.dims, sum.strides, sum.dilations)) {
      set("stride_" + dim, stride);
      set("dilation_" + dim, dilation);
    }
  }
  return facts;
}

Facts sepconv::kernelFacts(func::FuncOp kernel, const KernelStages &stages) {
  Facts facts = stages.facts();
  auto add = [&](Operation *op, StringRef attribute) {
    if (auto values = op->getAttrOfType<DictionaryAttr>(attribute))
      for (NamedAttribute value : values)
        if (auto number = dyn_cast<IntegerAttr>(value.getValue()))
          facts[value.getName().getValue()] = number.getInt();
  };
  add(kernel->getParentOfType<ModuleOp>(), "sepconv.facts");
  add(kernel, "sepconv.parameters");
  return facts;
}
