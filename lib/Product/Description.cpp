//===- Description.cpp - what a product says of itself ---------------------------===//

#include "sepconv/Product/ProductInterface.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

using namespace mlir;
using namespace mlir::sepconv;

/// A batch that is not known is null, and the bytes are of one image; of the greatest sizes, where
/// sizes are dynamic and expressions say what the shape is.
static void describeTensors(llvm::json::OStream &json, StringRef name,
                            const ProductInterface &product, ArrayRef<TensorInterface> tensors,
                            ArrayRef<std::string> cNames, bool dynamicBatch = false) {
  json.attributeArray(name, [&] {
    for (auto [tensor, cName] : llvm::zip_equal(tensors, cNames))
      json.object([&, &tensor = tensor, &cName = cName] {
        json.attribute("name", tensor.name);
        json.attribute("c_name", cName);
        json.attribute("dtype", tensor.dtype);
        llvm::json::Array shape(tensor.shape);
        for (auto [dim, extent] : llvm::enumerate(product.extents(tensor, /*inC=*/false)))
          if (tensor.extents && !tensor.extents.getResult(dim).isSymbolicOrConstant())
            shape[dim] = extent;
        if (dynamicBatch)
          shape.front() = nullptr;
        json.attribute("shape", std::move(shape));
        json.attribute("bytes", tensor.bytes());
        if (tensor.scale) {
          json.attribute("scale", tensor.scale);
          json.attribute("zero_point", tensor.zeroPoint);
        }
      });
  });
}

static constexpr llvm::StringLiteral kStackKey = "stack_bytes";

/// As wide for every number.
static std::string stackText(int64_t bytes) { return llvm::formatv("{0,12}", bytes).str(); }

void sepconv::setStackBytes(MutableArrayRef<char> code, int64_t bytes) {
  StringRef text(code.data(), code.size());
  for (StringRef quote : {"\"", "\\\""}) { // in assembly it is escaped
    std::string before = (kStackKey + quote + ":").str();
    size_t at = text.find(before + stackText(0));
    if (at != StringRef::npos)
      return (void)llvm::copy(stackText(bytes), code.data() + at + before.size());
  }
}

std::string ProductInterface::modelText(StringRef model) {
  return llvm::formatv("\"model\":{0}", llvm::json::Value(llvm::json::fixUTF8(model))).str();
}

static void describeKernels(llvm::json::OStream &json, ArrayRef<KernelInterface> kernels,
                            bool isReport) {
  json.attributeArray("kernels", [&] {
    for (const KernelInterface &kernel : kernels)
      json.object([&] {
        json.attribute("name", kernel.name);
        json.attribute("pattern", llvm::json::Array(kernel.pattern));
        if (!kernel.schedule.empty())
          json.attribute("schedule", kernel.schedule);
        if (isReport) {
          json.attribute("dtype", kernel.dtype);
          json.attributeObject("parameters", [&] {
            for (const auto &[name, value] : kernel.parameters)
              json.attribute(name, value);
          });
        }
        json.attribute("calls", kernel.calls);
        json.attribute("scratch_bytes", kernel.scratchBytes);
        if (isReport)
          json.attribute("multiply_adds", kernel.multiplyAdds);
      });
  });
}

static void describeCalls(llvm::json::OStream &json, ArrayRef<CallInterface> calls) {
  json.attributeArray("calls", [&] {
    for (const CallInterface &call : calls)
      json.object([&] {
        json.attribute("kernel", call.kernel);
        json.attribute("layers", llvm::json::Array(call.layers));
        json.attributeArray("buffers", [&] {
          for (const BufferUse &use : call.buffers)
            json.object([&] {
              json.attribute("space", use.space);
              json.attribute("offset", use.offset);
              json.attribute("bytes", use.bytes);
              json.attribute("written", use.isWritten);
            });
        });
      });
  });
}

std::string ProductInterface::describe(StringRef cuda, bool isReport) const {
  std::string text;
  llvm::raw_string_ostream stream(text);
  llvm::json::OStream json(stream);
  json.object([&] {
    json.attribute("name", name);
    json.attribute("target", target);
    json.attributeBegin(kStackKey); // before any text of the model's
    json.rawValue(StringRef(stackText(stackBytes)));
    json.attributeEnd();
    json.attribute("model", llvm::json::fixUTF8(modelName));
    if (model.dynamicBatch)
      json.attribute("batch", nullptr);
    else if (!model.inputs.empty() && !model.inputs.front().shape.empty())
      json.attribute("batch", model.inputs.front().shape.front());
    if (!model.sizes.empty())
      json.attributeArray("sizes", [&] {
        for (const SizeInterface &size : model.sizes)
          json.object([&] {
            json.attribute("name", size.name);
            json.attribute("least", size.least);
            json.attribute("greatest", size.greatest);
            json.attribute("factor", size.factor);
          });
      });
    describeTensors(json, "inputs", *this, model.inputs, inputNames, model.dynamicBatch);
    describeTensors(json, "outputs", *this, model.outputs, outputNames, model.dynamicBatch);
    json.attributeObject("weights", [&] {
      json.attribute("mode", stringify(weightsMode));
      json.attribute("bytes", model.weightsBytes);
      if (weightsMode == WeightsMode::Arguments)
        describeTensors(json, "arguments", *this, model.weights, weightNames);
      if (!model.functions.empty())
        json.attribute("functions", llvm::json::Array(model.functions));
    });
    json.attributeObject("workspace", [&] {
      json.attribute("bytes", model.workspaceBytes);
      if (model.parallel)
        json.attribute("thread_bytes", model.threadBytes);
      json.attribute("alignment", kBufferAlignment);
    });
    if (model.selfTestBytes)
      json.attributeObject("selftest", [&] {
        json.attribute("bytes", model.selfTestBytes);
        json.attribute("tolerances", llvm::json::Array(model.selfTestTolerances));
      });
    json.attribute("threads", model.parallel ? "callback" : "none");
    describeKernels(json, model.kernels, isReport || isProfiled);
    if (isReport || isProfiled)
      describeCalls(json, model.calls);
    if (!cuda.empty()) {
      json.attributeBegin("cuda");
      json.rawValue(cuda);
      json.attributeEnd();
    }
  });
  return text;
}
