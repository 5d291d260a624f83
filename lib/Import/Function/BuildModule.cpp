//===- BuildModule.cpp - from a convolution to a function on tensors --------------===//

#include "../ActivationFunctions.h"
#include "../ActivityLoss.h"
#include "Convolution.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::function;

namespace {

/// A tensor that the C function takes or gives: its name, and what the page calls its dimensions.
struct Parameter {
  RankedTensorType type;
  StringRef name;
  std::string axes;
  NamedAttrList attributes;
};

} // namespace

/// An image's dimensions in the order of the data format.
static std::string imageAxes(ArrayRef<StringRef> axes, DataFormat format) {
  if (format == DataFormat::NHWC)
    return llvm::join(axes, ", ");
  return llvm::join(ArrayRef<StringRef>{axes[0], axes[3], axes[1], axes[2]}, ", ");
}

/// The operands of the convolution. A layer's variables have the names that it gives them.
static SmallVector<Parameter> operands(const Signature &signature, const Convolution &c) {
  SmallVector<Parameter> list;
  auto add = [&](RankedTensorType type, StringRef name, std::string axes,
                 const NamedAttrList &attributes = {}) {
    if (type)
      list.push_back({type, name, std::move(axes), attributes});
  };
  auto nameOf = [&](Role role, StringRef otherwise) {
    const Argument *argument = signature.find(role);
    return argument ? argument->name : otherwise;
  };
  const Axes &axes = signature.axes;
  add(c.input, signature.nameOf(Role::Input), imageAxes(axes.input, c.format));
  add(c.depthwise, nameOf(Role::DepthwiseFilter, "depthwise_kernel"),
      llvm::join(axes.depthwise, ", "), c.depthwiseAttributes);
  add(c.pointwise, nameOf(Role::PointwiseFilter, "pointwise_kernel"),
      llvm::join(axes.pointwise, ", "), c.pointwiseAttributes);
  add(c.bias, "bias", axes.output.back().str(), c.biasAttributes);
  return list;
}

template <typename Op>
static Value buildConvolution(OpBuilder &builder, Location loc, const Convolution &c,
                              ValueRange operands) {
  OperationState state(loc, Op::getOperationName());
  state.addOperands(operands);
  state.addTypes(c.output);
  auto &properties = state.getOrAddProperties<typename Op::Properties>();
  properties.setStrides(builder.getDenseI64ArrayAttr(c.strides));
  properties.setDilations(builder.getDenseI64ArrayAttr(c.dilations));
  properties.setPadding(builder.getDenseI64ArrayAttr(c.padding));
  if (c.same)
    properties.setSame(builder.getUnitAttr());
  properties.setDataFormat(DataFormatAttr::get(builder.getContext(), c.format));
  if (c.activation)
    properties.setActivation(c.activation);
  return builder.create(state)->getResult(0);
}

static func::FuncOp declareEntry(OpBuilder &builder, Location loc, const Signature &signature,
                                 const Convolution &c) {
  SmallVector<Parameter> list = operands(signature, c);
  auto types = llvm::map_to_vector(list, [](const Parameter &p) -> Type { return p.type; });
  auto entry = func::FuncOp::create(builder, loc, "main", builder.getFunctionType(types, c.output));
  for (auto [index, parameter] : llvm::enumerate(list)) {
    parameter.attributes.set("sepconv.name", builder.getStringAttr(parameter.name));
    parameter.attributes.set("sepconv.axes", builder.getStringAttr(parameter.axes));
    if (index > 0)
      parameter.attributes.set("sepconv.weight", builder.getUnitAttr());
    entry.setArgAttrs(index, parameter.attributes);
  }
  SmallVector<Attribute> sizes;
  for (auto [name, size] : llvm::zip_equal(kImageSizeNames, c.dynamicSizes))
    if (size)
      sizes.push_back(SizeAttr::get(builder.getContext(), builder.getStringAttr(name), size->least,
                                    size->greatest, size->factor));
  if (!sizes.empty())
    entry.setArgAttr(0, kSizes, builder.getArrayAttr(sizes));
  entry.setResultAttr(0, "sepconv.name", builder.getStringAttr("output"));
  entry.setResultAttr(0, "sepconv.axes",
                      builder.getStringAttr(imageAxes(signature.axes.output, c.format)));
  return entry;
}

OwningOpRef<ModuleOp> function::buildModule(const Signature &signature, const Convolution &c,
                                            StringRef name, MLIRContext *context) {
  OpBuilder builder(context);
  Location loc = NameLoc::get(builder.getStringAttr(signature.name));
  OwningOpRef<ModuleOp> module = ModuleOp::create(loc);
  (*module)->setAttr("sepconv.model", builder.getStringAttr(name));
  if (c.isBatchDynamic)
    (*module)->setAttr(kDynamicBatch, builder.getUnitAttr());
  builder.setInsertionPointToEnd(module->getBody());
  func::FuncOp entry = declareEntry(builder, loc, signature, c);
  builder.setInsertionPointToEnd(entry.addEntryBlock());
  Value result = c.pointwise
                     ? buildConvolution<SeparableConv2DOp>(builder, loc, c, entry.getArguments())
                     : buildConvolution<DepthwiseConv2DOp>(builder, loc, c, entry.getArguments());
  if (c.isSoftmax)
    result = buildSoftmax(builder, loc, result, -1);
  SmallVector<Value> results{result};
  ActivityLoss loss;
  if (c.activityRegularizer)
    loss.add(builder, loc, c.activityRegularizer, result);
  if (Value total = loss.total(builder, loc)) {
    NamedAttribute name("sepconv.name", builder.getStringAttr("activity_regularization_loss"));
    (void)entry.insertResult(1, total.getType(), builder.getDictionaryAttr(name));
    results.push_back(total);
  }
  func::ReturnOp::create(builder, loc, results);
  return module;
}
