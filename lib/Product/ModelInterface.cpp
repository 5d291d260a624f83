//===- ModelInterface.cpp - what a caller of a compiled model must know ----------===//

#include "sepconv/Product/ModelInterface.h"
#include "sepconv/IR/SepConv.h"

#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace mlir::sepconv;

static constexpr llvm::StringLiteral kAttribute = "sepconv.interface";

TensorInterface TensorInterface::get(StringRef name, RankedTensorType type, StringRef axes,
                                     StringRef dtype) {
  Type element = type.getElementType();
  return {name.str(), (dtype.empty() ? dtypeOf(element) : dtype).str(), type.getShape().vec(),
          sepconv::elementBytes(element), axes.str()};
}

int64_t TensorInterface::elements() const { return ShapedType::getNumElements(shape); }

//===----------------------------------------------------------------------===//
// The attribute
//===----------------------------------------------------------------------===//

static Attribute toAttribute(Builder &b, const SizeInterface &size) {
  return SizeAttr::get(b.getContext(), b.getStringAttr(size.name), size.least, size.greatest,
                       size.factor);
}

static Attribute toAttribute(Builder &b, const TensorInterface &tensor) {
  SmallVector<NamedAttribute> attributes{
      b.getNamedAttr("name", b.getStringAttr(tensor.name)),
      b.getNamedAttr("dtype", b.getStringAttr(tensor.dtype)),
      b.getNamedAttr("shape", b.getDenseI64ArrayAttr(tensor.shape)),
      b.getNamedAttr("element_bytes", b.getI64IntegerAttr(tensor.elementBytes)),
      b.getNamedAttr("axes", b.getStringAttr(tensor.axes)),
      b.getNamedAttr("trainable", b.getBoolAttr(tensor.trainable))};
  if (tensor.scale) {
    attributes.push_back(b.getNamedAttr("scale", b.getF32FloatAttr(tensor.scale)));
    attributes.push_back(b.getNamedAttr("zero_point", b.getI64IntegerAttr(tensor.zeroPoint)));
  }
  if (tensor.extents)
    attributes.push_back(b.getNamedAttr("extents", AffineMapAttr::get(tensor.extents)));
  return b.getDictionaryAttr(attributes);
}

static Attribute toAttribute(Builder &b, const KernelInterface &kernel) {
  SmallVector<StringRef> pattern(kernel.pattern.begin(), kernel.pattern.end());
  NamedAttrList parameters;
  for (const auto &[name, value] : kernel.parameters)
    parameters.set(name, b.getI64IntegerAttr(value));
  return b.getDictionaryAttr(
      {b.getNamedAttr("name", b.getStringAttr(kernel.name)),
       b.getNamedAttr("pattern", b.getStrArrayAttr(pattern)),
       b.getNamedAttr("schedule", b.getStringAttr(kernel.schedule)),
       b.getNamedAttr("parameters", parameters.getDictionary(b.getContext())),
       b.getNamedAttr("dtype", b.getStringAttr(kernel.dtype)),
       b.getNamedAttr("calls", b.getI64IntegerAttr(kernel.calls)),
       b.getNamedAttr("scratch_bytes", b.getI64IntegerAttr(kernel.scratchBytes)),
       b.getNamedAttr("multiply_adds", b.getI64IntegerAttr(kernel.multiplyAdds))});
}

static Attribute toAttribute(Builder &b, const BufferUse &use) {
  return b.getDictionaryAttr({b.getNamedAttr("space", b.getStringAttr(use.space)),
                              b.getNamedAttr("offset", b.getI64IntegerAttr(use.offset)),
                              b.getNamedAttr("bytes", b.getI64IntegerAttr(use.bytes)),
                              b.getNamedAttr("written", b.getBoolAttr(use.isWritten))});
}

template <typename T> static Attribute toAttribute(Builder &b, const std::vector<T> &list);

