//===- Tflite.cpp - from a TFLite file to a function -----------------------------===//

#include "sepconv/Import/Tflite.h"

#include "../Edge.h"
#include "../Operations/Elementwise.h"
#include "Network.h"

#include "sepconv/IR/Buffer.h"
#include "sepconv/IR/Window.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/Support/Path.h"

#include <map>

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::tflite;

namespace {

/// What becomes the function: one of the graphs, with the names of its inputs and outputs.
struct Entry {
  size_t graph = 0;
  std::map<uint32_t, StringRef> inputs, outputs;
};

} // namespace

/// The signature that was asked for, the only one or the one for serving; the first graph without
/// signatures. Nothing after reporting.
static std::optional<Entry> chooseEntry(const Model &model, StringRef asked, Problems &problems) {
  ArrayRef<const schema::SignatureDef *> signatures = model.getSignatures();
  if (signatures.empty() && asked.empty())
    return Entry();
  const schema::SignatureDef *chosen =
      signatures.size() == 1 && asked.empty() ? signatures.front() : nullptr;
  StringRef wanted = asked.empty() ? "serving_default" : asked;
  for (const schema::SignatureDef *signature : signatures)
    if (textOf(signature->signature_key()) == wanted)
      chosen = signature;
  if (!chosen) {
    InFlightDiagnostic diag = problems.error();
    diag << (asked.empty() ? "has several signatures; choose one by --signature, of "
                           : "has no signature ");
    if (!asked.empty())
      diag << quoted(asked) << (signatures.empty() ? ", and no other" : "; there are ");
    llvm::interleaveComma(signatures, diag, [&](const schema::SignatureDef *signature) {
      diag << quoted(textOf(signature->signature_key()));
    });
    return std::nullopt;
  }
  Entry entry;
  entry.graph = chosen->subgraph_index();
  for (const schema::TensorMap *tensor : tables(chosen->inputs()))
    entry.inputs[tensor->tensor_index()] = textOf(tensor->name());
  for (const schema::TensorMap *tensor : tables(chosen->outputs()))
    entry.outputs[tensor->tensor_index()] = textOf(tensor->name());
  return entry;
}

namespace {

/// What the options say of sizes that the file leaves open.
struct OpenSizes {
  explicit OpenSizes(const TfliteImportOptions &options)
      : batch(options.batch), images{options.height, options.width} {}

  /// The shape of an input, of one image if the batch is dynamic; nothing after reporting.
  std::optional<SmallVector<int64_t>> shapeOf(const schema::Tensor &tensor, StringRef name,
                                              Problems &problems);
  /// Reports a height or a width that no input leaves open.
  void checkUsed(Problems &problems) const;

  int64_t batch;
  std::optional<int64_t> images[2];
  bool isUsed[2] = {false, false};
};

} // namespace

std::optional<SmallVector<int64_t>> OpenSizes::shapeOf(const schema::Tensor &tensor, StringRef name,
                                                       Problems &problems) {
  SmallVector<int64_t> shape(numbers(tensor.shape()));
  if (auto signature = numbers(tensor.shape_signature()); signature.size() == shape.size())
    shape.assign(signature.begin(), signature.end());
  llvm::replace(shape, int64_t(-1), ShapedType::kDynamic);
  SmallVector<int64_t> found(shape);
  auto error = [&]() -> InFlightDiagnostic {
    InFlightDiagnostic diag = problems.error();
    diag << "input " << quoted(name) << ": ";
    return diag;
  };
  bool isDynamic = ShapedType::isDynamic(batch);
  if (!shape.empty() && shape.front() < 0) {
    shape.front() = isDynamic ? 1 : batch;
  } else if (isDynamic || batch != 1) {
    error() << "expected a batch that the model leaves open, for --batch="
            << (isDynamic ? "dynamic" : std::to_string(batch)) << ", found shape " << shown(found);
    return std::nullopt;
  }
  for (size_t i = 0; i < 2 && shape.size() == 4; ++i)
    if (shape[i + 1] < 0 && images[i]) {
      shape[i + 1] = *images[i];
      isUsed[i] = true;
    }
  for (int64_t size : shape)
    if (size < 1) {
      error() << "expected a shape of known sizes, found " << shown(found)
              << "; --height and --width say those of images";
      return std::nullopt;
    }
  if (!isTooLarge(shape))
    return shape;
  error() << "shape " << shown(found) << " is too large";
  return std::nullopt;
}

void OpenSizes::checkUsed(Problems &problems) const {
  for (size_t i : {0, 1})
    if (images[i] && !isUsed[i])
      problems.error() << (i ? "--width" : "--height")
                       << " has no effect: the model has no image whose "
                       << (i ? "width" : "height") << " is open";
}

/// What the caller knows a tensor by: its name, and whether its bytes have a sign.
static DictionaryAttr describe(OpBuilder &builder, StringRef name, const schema::Tensor &tensor) {
  SmallVector<NamedAttribute> attributes{
      builder.getNamedAttr("sepconv.name", builder.getStringAttr(name))};
  if (tensor.type() == schema::TensorType::UINT8)
    attributes.push_back(builder.getNamedAttr(kDtype, builder.getStringAttr("uint8")));
  if (auto by = quantizationOf(tensor); by && !by->isEach()) {
    attributes.push_back(
        builder.getNamedAttr("sepconv.scale", builder.getF32FloatAttr(by->scale())));
    attributes.push_back(
        builder.getNamedAttr("sepconv.zero_point", builder.getI64IntegerAttr(by->zero())));
  }
  return builder.getDictionaryAttr(attributes);
}

