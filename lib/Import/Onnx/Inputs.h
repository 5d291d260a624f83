//===- Inputs.h - the inputs of a model and their sizes --------------------------===//
#pragma once

#include "../Problems.h"
#include "Tensors.h"

#include "sepconv/Import/Onnx.h"

#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/StringSet.h"

namespace mlir::sepconv::onnx {

struct Input {
  std::string name;
  /// As a caller has it.
  RankedTensorType type;
  int32_t dataType;
  /// One for each dynamic size of the type.
  SmallVector<Attribute> dynamic;
};

/// The inputs that are no initializers; the options say what their unknown sizes are.
class Inputs {
public:
  Inputs(const onnxproto::GraphProto &graph, const OnnxImportOptions &options, Problems &problems)
      : graph(graph), options(options), problems(problems) {}

  /// False after reporting.
  bool read();

  std::vector<Input> list;

private:
  /// What a size can be, and the name of a dynamic one.
  using NamedRange = std::pair<std::string, SizeRange>;

  std::optional<NamedRange> unknownSize(const onnxproto::TensorShapeProto &shape, int64_t dim);
  void readInput(const onnxproto::ValueInfoProto &value);
  void checkOptions();

  const onnxproto::GraphProto &graph;
  const OnnxImportOptions &options;
  Problems &problems;
  /// The options that had an effect.
  llvm::StringSet<> used;
};

/// The type of an image, of rank 4, with its channels last; others as they are.
RankedTensorType channelsLast(RankedTensorType type);
Value toChannelsLast(OpBuilder &builder, Value value);
Value toChannelsFirst(OpBuilder &builder, Value value);

} // namespace mlir::sepconv::onnx
