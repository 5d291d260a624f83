//===- Graph.cpp - from the nodes of a graph to operations -----------------------===//

#include "Graph.h"
#include "../Operations/FoldConstants.h"
#include "Quantization.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::onnx;
using onnxproto::AttributeProto;
using onnxproto::FunctionProto;
using onnxproto::GraphProto;
using onnxproto::NodeProto;
using onnxproto::TensorProto;

/// Calls of functions inside of functions, and graphs inside of graphs.
static constexpr unsigned maxDepth = 32;
static constexpr int64_t maxNodes = 1 << 18;

/// The standard domain has two names.
static StringRef domainOf(StringRef domain) { return domain == "ai.onnx" ? "" : domain; }

template <typename Imports> static StringMap<int64_t> versionsOf(const Imports &imports) {
  StringMap<int64_t> versions;
  for (const auto &import : imports)
    versions[domainOf(import.domain())] = import.version();
  return versions;
}

GraphImporter::GraphImporter(const onnxproto::ModelProto &model, Problems &problems,
                             OpBuilder &builder)
    : problems(problems), builder(builder), model(model),
      tensors(builder.getContext(), problems.getFile()) {
  main.versions = versionsOf(model.opset_import());
}

Value Scope::lookup(StringRef name) const {
  auto found = values.find(name);
  if (found != values.end())
    return found->second;
  return outer ? outer->lookup(name) : Value();
}

bool Scope::contains(StringRef name) const {
  return values.contains(name) || (outer && outer->contains(name));
}

//===----------------------------------------------------------------------===//
// Operators
//===----------------------------------------------------------------------===//

const FunctionProto *GraphImporter::findFunction(const NodeProto &node) const {
  for (const FunctionProto &function : model.functions())
    if (function.name() == node.op_type() && function.overload() == node.overload() &&
        domainOf(function.domain()) == domainOf(node.domain()))
      return &function;
  return nullptr;
}

/// What the tables call a node's operator.
static std::string operatorOf(const NodeProto &node) {
  StringRef domain = domainOf(node.domain());
  return domain.empty() ? node.op_type() : (domain + "::" + node.op_type()).str();
}

void GraphImporter::findUnsupported(const Nodes &nodes, const Frame &frame, Unsupported &found) {
  for (const NodeProto &node : nodes) {
    StringRef domain = domainOf(node.domain());
    int64_t version = frame.versions.lookup(domain);
    bool isKnown = findFunction(node) || findOperator(operatorOf(node), version);
    if (!isKnown)
      ++found[{domain.str(), node.op_type(), version}];
    for (const AttributeProto &attribute : node.attribute())
      if (attribute.has_g())
        findUnsupported(attribute.g().node(), frame, found);
  }
}

bool GraphImporter::checkOperators() {
  int64_t version = main.versions.lookup("");
  if (version > newest) {
    problems.error() << "is of version " << version << " of the operator set, expected at most "
                     << newest;
    return false;
  }
  Unsupported found;
  findUnsupported(model.graph().node(), main, found);
  for (const FunctionProto &function : model.functions()) {
    Frame frame;
    frame.versions = versionsOf(function.opset_import());
    findUnsupported(function.node(), frame, found);
  }
  for (const auto &[key, count] : found) {
    const auto &[domain, name, of] = key;
    InFlightDiagnostic diag = problems.error();
    diag << "the operator " << quoted(name) << " of version " << of;
    if (!domain.empty())
      diag << " of the domain " << quoted(domain);
    diag << ", in " << count << (count == 1 ? " node" : " nodes") << ", is not supported";
    if (domain.empty())
      diag << adviceFor(name);
  }
  return found.empty();
}

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

int32_t GraphImporter::dataType(Value value) const {
  auto found = types.find(value);
  return found != types.end() ? found->second : dataTypeOf(ops::elementOf(value));
}

Value GraphImporter::constant(const TensorProto &tensor, NodeContext &node) {
  Expected<DenseElementsAttr> elements = tensors.read(tensor);
  if (!elements) {
    node.error("value") << toString(elements.takeError());
    return {};
  }
  Value value = arith::ConstantOp::create(builder, node.loc, *elements);
  setDataType(value, tensor.data_type());
  return value;
}

bool GraphImporter::importInitializers(const GraphProto &graph, Scope &scope) {
  for (const TensorProto &tensor : graph.initializer()) {
    Expected<DenseElementsAttr> elements = tensors.read(tensor);
    if (!elements) {
      problems.error() << "initializer " << quoted(tensor.name()) << ": "
                       << toString(elements.takeError());
      continue;
    }
    Location loc = NameLoc::get(builder.getStringAttr(tensor.name()));
    Value value = arith::ConstantOp::create(builder, loc, *elements);
    setDataType(value, tensor.data_type());
    scope.values[tensor.name()] = value;
  }
  for (const onnxproto::SparseTensorProto &tensor : graph.sparse_initializer())
    problems.error() << "initializer " << quoted(tensor.values().name())
                     << ": sparse tensors are not supported; export it as a dense one";
  return !problems.any();
}

//===----------------------------------------------------------------------===//
// Nodes
//===----------------------------------------------------------------------===//

