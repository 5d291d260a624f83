//===- Node.cpp - attributes and inputs of one node ------------------------------===//

#include "Node.h"
#include "../Operations/Elementwise.h"
#include "../Operations/FoldConstants.h"
#include "Graph.h"

#include "llvm/ADT/StringExtras.h"

#include <cmath>

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::onnx;
using onnxproto::AttributeProto;

/// AttributeProto.AttributeType
enum AttributeType {
  FloatAttribute = 1,
  IntAttribute,
  StringAttribute,
  TensorAttribute,
  GraphAttribute,
  FloatsAttribute,
  IntsAttribute
};

/// A node's name, or that of its first output.
static StringRef nameOf(const onnxproto::NodeProto &node) {
  if (!node.name().empty() || node.output_size() == 0)
    return node.name();
  return node.output(0);
}

NodeContext::NodeContext(GraphImporter &graph, const Frame &frame, const onnxproto::NodeProto &node,
                         int64_t version, ArrayRef<Value> inputs)
    : TensorBuilder(graph.builder,
                    NameLoc::get(graph.builder.getStringAttr(
                        ::nameOf(node).empty() ? StringRef(node.op_type()) : ::nameOf(node)))),
      graph(graph), frame(frame), node(node), version(version),
      inputs(inputs.begin(), inputs.end()) {}

InFlightDiagnostic NodeContext::error() {
  wrong = true;
  InFlightDiagnostic diag = graph.problems.error();
  diag << "node " << quoted(::nameOf(node)) << " (" << node.op_type() << "): ";
  return diag;
}

InFlightDiagnostic NodeContext::error(StringRef argument) {
  InFlightDiagnostic diag = error();
  diag << (has(argument) ? "attribute '" : "input '") << argument << "': ";
  return diag;
}

void NodeContext::unsupported(StringRef name, const Twine &expected) {
  wrong = true;
  InFlightDiagnostic diag = graph.problems.error();
  diag << "node " << quoted(::nameOf(node)) << " (" << node.op_type() << "): attribute '" << name
       << "': expected " << expected;
  if (const AttributeProto *found = attribute(name)) {
    if (found->has_s())
      diag << ", found " << quoted(found->s());
    else if (found->has_i())
      diag << ", found " << found->i();
    else if (found->has_f())
      diag << ", found " << std::to_string(found->f());
  } else {
    diag << ", found none";
  }
}

int32_t NodeContext::dataType(Value value) const { return graph.dataType(value); }

void NodeContext::setDataType(Value value, int32_t type) { graph.setDataType(value, type); }

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

const AttributeProto *NodeContext::attribute(StringRef name) const {
  for (const AttributeProto &found : node.attribute())
    if (found.name() == name) {
      if (!found.has_ref_attr_name() || found.ref_attr_name().empty())
        return &found;
      return frame.attributes ? frame.attributes->lookup(found.ref_attr_name()) : nullptr;
    }
  return nullptr;
}

int64_t NodeContext::integer(StringRef name, std::optional<int64_t> otherwise) {
  const AttributeProto *found = attribute(name);
  if (found ? !found->has_i() : !otherwise)
    unsupported(name, "an integer");
  return found ? found->i() : otherwise.value_or(1);
}

double NodeContext::number(StringRef name, std::optional<double> otherwise) {
  const AttributeProto *found = attribute(name);
  if (found ? !found->has_f() : !otherwise)
    unsupported(name, "a number");
  return found ? found->f() : otherwise.value_or(1);
}

StringRef NodeContext::text(StringRef name, StringRef otherwise) {
  const AttributeProto *found = attribute(name);
  if (found && !found->has_s())
    unsupported(name, "a text");
  return found ? StringRef(found->s()) : otherwise;
}

StringRef NodeContext::choice(StringRef name, ArrayRef<StringRef> allowed) {
  StringRef value = text(name, allowed.front());
  if (llvm::is_contained(allowed, value))
    return value;
  unsupported(name, "one of '" + llvm::join(allowed, "', '") + "'");
  return allowed.front();
}

