//===- Product.h - a compiled model, loaded --------------------------------------===//
#pragma once

#include "sepconv/Run/Npy.h"
#include "sepconv/Support/Expression.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

#include <memory>
#include <string>

namespace mlir::sepconv {

/// An input, output or weight as NAME_description says it.
struct Port {
  std::string name, cName;
  const Dtype *dtype;
  /// Numbers and expressions in what is known only when the product runs: sizes by their names, and
  /// the batch, "?".
  std::vector<std::string> extents;
  /// What integers stand for: scale * (integer - zero point); 0 of others.
  double scale = 0;
  int64_t zeroPoint = 0;

  /// Appends those that a description lists; whether each has what is needed.
  static bool readAll(const llvm::json::Array *described, std::vector<Port> &ports);
  /// The type for certain sizes, the batch by the name `batch`.
  ArrayType typeOf(const Facts &sizes) const;
  /// Whether an array may be bound: any size may that is unknown.
  bool accepts(const ArrayType &array) const;
  /// Numbers as the nearest integers, those of float32 that integers stand for; anything else as
  /// it is.
  Array quantize(Array array) const;
  Array dequantize(Array array) const;
  /// "float32[?, height, 8, 3]"
  std::string shown() const;
};

/// A compiled model in this process. What a product says of itself in NAME_description is all that
/// is needed to call it.
class Product {
public:
  /// Loads libNAME.so, or links and loads NAME.o or libNAME.a. An error says why a file is no
  /// product or cannot run here; nothing of a file that is none is executed.
  static llvm::Expected<std::unique_ptr<Product>> load(StringRef path);
  ~Product();

  /// The prefix of its functions.
  StringRef name() const;
  /// What it says of itself.
  const llvm::json::Object &description() const { return about; }
  /// Its counters, of each call of a kernel and of all runs as a whole; none if it has none.
  MutableArrayRef<uint64_t> ticks() const;
  /// Prints what it says of itself: in lines for people, or as JSON.
  void describe(llvm::raw_ostream &stream, bool json) const;
  ArrayRef<Port> inputs() const { return inputPorts; }
  ArrayRef<Port> outputs() const { return outputPorts; }
  /// The weights that are arguments.
  ArrayRef<Port> weights() const { return weightPorts; }
  /// Whether there are weights, and they are in a file.
  bool weightsAreAFile() const { return weightsMode == "file" && weightsBytes > 0; }
  /// One image of the greatest sizes.
  Facts greatestSizes() const;

  /// Before `bind`: runs are those of the first GPU. An error says why that cannot be.
  llvm::Error useGpu();
  /// Binds the memory of the calls to come: one array for each input and weight, in their order and
  /// of their shapes (the inputs of one batch and of the same sizes), the contents of the weights'
  /// file if there is one, and the number of threads (0 for none). An error names what does not
  /// fit.
  llvm::Error bind(std::vector<Array> inputs, std::vector<Array> weights, StringRef weightsFile,
                   unsigned threads);
  /// Runs the model; an error if the status is not NAME_OK.
  llvm::Error run();
  /// Calls NAME_selftest, with the contents of the weights' file if there is one.
  llvm::Error selfTest(StringRef weightsFile);
  /// Copies the results of the last run to where `results` has them, if they are on a GPU.
  llvm::Error fetch();
  const std::vector<Array> &results() const { return outputArrays; }
  const std::vector<Array> &boundInputs() const { return inputArrays; }
  /// The batch and the dynamic sizes that are the first arguments of a run.
  ArrayRef<size_t> boundSizes() const { return sizeArguments; }

private:
  struct Call;
  Product();
  llvm::Error readDescription();
  llvm::Error checkWeightsFile(StringRef weightsFile) const;
  llvm::Error failure(StringRef function, int status) const;

  std::unique_ptr<Call> call;
  llvm::json::Object about;
  std::vector<Port> inputPorts, outputPorts, weightPorts;
  std::string weightsMode;
  size_t workspaceBytes = 0, workspaceAlignment = 1, threadBytes = 0, stackBytes = 0,
         weightsBytes = 0;
  bool threads = false, unknownBatch = false;
  std::vector<std::pair<std::string, int64_t>> dynamicSizes; // and the greatest of each
  std::vector<Array> inputArrays, outputArrays, weightArrays;
  SmallVector<size_t> sizeArguments;
};

} // namespace mlir::sepconv
