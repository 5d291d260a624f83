//===- ExprDotProducts.cpp - words of bytes, and instructions on them ------------===//

#include "ExprTranslator.h"
#include "sepconv/Schedule/DotInstruction.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace mlir::sepconv;
using Halide::Expr;
namespace HI = Halide::Internal;

/// The index of the first byte that a load reads, if it reads one or every so many.
static Expr firstIndex(const HI::Load *load, int step) {
  const auto *ramp = load->index.as<HI::Ramp>();
  if (!HI::is_const_one(load->predicate) || (ramp && !HI::is_const(ramp->stride, step)))
    return {};
  return ramp ? ramp->base : load->index.type().is_scalar() ? load->index : Expr();
}

/// Where a word's bytes follow each other in memory: the first one; of a vector, the words do too.
static const HI::Load *contiguous(const HI::Call *word) {
  int count = static_cast<int>(word->args.size());
  const auto *first = word->args[0].as<HI::Load>();
  Expr start = first ? firstIndex(first, count) : Expr();
  if (!start.defined())
    return nullptr;
  for (int i = 1; i < count; ++i) {
    const auto *load = word->args[i].as<HI::Load>();
    Expr at = load && load->name == first->name ? firstIndex(load, count) : Expr();
    if (!at.defined() || !HI::is_const(HI::simplify(at - start), i))
      return nullptr;
  }
  return first;
}

/// The bytes of a group of terms. From different places, as the rows of a window, they are shifted
/// into place: half the instructions that interleaving vectors of them takes.
Value ExprTranslator::word(const HI::Call *op) {
  Type type = this->type(op->type);
  if (const HI::Load *first = contiguous(op)) {
    int lanes = op->type.lanes();
    Value bytes =
        vector::LoadOp::create(builder, loc, VectorType::get({4 * lanes}, builder.getI8Type()),
                               buffer(first->name), index(firstIndex(first, 4)));
    Value words = vector::BitCastOp::create(builder, loc,
                                            VectorType::get({lanes}, builder.getI32Type()), bytes);
    return op->type.is_vector()
               ? words
               : vector::ExtractOp::create(builder, loc, words, ArrayRef<int64_t>{0}).getResult();
  }
  Value word;
  for (auto [term, arg] : llvm::enumerate(op->args)) {
    if (HI::is_const_zero(arg))
      continue;
    Value byte = arith::ExtUIOp::create(builder, loc, type, translate(arg));
    if (term)
      byte = arith::ShLIOp::create(builder, loc, byte, constant(type, 8 * term));
    word = word ? arith::OrIOp::create(builder, loc, word, byte).getResult() : byte;
  }
  return word ? word : constant(type, 0);
}

/// LLVM's name of an instruction for so many lanes; empty if there is none.
static std::string intrinsicOf(StringRef name, int lanes) {
  if (name == "vpdpbusd" && (lanes == 4 || lanes == 8 || lanes == 16))
    return "llvm.x86.avx512.vpdpbusd." + std::to_string(32 * lanes);
  if (name == "sdot" && (lanes == 2 || lanes == 4))
    return "llvm.aarch64.neon.sdot.v" + std::to_string(lanes) + "i32.v" +
           std::to_string(4 * lanes) + "i8";
  return "";
}

Value ExprTranslator::dotProduct(const HI::Call *op, const DotInstruction &instruction) {
  int lanes = op->type.lanes();
  std::string name = intrinsicOf(instruction.name, lanes);
  if (name.empty())
    throw KernelError(instruction.name.str() + " has no form of " + std::to_string(lanes) +
                      " lanes; vectorize the sums by as many as the target's vectors have");
  auto bytes = VectorType::get({4 * lanes}, builder.getI8Type());
  SmallVector<Value> args{asData(translate(op->args[0]))};
  for (int i : {1, 2})
    args.push_back(vector::BitCastOp::create(builder, loc, bytes, asData(translate(op->args[i]))));
  return LLVM::CallIntrinsicOp::create(builder, loc, args[0].getType(), builder.getStringAttr(name),
                                       args)
      .getResult(0);
}