static Attribute toAttribute(Builder &b, const CallInterface &call) {
  SmallVector<StringRef> layers(call.layers.begin(), call.layers.end());
  return b.getDictionaryAttr({b.getNamedAttr("kernel", b.getStringAttr(call.kernel)),
                              b.getNamedAttr("layers", b.getStrArrayAttr(layers)),
                              b.getNamedAttr("buffers", toAttribute(b, call.buffers))});
}

template <typename T> static Attribute toAttribute(Builder &b, const std::vector<T> &list) {
  SmallVector<Attribute> attributes;
  for (const T &item : list)
    attributes.push_back(toAttribute(b, item));
  return b.getArrayAttr(attributes);
}

void ModelInterface::set(ModuleOp module) const {
  Builder b(module.getContext());
  SmallVector<StringRef> functionNames(functions.begin(), functions.end());
  SmallVector<NamedAttribute> attributes{
      b.getNamedAttr("inputs", toAttribute(b, inputs)),
      b.getNamedAttr("outputs", toAttribute(b, outputs)),
      b.getNamedAttr("weights", toAttribute(b, weights)),
      b.getNamedAttr("functions", b.getStrArrayAttr(functionNames)),
      b.getNamedAttr("kernels", toAttribute(b, kernels)),
      b.getNamedAttr("calls", toAttribute(b, calls)),
      b.getNamedAttr("workspace_bytes", b.getI64IntegerAttr(workspaceBytes)),
      b.getNamedAttr("weights_bytes", b.getI64IntegerAttr(weightsBytes)),
      b.getNamedAttr("parallel", b.getBoolAttr(parallel))};
  if (threadBytes)
    attributes.push_back(b.getNamedAttr("thread_bytes", b.getI64IntegerAttr(threadBytes)));
  if (!weightsIdentity.empty())
    attributes.push_back(
        b.getNamedAttr("weights_identity", b.getDenseI64ArrayAttr(weightsIdentity)));
  if (selfTestBytes) {
    attributes.push_back(b.getNamedAttr("selftest_bytes", b.getI64IntegerAttr(selfTestBytes)));
    attributes.push_back(
        b.getNamedAttr("selftest_tolerances", b.getDenseF64ArrayAttr(selfTestTolerances)));
  }
  if (!sizes.empty())
    attributes.push_back(b.getNamedAttr("sizes", toAttribute(b, sizes)));
  module->setAttr(kAttribute, b.getDictionaryAttr(attributes));
}

namespace {
/// Takes typed entries out of a dictionary and remembers whether one was missing.
struct Reader {
  DictionaryAttr dictionary;
  bool &failed;

  template <typename T> T get(StringRef name) {
    T attribute = dictionary ? dictionary.getAs<T>(name) : T();
    failed |= !attribute;
    return attribute;
  }
  std::string string(StringRef name) {
    auto attribute = get<StringAttr>(name);
    return attribute ? attribute.str() : "";
  }
  int64_t integer(StringRef name) {
    auto attribute = get<IntegerAttr>(name);
    return attribute ? attribute.getInt() : 0;
  }
  bool boolean(StringRef name) {
    auto attribute = get<BoolAttr>(name);
    return attribute && attribute.getValue();
  }
  std::vector<std::string> strings(StringRef name) {
    std::vector<std::string> list;
    if (auto array = get<ArrayAttr>(name))
      for (auto item : array.getAsRange<StringAttr>())
        list.push_back(item.str());
    return list;
  }
  template <typename Function> void forEach(StringRef name, Function function) {
    if (auto array = get<ArrayAttr>(name))
      for (Attribute item : array)
        function(Reader{dyn_cast<DictionaryAttr>(item), failed});
  }
  std::vector<TensorInterface> tensors(StringRef name) {
    std::vector<TensorInterface> list;
    forEach(name, [&](Reader r) {
      auto shape = r.get<DenseI64ArrayAttr>("shape");
      list.push_back({r.string("name"), r.string("dtype"),
                      shape ? shape.asArrayRef().vec() : std::vector<int64_t>(),
                      r.integer("element_bytes"), r.string("axes"), r.boolean("trainable")});
      if (auto extents = r.dictionary ? r.dictionary.getAs<AffineMapAttr>("extents") : nullptr)
        list.back().extents = extents.getAffineMap();
      if (r.dictionary && r.dictionary.contains("scale")) {
        auto scale = r.get<FloatAttr>("scale");
        list.back().scale = scale ? scale.getValueAsDouble() : 0;
        list.back().zeroPoint = r.integer("zero_point");
      }
    });
    return list;
  }
};
} // namespace

