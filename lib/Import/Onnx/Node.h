//===- Node.h - how the importer reads one node of a graph -----------------------===//
//
// An operator is an entry in a table: its name, its versions, a function that reads the attributes
// and builds operations, and the attributes that it reads. Others are reported.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "../Operations/TensorBuilder.h"
#include "../Problems.h"
#include "Tensors.h"

#include <functional>

namespace mlir::sepconv::onnx {

class GraphImporter;
struct Frame;

/// What a node makes; of most it is one tensor.
struct Results : SmallVector<Value, 1> {
  Results() = default;
  Results(Value value) { push_back(value); }
  Results(ArrayRef<Value> values) { append(values.begin(), values.end()); }
};

/// One node: typed access to its attributes and its inputs.
class NodeContext : public ops::TensorBuilder {
public:
  NodeContext(GraphImporter &graph, const Frame &frame, const onnxproto::NodeProto &node,
              int64_t version, ArrayRef<Value> inputs);

  InFlightDiagnostic error() override;
  InFlightDiagnostic error(StringRef argument) override;

  // Attributes. A missing or wrong one is reported, and some legal value returned.
  const onnxproto::AttributeProto *attribute(StringRef name) const;
  bool has(StringRef name) const { return attribute(name); }
  int64_t integer(StringRef name, std::optional<int64_t> otherwise = std::nullopt);
  double number(StringRef name, std::optional<double> otherwise = std::nullopt);
  StringRef text(StringRef name, StringRef otherwise);
  /// A text that is one of a few, the first one if there is none.
  StringRef choice(StringRef name, ArrayRef<StringRef> allowed);
  std::optional<SmallVector<int64_t>> integers(StringRef name);
  std::optional<SmallVector<double>> numbers(StringRef name);
  /// Reports an attribute whose value is not what is supported.
  void unsupported(StringRef name, const Twine &expected);

  // Inputs.
  size_t inputCount() const { return inputs.size(); }
  /// Null if the node does not name it.
  Value input(size_t index = 0) const { return index < inputs.size() ? inputs[index] : Value(); }
  ArrayRef<Value> getInputs() const { return inputs; }
  ArrayRef<int64_t> shape(size_t index = 0) const { return ops::shapeOf(input(index)); }
  int64_t rank(size_t index = 0) const { return ops::rankOf(input(index)); }
  /// The elements of an input of integers, which must be a constant; nothing if the node does not
  /// name it, or after reporting.
  std::optional<SmallVector<int64_t>> constants(size_t index, StringRef name);
  std::optional<SmallVector<double>> constantNumbers(size_t index, StringRef name);
  /// The one element of such an input, `otherwise` if the node does not name it.
  std::optional<int64_t> one(size_t index, StringRef name, std::optional<int64_t> otherwise);
  /// A list that is an attribute in old versions, and an input in new ones.
  std::optional<SmallVector<int64_t>> list(StringRef name, size_t index);
  /// The dimension of an axis that an attribute has; nothing after reporting.
  std::optional<int64_t> axis(StringRef name, std::optional<int64_t> otherwise, size_t index = 0);

  int32_t dataType(Value value) const;
  void setDataType(Value value, int32_t dataType);
  /// A tensor of this data type; Bool makes truth values.
  Value cast(Value value, int32_t dataType);
  /// The constant of an attribute that is a tensor; null after reporting.
  Value tensor(StringRef name);
  /// The outputs of a graph that is an attribute.
  Results subgraph(StringRef name, ArrayRef<Value> arguments);
  size_t subgraphInputs(StringRef name);

  bool failed() const { return wrong; }
  /// Of a part of this node, a problem was reported.
  void fail() { wrong = true; }
  size_t outputCount() const;
  bool wants(size_t output) const;

  GraphImporter &graph;
  const Frame &frame;
  const onnxproto::NodeProto &node;
  const int64_t version;

private:
  SmallVector<Value, 4> inputs;
  bool wrong = false;
};

/// Reads one node and returns its results; null after reporting.
using Import = std::function<Results(NodeContext &)>;

/// What an operator's integers are: those of the input of this index, or truth values.
constexpr int64_t truth = -1;

struct Operator {
  StringRef name;
  /// The versions of the operator set in which it is this one.
  int64_t since, until;
  Import import;
  std::vector<StringRef> attributes;
  size_t minInputs = 1, maxInputs = 1;
  int64_t like = 0;
};

constexpr int64_t newest = 28;

// The tables, one for each file.
ArrayRef<Operator> activationOperators();
ArrayRef<Operator> attentionOperators();
ArrayRef<Operator> constantOperators();
ArrayRef<Operator> controlOperators();
ArrayRef<Operator> convolutionOperators();
ArrayRef<Operator> elementwiseOperators();
ArrayRef<Operator> integerOperators();
ArrayRef<Operator> lookupOperators();
ArrayRef<Operator> normalizationOperators();
ArrayRef<Operator> poolingOperators();
ArrayRef<Operator> recurrentOperators();
ArrayRef<Operator> quantizationOperators();
ArrayRef<Operator> quantizedOperators();
ArrayRef<Operator> reductionOperators();
ArrayRef<Operator> regionOperators();
ArrayRef<Operator> resizingOperators();
ArrayRef<Operator> shapingOperators();
ArrayRef<Operator> spectrumOperators();

/// The operator of a version of the standard domain, or of another one as "domain::name"; null if
/// it is not supported.
const Operator *findOperator(StringRef name, int64_t version);
/// Whether the heights and widths of an operator's inputs may be dynamic.
bool takesDynamicSizes(const Operator &op);
/// What to do about an operator of the standard domain that is not supported, or which one has the
/// most similar name.
std::string adviceFor(StringRef name);
StringRef nearestOperator(StringRef name);

} // namespace mlir::sepconv::onnx