std::optional<SmallVector<int64_t>> NodeContext::integers(StringRef name) {
  const AttributeProto *found = attribute(name);
  if (!found)
    return std::nullopt;
  if (found->has_i() || found->has_f() || found->has_s() || found->floats_size())
    unsupported(name, "a list of integers");
  return SmallVector<int64_t>(found->ints().begin(), found->ints().end());
}

std::optional<SmallVector<double>> NodeContext::numbers(StringRef name) {
  const AttributeProto *found = attribute(name);
  if (!found)
    return std::nullopt;
  if (found->has_i() || found->has_f() || found->has_s() || found->ints_size())
    unsupported(name, "a list of numbers");
  return SmallVector<double>(found->floats().begin(), found->floats().end());
}

Value NodeContext::tensor(StringRef name) {
  const AttributeProto *found = attribute(name);
  if (!found || !found->has_t()) {
    unsupported(name, "a tensor");
    return {};
  }
  return graph.constant(found->t(), *this);
}

//===----------------------------------------------------------------------===//
// Inputs
//===----------------------------------------------------------------------===//

std::optional<SmallVector<int64_t>> NodeContext::constants(size_t index, StringRef name) {
  if (!input(index))
    return std::nullopt;
  auto found = ops::constantIntegers(input(index));
  if (!found)
    error(name) << "expected integers that are known when the model is compiled, found ones that "
                   "are computed from its inputs";
  return found;
}

std::optional<int64_t> NodeContext::one(size_t index, StringRef name,
                                        std::optional<int64_t> otherwise) {
  if (!input(index) && otherwise)
    return otherwise;
  auto found = constants(index, name);
  if (found && found->size() == 1)
    return found->front();
  if (!failed())
    error(name) << "expected one integer, found " << (found ? found->size() : 0);
  return std::nullopt;
}

std::optional<SmallVector<double>> NodeContext::constantNumbers(size_t index, StringRef name) {
  if (!input(index))
    return std::nullopt;
  auto found = ops::constantNumbers(input(index));
  if (!found)
    error(name) << "expected numbers that are known when the model is compiled, found ones that "
                   "are computed from its inputs";
  return found;
}

std::optional<SmallVector<int64_t>> NodeContext::list(StringRef name, size_t index) {
  return has(name) ? integers(name) : constants(index, name);
}

std::optional<int64_t> NodeContext::axis(StringRef name, std::optional<int64_t> otherwise,
                                         size_t index) {
  int64_t axis = integer(name, otherwise);
  return failed() ? std::nullopt : dimension(input(index), name, axis);
}

Value NodeContext::cast(Value value, int32_t dataType) {
  Type element = elementType(builder.getContext(), dataType);
  if (!value || !element || this->dataType(value) == dataType)
    return element ? value : Value();
  Value result = ops::convertTo(*this, value, element);
  if (unsigned bits = unsignedBits(dataType))
    result = ops::apply(*this, "bitwise_and", {result, splat({}, element, std::exp2(bits) - 1)});
  if (result == value) // another value, whose numbers are of another kind
    result = ops::apply(*this, "bitwise_or", {value, splat({}, element, 0)});
  graph.setDataType(result, dataType);
  return result;
}

size_t NodeContext::outputCount() const { return node.output_size(); }

bool NodeContext::wants(size_t output) const {
  return output < outputCount() && !node.output(output).empty();
}

Results NodeContext::subgraph(StringRef name, ArrayRef<Value> arguments) {
  const AttributeProto *found = attribute(name);
  if (!found || !found->has_g()) {
    unsupported(name, "a graph");
    return {};
  }
  return graph.importSubgraph(found->g(), frame, arguments, *this);
}

size_t NodeContext::subgraphInputs(StringRef name) {
  const AttributeProto *found = attribute(name);
  return found ? found->g().input_size() : 0;
}