/// What folds is a constant, and integers are of the same kind as those that they come from.
void GraphImporter::finish(NodeContext &node, const Operator &op, Results &results) {
  ArrayRef<Value> inputs = node.getInputs();
  bool isKnown =
      llvm::all_of(inputs, [](Value input) { return !input || matchPattern(input, m_Constant()); });
  for (Value &result : results) {
    if (!result)
      continue;
    if (ops::rankOf(result) > maxRank) {
      node.error() << "expected a result of at most " << maxRank << " dimensions, found "
                   << ops::rankOf(result);
      result = Value();
      continue;
    }
    int32_t type = dataType(result);
    if (!types.contains(result) && op.like == truth)
      type = Bool;
    else if (!types.contains(result))
      for (Value input : inputs.drop_front(std::min<size_t>(op.like, inputs.size())))
        if (input && ops::elementOf(input) == ops::elementOf(result)) {
          type = dataType(input);
          break;
        }
    if (isKnown)
      result = ops::foldConstants(node, result);
    setDataType(result, type);
  }
}

Results GraphImporter::importCall(const FunctionProto &function, NodeContext &node) {
  if (node.frame.depth > maxDepth) {
    node.error() << "functions call each other more than " << maxDepth << " deep";
    return {};
  }
  StringMap<const AttributeProto *> attributes;
  for (const AttributeProto &attribute : function.attribute_proto())
    attributes[attribute.name()] = &attribute;
  for (const AttributeProto &attribute : node.node.attribute())
    if (const AttributeProto *found = node.attribute(attribute.name()))
      attributes[attribute.name()] = found;
  Scope scope;
  for (auto [index, name] : llvm::enumerate(function.input()))
    scope.values[name] = node.input(index);
  Frame frame;
  frame.versions = versionsOf(function.opset_import());
  frame.attributes = &attributes;
  frame.depth = node.frame.depth + 1;
  importNodes(function.node(), frame, scope);
  Results results;
  for (const std::string &name : function.output())
    results.push_back(scope.lookup(name));
  return results;
}

Results GraphImporter::importNode(const NodeProto &node, const Frame &frame,
                                  ArrayRef<Value> inputs) {
  int64_t version = frame.versions.lookup(domainOf(node.domain()));
  NodeContext context(*this, frame, node, version, inputs);
  if (const FunctionProto *function = findFunction(node))
    return importCall(*function, context);
  const Operator *op = findOperator(operatorOf(node), version);
  if (!op) // in a graph that was not looked at before
    return {};
  for (const AttributeProto &attribute : node.attribute())
    if (!llvm::is_contained(op->attributes, attribute.name()))
      context.error() << "attribute " << quoted(attribute.name()) << " is not known";
  if (inputs.size() < op->minInputs || inputs.size() > op->maxInputs ||
      llvm::is_contained(inputs.take_front(op->minInputs), Value()))
    context.error() << "expected " << op->minInputs
                    << (op->minInputs == op->maxInputs ? "" : " or more") << " inputs, found "
                    << inputs.size() - llvm::count(inputs, Value());
  bool isDynamic = llvm::any_of(inputs, [](Value input) { return input && ops::isDynamic(input); });
  if (isDynamic && !takesDynamicSizes(*op))
    context.error() << "expected an input of known sizes; give --height, --width or --size one "
                       "size each";
  if (context.failed())
    return {};
  std::optional<Results> moved = moveIntegers(context, *op);
  Results results = moved ? *moved : op->import(context);
  // Old versions have as attributes what newer ones have as inputs; here there is neither.
  if (!context.failed() && (results.empty() || !results.front()))
    context.error() << "an attribute or an input is missing that says a shape, axes or a number";
  if (context.failed())
    return {};
  finish(context, *op, results);
  return results;
}

void GraphImporter::importNodes(const Nodes &nodes, const Frame &outer, Scope &scope) {
  Frame frame = outer;
  frame.scope = &scope;
  for (const NodeProto &node : nodes) {
    if (++imported > maxNodes) {
      problems.error() << "has more than " << maxNodes
                       << " nodes once calls and loops are expanded";
      return;
    }
    SmallVector<Value> inputs;
    bool isReady = true;
    for (const std::string &name : node.input()) {
      inputs.push_back(name.empty() ? Value() : scope.lookup(name));
      if (!name.empty() && !scope.contains(name))
        problems.error() << "node " << quoted(node.name()) << " (" << node.op_type() << "): reads "
                         << quoted(name) << ", which no node before it makes";
      // What was reported is not known.
      isReady = isReady && (name.empty() || inputs.back());
    }
    while (!inputs.empty() && !inputs.back())
      inputs.pop_back();
    Results results = isReady ? importNode(node, frame, inputs) : Results();
    for (auto [index, name] : llvm::enumerate(node.output()))
      if (!name.empty())
        scope.values[name] = index < results.size() ? results[index] : Value();
  }
}

Results GraphImporter::importSubgraph(const GraphProto &graph, const Frame &outer,
                                      ArrayRef<Value> arguments, NodeContext &node) {
  Frame frame = outer;
  if (++frame.depth > maxDepth) {
    node.error() << "graphs are more than " << maxDepth << " deep";
    return {};
  }
  Scope scope;
  scope.outer = outer.scope;
  for (auto [input, argument] : llvm::zip(graph.input(), arguments))
    scope.values[input.name()] = argument;
  if (!importInitializers(graph, scope))
    return {};
  importNodes(graph.node(), frame, scope);
  Results results;
  for (const onnxproto::ValueInfoProto &output : graph.output())
    results.push_back(scope.lookup(output.name()));
  return results;
}

SmallVector<Value> GraphImporter::run(Scope &scope) {
  if (!importInitializers(model.graph(), scope))
    return {};
  importNodes(model.graph().node(), main, scope);
  SmallVector<Value> outputs;
  for (const onnxproto::ValueInfoProto &output : model.graph().output()) {
    if (!scope.contains(output.name()))
      problems.error() << "output " << quoted(output.name()) << ": no node makes it";
    outputs.push_back(scope.lookup(output.name()));
  }
  return outputs;
}
