//===- ExpandFloat16.cpp - float16 for processors that do not know it ------------===//
//
// A float16 is a sign, 5 bits of the exponent and 10 of the fraction; a float32 has 8 and 23. With
// the sign taken off, shifting by the 13 bits between the fractions leaves the exponents' biases,
// 15 and 127, to be made up for. What is denormal in float16 is normal in float32 but for its
// leading one, which an addition of a number of the right magnitude puts in or rounds off.
//
//===----------------------------------------------------------------------===//

#include "ExpandFloat16.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/CodeGen/TargetSubtargetInfo.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Module.h"
#include "llvm/Target/TargetMachine.h"

using namespace llvm;

namespace {

constexpr uint32_t exponent32(uint32_t biased) { return biased << 23; }
constexpr unsigned kFractionBits = 23 - 10;
constexpr uint32_t kBias = exponent32(127 - 15);
constexpr uint32_t kLeastNormal = exponent32(127 - 14);
constexpr uint32_t kOverflow = exponent32(127 + 16);
constexpr uint32_t kInfinity32 = exponent32(255);
constexpr uint32_t kInfinity16 = 0x7c00, kNaN16 = 0x7e00;
// The float32 whose last bit is worth as much as the least float16: 2^-24 * 2^23.
constexpr uint32_t kHalf = exponent32(127 - 1);

/// One conversion, of a number or of a vector of them.
class Expansion {
public:
  explicit Expansion(CastInst &cast)
      : b(&cast), source(cast.getOperand(0)), result(cast.getType()) {
    i16 = source->getType()->getWithNewType(b.getInt16Ty());
    i32 = source->getType()->getWithNewType(b.getInt32Ty());
    f32 = source->getType()->getWithNewType(b.getFloatTy());
  }

  Value *extend();
  Value *truncate();

private:
  Value *number(uint32_t value) { return ConstantInt::get(i32, value); }
  Value *add(Value *a, uint32_t value) { return b.CreateAdd(a, number(value)); }
  Value *bits(Value *a, uint32_t mask) { return b.CreateAnd(a, number(mask)); }
  Value *real(Value *a) { return b.CreateBitCast(a, f32); }

  IRBuilder<> b;
  Value *source;
  Type *result, *i16, *i32, *f32;
};

} // namespace

Value *Expansion::extend() {
  Value *half = b.CreateZExt(b.CreateBitCast(source, i16), i32);
  Value *sign = b.CreateShl(bits(half, 0x8000), 16);
  Value *magnitude = b.CreateShl(bits(half, 0x7fff), kFractionBits);
  Value *normal = add(magnitude, kBias);
  Value *denormal = b.CreateBitCast(
      b.CreateFSub(real(add(magnitude, kLeastNormal)), real(number(kLeastNormal))), i32);
  // Infinity and NaN have the largest exponent of either type.
  Value *special = add(normal, kBias);
  Value *isDenormal = b.CreateICmpULT(magnitude, number(exponent32(1)));
  Value *isSpecial = b.CreateICmpUGE(magnitude, number(exponent32(31)));
  Value *unsignedBits =
      b.CreateSelect(isDenormal, denormal, b.CreateSelect(isSpecial, special, normal));
  return b.CreateBitCast(b.CreateOr(unsignedBits, sign), result);
}

/// Rounds to the nearest number and to the even one of two.
Value *Expansion::truncate() {
  Value *single = b.CreateBitCast(source, i32);
  Value *sign = b.CreateLShr(bits(single, 0x80000000), 16);
  Value *magnitude = bits(single, 0x7fffffff);
  // Just less than half of the last bit that stays, and one more where that bit is set, carries
  // into it; out of the largest exponent it carries into infinity's.
  Value *odd = bits(b.CreateLShr(magnitude, kFractionBits), 1);
  Value *rounded = b.CreateAdd(add(magnitude, (1u << (kFractionBits - 1)) - 1 - kBias), odd);
  Value *normal = b.CreateLShr(rounded, kFractionBits);
  Value *denormal = b.CreateSub(
      b.CreateBitCast(b.CreateFAdd(real(magnitude), real(number(kHalf))), i32), number(kHalf));
  Value *isNaN = b.CreateICmpUGT(magnitude, number(kInfinity32));
  Value *special = b.CreateSelect(isNaN, number(kNaN16), number(kInfinity16));
  Value *isDenormal = b.CreateICmpULT(magnitude, number(kLeastNormal));
  Value *isSpecial = b.CreateICmpUGE(magnitude, number(kOverflow));
  Value *unsignedBits =
      b.CreateSelect(isSpecial, special, b.CreateSelect(isDenormal, denormal, normal));
  return b.CreateBitCast(b.CreateTrunc(b.CreateOr(unsignedBits, sign), i16), result);
}

/// Replaces a conversion between the two types; other ones stay.
static void expand(CastInst &cast) {
  Type *from = cast.getSrcTy()->getScalarType(), *to = cast.getDestTy()->getScalarType();
  Value *result = nullptr;
  if (cast.getOpcode() == Instruction::FPExt && from->isHalfTy() && to->isFloatTy())
    result = Expansion(cast).extend();
  if (cast.getOpcode() == Instruction::FPTrunc && from->isFloatTy() && to->isHalfTy())
    result = Expansion(cast).truncate();
  if (!result)
    return;
  cast.replaceAllUsesWith(result);
  cast.eraseFromParent();
}

/// Of the processors that there are targets for, only x86-64 has some that do not know float16.
static bool knowsFloat16(const Function &function, const TargetMachine &machine) {
  return !machine.getTargetTriple().isX86() ||
         machine.getSubtargetImpl(function)->checkFeatures("+f16c");
}

void mlir::sepconv::expandFloat16(Module &module, const TargetMachine &machine) {
  for (Function &function : module) {
    if (function.isDeclaration() || knowsFloat16(function, machine))
      continue;
    for (Instruction &instruction : make_early_inc_range(instructions(function)))
      if (auto *cast = dyn_cast<CastInst>(&instruction))
        expand(*cast);
  }
}
