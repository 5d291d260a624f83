//===- ProductInterface.h - the C interface of a product -------------------------===//
//
// One place for what the C entry, the header, the description and the report must agree on.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "sepconv/Product/ModelInterface.h"

namespace mlir::sepconv {

/// Where the weights of a product are.
enum class WeightsMode { Embedded, File, Arguments };
std::optional<WeightsMode> parseWeightsMode(StringRef text);
StringRef stringify(WeightsMode mode);

/// A status of NAME_run; its value is its place in the list.
struct Status {
  llvm::StringLiteral constant; // NAME_OK, without NAME_
  llvm::StringLiteral message;
};
enum StatusValue {
  OK,
  NullPointer,
  Misaligned,
  TooSmall,
  UnsupportedCPU,
  UnsupportedSize,
  WrongWeights,
  WrongResult
};

/// Whether a text can be the prefix of C functions.
bool isCIdentifier(StringRef text);
/// Why one cannot.
std::string nameProblem(StringRef text);
/// The closest C identifier to any text.
std::string toCIdentifier(StringRef text);

struct ProductInterface {
  std::string name;      // the prefix, a C identifier
  std::string modelName; // the model's own name
  std::string target;    // the name of the target
  WeightsMode weightsMode = WeightsMode::Embedded;
  ModelInterface model;
  bool isProfiled = false; // NAME_profile gives the times of its calls
  int64_t stackBytes = 0;  // what a thread needs: known when the code has been made

  /// C names of the tensors: different from each other, from keywords and from other parameters.
  std::vector<std::string> inputNames, outputNames, weightNames;

  /// Reads a module that went through sepconv-plan-memory.
  static FailureOr<ProductInterface> get(ModuleOp module, StringRef name, WeightsMode weights);

  /// The same of every product.
  ArrayRef<Status> statuses() const;
  /// How many elements a tensor has along each dimension, in C and as sepconv-run reads it: numbers
  /// and expressions in the names of the dynamic sizes. `inC` is the form of a name in C.
  std::vector<std::string> extents(const TensorInterface &tensor, bool inC) const;

  /// The bytes of weights that the caller does not pass as typed arguments.
  bool weightsAreAFile() const {
    return weightsMode == WeightsMode::File && model.weightsBytes > 0;
  }
  /// The JSON text of NAME_description, and of the report, which also has the calls.
  std::string description() const { return describe("", /*isReport=*/false); }
  std::string report(StringRef cuda) const { return describe(cuda, /*isReport=*/true); }
  /// How the description names a model.
  static std::string modelText(StringRef model);

private:
  std::string describe(StringRef cuda, bool isReport) const;
};

/// Writes the size of the stack into the description that is in a product's code, object or
/// assembly.
void setStackBytes(MutableArrayRef<char> code, int64_t bytes);

} // namespace mlir::sepconv