bool ModelInterface::isIn(ModuleOp module) { return module->hasAttr(kAttribute); }

FailureOr<ModelInterface> ModelInterface::get(ModuleOp module) {
  bool failed = false;
  Reader reader{module->getAttrOfType<DictionaryAttr>(kAttribute), failed};
  ModelInterface result;
  if (auto sizes = reader.dictionary ? reader.dictionary.getAs<ArrayAttr>("sizes") : ArrayAttr())
    for (auto size : sizes.getAsRange<SizeAttr>())
      result.sizes.push_back(
          {size.getName().str(), size.getLeast(), size.getGreatest(), size.getFactor()});
  result.inputs = reader.tensors("inputs");
  result.outputs = reader.tensors("outputs");
  result.weights = reader.tensors("weights");
  reader.forEach("kernels", [&](Reader r) {
    KernelInterface kernel{r.string("name"),           r.strings("pattern"),
                           r.string("schedule"),       {},
                           r.string("dtype"),          r.integer("calls"),
                           r.integer("scratch_bytes"), r.integer("multiply_adds")};
    if (auto parameters = r.get<DictionaryAttr>("parameters"))
      for (NamedAttribute parameter : parameters)
        if (auto value = dyn_cast<IntegerAttr>(parameter.getValue()))
          kernel.parameters.emplace_back(parameter.getName().str(), value.getInt());
    result.kernels.push_back(std::move(kernel));
  });
  if (reader.dictionary && reader.dictionary.contains("calls"))
    reader.forEach("calls", [&](Reader r) {
      CallInterface call{r.string("kernel"), r.strings("layers"), {}};
      r.forEach("buffers", [&](Reader use) {
        call.buffers.push_back({use.string("space"), use.integer("offset"), use.integer("bytes"),
                                use.boolean("written")});
      });
      result.calls.push_back(std::move(call));
    });
  result.workspaceBytes = reader.integer("workspace_bytes");
  if (reader.dictionary && reader.dictionary.contains("thread_bytes"))
    result.threadBytes = reader.integer("thread_bytes");
  if (reader.dictionary && reader.dictionary.contains("selftest_bytes")) {
    result.selfTestBytes = reader.integer("selftest_bytes");
    if (auto tolerances = reader.get<DenseF64ArrayAttr>("selftest_tolerances"))
      result.selfTestTolerances = tolerances.asArrayRef().vec();
    failed |= result.selfTestTolerances.size() != result.outputs.size();
  }
  result.weightsBytes = reader.integer("weights_bytes");
  if (auto identity = reader.dictionary
                          ? reader.dictionary.getAs<DenseI64ArrayAttr>("weights_identity")
                          : DenseI64ArrayAttr())
    result.weightsIdentity = identity.asArrayRef().vec();
  result.functions = reader.strings("functions");
  result.parallel = reader.boolean("parallel");
  result.dynamicBatch = module->hasAttr(kDynamicBatch);
  for (const auto *tensors : {&result.inputs, &result.outputs})
    for (const TensorInterface &tensor : *tensors)
      failed |= result.dynamicBatch && tensor.shape.empty();
  if (failed)
    return module.emitError("expected the attribute '")
           << kAttribute << "' that sepconv-plan-memory writes";
  return result;
}
