//===- VariablesHeader.cpp - what a C header says of variables -------------------===//

#include "HeaderWriter.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::sepconv;

/// A C string literal.
static std::string literal(StringRef text) {
  std::string result;
  llvm::raw_string_ostream os(result);
  os << '"';
  for (unsigned char c : text)
    if (llvm::isPrint(c) && c != '"' && c != '\\' && c != '?') // "??" may begin a trigraph
      os << c;
    else
      os << '\\' << (c >> 6) << (c >> 3 & 7) << (c & 7);
  os << '"';
  return result;
}

void HeaderWriter::writeVariables() {
  size_t rank = 1;
  int64_t elements = 0;
  for (const TensorInterface &weight : model.weights) {
    rank = std::max(rank, weight.shape.size());
    elements += weight.elements();
  }
  os << "\n/* The variables in the order of the parameters; offset is that in one block of all "
        "variables. */\n"
     << "typedef struct " << product.name << "_variable {\n  const char *name;\n"
     << "  size_t elements, offset;\n  int trainable;\n  size_t rank, shape[" << rank << "];\n} "
     << product.name << "_variable;\n";
  writeConstant("VARIABLES", model.weights.size());
  writeConstant("VARIABLES_ELEMENTS", elements);
  os << "static const " << product.name << "_variable " << product.name << "_variables["
     << model.weights.size() << "] = {\n";
  int64_t offset = 0;
  for (const TensorInterface &weight : model.weights) {
    os << "  {" << literal(weight.name) << ", " << weight.elements() << ", " << offset << ", "
       << weight.trainable << ", " << weight.shape.size() << ", {";
    llvm::interleaveComma(weight.shape, os);
    os << (weight.shape.empty() ? "0}},\n" : "}},\n");
    offset += weight.elements();
  }
  os << "};\n";
  writeBlock();
}

/// What makes the structure of weights of a block of all variables.
void HeaderWriter::writeBlock() {
  os << "/* What initializes a structure of weights by variables that are in one block, whose "
        "first is\n"
        "   at `block`. */\n"
     << "#define " << prefix << "_VARIABLES_IN(block) {";
  int64_t offset = 0;
  for (const TensorInterface &weight : model.weights) {
    os << (offset ? "," : "") << " \\\n  (block) + " << offset << ", " << weight.bytes();
    offset += weight.elements();
  }
  os << "}\n";
}

void HeaderWriter::writeVariableFunctions() {
  for (StringRef function : model.functions) {
    bool init = function == "init", loss = function == "regularization_loss";
    std::vector<std::string> lines;
    if (init)
      lines.push_back("uint64_t seed");
    lines.push_back("const " + product.name + "_weights *weights");
    if (loss)
      lines.push_back("float *loss, size_t loss_bytes");
    os << (init   ? "\n/* Sets all variables by their initializers. The same seed always gives "
                    "the same values. */\n"
           : loss ? "\n/* The sum that the regularizers of the trainable variables add to the "
                    "loss. */\n"
                  : "\n/* Projects the trainable variables onto their constraints, after a "
                    "training step. */\n");
    writeFunction(function, lines);
  }
}
