//===- Advice.cpp - what to do about operators that are not supported --------------===//

#include "Node.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;

static ArrayRef<Advice> advices() {
  static const Advice table[] = {
      {"it is of texts: do it before or after the network",
       {"RegexFullMatch", "StringConcat", "StringNormalizer", "StringSplit", "TfIdfVectorizer"}},
      {"it reads files: give the network the pixels", {"ImageDecoder"}},
      {"it is for training: export the model in inference mode",
       {"Adagrad", "Adam", "Gradient", "Momentum", "NegativeLogLikelihoodLoss",
        "SoftmaxCrossEntropyLoss"}},
      {"its results are random: export the model without it",
       {"Bernoulli", "Multinomial", "RandomNormal", "RandomNormalLike", "RandomUniform",
        "RandomUniformLike"}},
      {"the shape of its result depends on the numbers: end the network before it, and do it after "
       "the network",
       {"NonMaxSuppression", "NonZero", "Unique"}},
      {"sequences and optional tensors have no static shapes: export the model with the tensors "
       "themselves",
       {"ConcatFromSequence", "Optional", "OptionalGetElement", "OptionalHasElement", "SequenceAt",
        "SequenceConstruct", "SequenceEmpty", "SequenceErase", "SequenceInsert", "SequenceLength",
        "SequenceMap", "SplitToSequence"}},
      {"it is a function of simpler operators in ONNX: inline it with onnx.inliner or export an "
       "older version of the operator set",
       {"CausalConvWithState", "FlexAttention", "LinearAttention"}},
  };
  return table;
}

std::string sepconv::onnx::adviceFor(StringRef name) {
  if (StringRef advice = adviceFor(advices(), name); !advice.empty())
    return ("; " + advice).str();
  return ("; the supported one with the nearest name is '" + nearestOperator(name) + "'").str();
}
