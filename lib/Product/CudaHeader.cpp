//===- CudaHeader.cpp - what the header says of GPUs -----------------------------===//

#include "../Runtime/Cuda/agreement.h"
#include "sepconv/Product/Cuda.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace mlir::sepconv;

/// The words of `struct model` (lib/Runtime/Cuda/driver.h), with a function for each launch.
static int64_t modelWords(const CudaPart &part) {
  size_t launches = 0;
  for (const CudaCode &code : part.codes)
    launches = std::max(launches, code.launches.size());
  return SEPCONV_CUDA_MODEL_WORDS + launches;
}

std::string CudaPart::description() const {
  llvm::json::Array chips;
  for (const CudaCode &code : codes)
    chips.push_back(code.chip);
  llvm::json::Object object{{"chips", std::move(chips)},
                            {"model_bytes", modelWords(*this) * 8},
                            {"workspace_bytes", workspaceBytes()},
                            {"weights_bytes", weightsBytes()}};
  return llvm::formatv("{0}", llvm::json::Value(std::move(object)));
}

/// As the structure of weights on the processor is.
static void writeWeights(llvm::raw_ostream &os, const ProductInterface &product) {
  if (product.weightNames.empty())
    return;
  os << "/* The weights: an address on the device, and how many bytes are there. */\n"
     << "typedef struct " << product.name << "_cuda_weights {\n";
  for (const std::string &weight : product.weightNames)
    os << "  unsigned long long " << weight << "; size_t " << weight << "_bytes;\n";
  os << "} " << product.name << "_cuda_weights;\n\n";
}

std::string CudaPart::header() const {
  std::string text, prefix = StringRef(product.name).upper();
  llvm::raw_string_ostream os(text);
  const std::string &name = product.name;
  os << "\n/* Functions for NVIDIA GPUs. The library of the CUDA driver is opened when a model is "
        "created.\n"
        "   Code for";
  for (auto [index, code] : llvm::enumerate(codes))
    os << (index ? ", " : " ") << code.chip;
  os << ". Addresses and streams are those of the driver: CUdeviceptr as an\n"
        "   integer, CUstream or cudaStream_t as a pointer. A CUDA context must be current. */\n"
     << (product.model.dynamicBatch ? "/* For one image. */\n" : "") << "#define " << prefix
     << "_CUDA_WORKSPACE_BYTES " << workspaceBytes() << "\n"
     << "#define " << prefix << "_CUDA_WEIGHTS_BYTES " << weightsBytes() << "\n";
  if (weightsAreAFile()) {
    os << "/* Of the file " << name << "_cuda.weights. */\n#define " << prefix
       << "_CUDA_WEIGHTS_FILE_BYTES " << weightsFileBytes() << "\n";
  }
  os << "/* The alignment of all buffers, which cuMemAlloc guarantees. */\n"
     << "#define " << prefix << "_CUDA_ALIGNMENT " << kCudaAlignment << "\n\n"
     << "typedef enum " << name << "_cuda_status {\n";
#define STATUS(name, message) {#name, message},
  static const std::pair<StringRef, StringRef> statuses[] = {SEPCONV_CUDA_STATUSES(STATUS)};
#undef STATUS
  for (auto [value, status] : llvm::enumerate(statuses))
    os << "  " << prefix << "_CUDA_" << (value ? "ERROR_" : "") << status.first << " = " << value
       << ", /* " << status.second << " */\n";
  os << "  " << prefix << "_CUDA_ERROR_DRIVER = " << SEPCONV_CUDA_DRIVER_STATUS
     << " /* and the CUresult of a call that failed */\n"
     << "} " << name << "_cuda_status;\n\n"
     << "/* A model in a CUDA context. Its contents are private. */\n"
     << "typedef struct " << name << "_cuda {\n  void *words[" << modelWords(*this) << "];\n} "
     << name << "_cuda;\n\n";
  writeWeights(os, product);
  os << "/* Loads the code into the current context and copies the weights to the device: to the\n"
        "   address weights, which stays in use, or if that is 0 to memory that it allocates.\n"
        "   After an error there is nothing to destroy."
     << (weightsAreAFile() ? " The contents of the file are not needed afterwards." : "") << " */\n"
     << name << "_cuda_status " << name << "_cuda_create(\n    " << name << "_cuda *model, "
     << "unsigned long long weights, size_t weights_bytes"
     << (weightsAreAFile() ? ",\n    const void *weights_file, size_t weights_file_bytes" : "")
     << ");\n"
     << "/* Launches the model's kernels on a stream, and returns. It allocates nothing, waits "
        "for\n"
        "   nothing, and can be captured into a graph. Calls with different workspaces may run at\n"
        "   the same time."
     << (product.model.dynamicBatch ? "\n   Images are contiguous, and each has its own workspace; "
                                      "a batch of 0 does nothing."
                                    : "")
     << " */\n"
     << name << "_cuda_status " << name << "_cuda_run(\n    const " << name << "_cuda *model,"
     << (product.model.dynamicBatch ? " size_t batch," : "");
  for (const SizeInterface &size : product.model.sizes)
    os << " size_t " << size.name << ",";
  os << "\n";
  for (const auto *names : {&product.inputNames, &product.outputNames})
    for (const std::string &buffer : *names)
      os << "    unsigned long long " << buffer << ", size_t " << buffer << "_bytes,\n";
  if (!product.weightNames.empty())
    os << "    const " << name << "_cuda_weights *weights,\n";
  os << "    unsigned long long workspace, size_t workspace_bytes, void *stream);\n"
     << "/* Unloads the code and frees its memory. The context must be current, and all work "
        "complete. */\n"
     << name << "_cuda_status " << name << "_cuda_destroy(" << name << "_cuda *model);\n"
     << "/* A status as a message, the driver's if a call of it failed. The model may be NULL. */\n"
     << "const char *" << name << "_cuda_message(const " << name << "_cuda *model, " << name
     << "_cuda_status status);\n"
     << "/* The chips with code in this product, and the sizes above, as JSON. */\n"
     << "const char *" << name << "_cuda_description(void);\n";
  return text;
}