/// What a caller has: bytes without a sign, which are wider inside unless they have a scale, and
/// truth values; null if that is not supported.
static Type outsideType(OpBuilder &builder, const schema::Tensor &tensor) {
  if (tensor.type() == schema::TensorType::BOOL)
    return builder.getI1Type();
  return tensor.type() == schema::TensorType::UINT8 ? builder.getI8Type()
                                                    : elementType(builder, tensor);
}

/// What the caller of the product knows a tensor by.
static StringRef nameOf(const Graph &graph, int32_t tensor,
                        const std::map<uint32_t, StringRef> &names) {
  auto found = names.find(tensor);
  return found == names.end() || found->second.empty() ? nameOf(*graph.tensors[tensor])
                                                       : found->second;
}

static void buildFunction(ModuleOp module, const Model &model, const Entry &entry, OpenSizes sizes,
                          Problems &problems) {
  const Graph &graph = model.getGraphs()[entry.graph];
  OpBuilder builder = OpBuilder::atBlockEnd(module.getBody());
  auto function =
      func::FuncOp::create(builder, module.getLoc(), "main", builder.getFunctionType({}, {}));
  Block *body = function.addEntryBlock();
  builder.setInsertionPointToEnd(body);
  SmallVector<Value> inputs;
  for (auto [position, tensor] : llvm::enumerate(graph.inputs)) {
    const schema::Tensor &described = *graph.tensors[tensor];
    StringRef name = nameOf(graph, tensor, entry.inputs);
    auto shape = sizes.shapeOf(described, name, problems);
    Type element = outsideType(builder, described);
    if (!element)
      problems.error() << "input " << quoted(name) << ": numbers of type "
                       << schema::EnumNameTensorType(described.type()) << " are not supported";
    if (!shape || !element)
      continue;
    Location loc = NameLoc::get(builder.getStringAttr(name));
    if (failed(function.insertArgument(inputs.size(), RankedTensorType::get(*shape, element),
                                       describe(builder, name, described), loc)))
      continue;
    bool isWide = element.isInteger(8) && elementType(builder, described) != element;
    Edge edge(problems, builder, loc);
    inputs.push_back(
        ops::fromOutside(edge, body->getArgument(inputs.size()), isWide ? "uint8" : ""));
  }
  sizes.checkUsed(problems);
  if (problems.any())
    return;
  SmallVector<Value> outputs = NetworkImporter(model, problems, builder).run(entry.graph, inputs);
  if (outputs.empty())
    problems.error() << "graph " << entry.graph << " has no outputs";
  if (problems.any())
    return;
  Edge edge(problems, builder, module.getLoc());
  for (auto [value, tensor] : llvm::zip_equal(outputs, graph.outputs)) {
    auto kind = graph.tensors[tensor]->type();
    if (kind == schema::TensorType::BOOL || kind == schema::TensorType::UINT8)
      value = ops::convertTo(edge, value, outsideType(builder, *graph.tensors[tensor]));
  }
  func::ReturnOp::create(builder, module.getLoc(), outputs);
  // What was folded, and what no output needs.
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(*body)))
    if (isOpTriviallyDead(&op))
      op.erase();
  function.setFunctionType(
      builder.getFunctionType(body->getArgumentTypes(), ValueRange(outputs).getTypes()));
  for (auto [index, tensor] : llvm::enumerate(graph.outputs))
    function.setResultAttrs(
        index, describe(builder, nameOf(graph, tensor, entry.outputs), *graph.tensors[tensor]));
}

OwningOpRef<ModuleOp> sepconv::importTflite(StringRef path, const TfliteImportOptions &options,
                                            MLIRContext *context) {
  context->loadDialect<SepConvDialect, arith::ArithDialect, func::FuncDialect,
                       linalg::LinalgDialect, math::MathDialect, tensor::TensorDialect>();
  Problems problems(context, path);
  std::unique_ptr<Model> model = Model::open(path, problems);
  if (!model)
    return {};
  std::optional<Entry> entry = chooseEntry(*model, options.signature, problems);
  if (!entry || !checkOperators(*model, entry->graph, problems))
    return {};
  std::string name =
      options.modelName.empty() ? llvm::sys::path::stem(path).str() : options.modelName;
  OwningOpRef<ModuleOp> module = ModuleOp::create(FileLineColLoc::get(context, path, 0, 0));
  OpBuilder builder(context);
  (*module)->setAttr("sepconv.model", builder.getStringAttr(name));
  if (ShapedType::isDynamic(options.batch))
    (*module)->setAttr(kDynamicBatch, builder.getUnitAttr());
  buildFunction(*module, *model, *entry, OpenSizes(options), problems);
  if (problems.any())
    return {};
  if (failed(verify(*module))) {
    problems.error() << "the imported model is not valid; this is an error of the importer";
    return {};
  }
  return module;
}
