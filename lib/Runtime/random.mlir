// Random numbers that depend on a key and a position and on nothing else: no state, no order. Only
// operations that IEEE 754 rounds exactly, and fused multiply-adds that are said to be: a product
// and a sum would be contracted on one machine and not on another.

/// The output function of SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number
/// generators, OOPSLA 2014).
func.func private @sepconv.mix(%state: i64) -> i64 {
  %c27 = arith.constant 27 : i64
  %c30 = arith.constant 30 : i64
  %c31 = arith.constant 31 : i64
  %m0 = arith.constant 0xBF58476D1CE4E5B9 : i64
  %m1 = arith.constant 0x94D049BB133111EB : i64
  %0 = arith.shrui %state, %c30 : i64
  %1 = arith.xori %state, %0 : i64
  %2 = arith.muli %1, %m0 : i64
  %3 = arith.shrui %2, %c27 : i64
  %4 = arith.xori %2, %3 : i64
  %5 = arith.muli %4, %m1 : i64
  %6 = arith.shrui %5, %c31 : i64
  %7 = arith.xori %5, %6 : i64
  return %7 : i64
}

/// The key of a variable, whose name's hash is `stream`.
func.func private @sepconv.random_key(%seed: i64, %stream: i64) -> i64 {
  %0 = arith.xori %seed, %stream : i64
  %1 = func.call @sepconv.mix(%0) : (i64) -> i64
  return %1 : i64
}

/// Uniform in (0, 1): an odd multiple of 2^-53.
func.func private @sepconv.random_uniform(%key: i64, %position: index) -> f64 {
  %c1 = arith.constant 1 : i64
  %c12 = arith.constant 12 : i64
  %gamma = arith.constant 0x9E3779B97F4A7C15 : i64
  %unit = arith.constant 0x3CB0000000000000 : f64 // 2^-52
  %half = arith.constant 0x3CA0000000000000 : f64 // 2^-53
  %0 = arith.index_cast %position : index to i64
  %1 = arith.addi %0, %c1 : i64
  %2 = arith.muli %1, %gamma : i64
  %3 = arith.addi %key, %2 : i64
  %4 = func.call @sepconv.mix(%3) : (i64) -> i64
  %5 = arith.shrui %4, %c12 : i64
  %6 = arith.sitofp %5 : i64 to f64
  %7 = llvm.intr.fma(%6, %unit, %half) : (f64, f64, f64) -> f64
  return %7 : f64
}

/// log(x) of a positive normal number: x = 2^e * m, m from sqrt(1/2) to sqrt(2), and
/// log(m) = 2 * artanh(s), s = (m - 1) / (m + 1), by its series, whose next term is below 2^-60.
func.func private @sepconv.log(%x: f64) -> f64 {
  %c52 = arith.constant 52 : i64
  %bias = arith.constant 1023 : i64
  %mantissa = arith.constant 0x000FFFFFFFFFFFFF : i64
  %exponent = arith.constant 0x3FF0000000000000 : i64
  %half = arith.constant 0.5 : f64
  %one = arith.constant 1.0 : f64
  %two = arith.constant 2.0 : f64
  %sqrt2 = arith.constant 1.4142135623730951 : f64
  %ln2 = arith.constant 0.6931471805599453 : f64
  %bits = arith.bitcast %x : f64 to i64
  %0 = arith.shrui %bits, %c52 : i64
  %1 = arith.subi %0, %bias : i64
  %e = arith.sitofp %1 : i64 to f64
  %2 = arith.andi %bits, %mantissa : i64
  %3 = arith.ori %2, %exponent : i64
  %m = arith.bitcast %3 : i64 to f64
  %large = arith.cmpf ogt, %m, %sqrt2 : f64
  %m_half = arith.mulf %m, %half : f64
  %e_more = arith.addf %e, %one : f64
  %m1 = arith.select %large, %m_half, %m : f64
  %e1 = arith.select %large, %e_more, %e : f64
  %4 = arith.subf %m1, %one : f64
  %5 = arith.addf %m1, %one : f64
  %s = arith.divf %4, %5 : f64
  %s2 = arith.mulf %s, %s : f64
  %a9 = arith.constant 0.05263157894736842 : f64 // 1/19
  %a8 = arith.constant 0.058823529411764705 : f64
  %a7 = arith.constant 0.06666666666666667 : f64
  %a6 = arith.constant 0.07692307692307693 : f64
  %a5 = arith.constant 0.09090909090909091 : f64
  %a4 = arith.constant 0.1111111111111111 : f64
  %a3 = arith.constant 0.14285714285714285 : f64
  %a2 = arith.constant 0.2 : f64
  %a1 = arith.constant 0.3333333333333333 : f64
  %p8 = llvm.intr.fma(%a9, %s2, %a8) : (f64, f64, f64) -> f64
  %p7 = llvm.intr.fma(%p8, %s2, %a7) : (f64, f64, f64) -> f64
  %p6 = llvm.intr.fma(%p7, %s2, %a6) : (f64, f64, f64) -> f64
  %p5 = llvm.intr.fma(%p6, %s2, %a5) : (f64, f64, f64) -> f64
  %p4 = llvm.intr.fma(%p5, %s2, %a4) : (f64, f64, f64) -> f64
  %p3 = llvm.intr.fma(%p4, %s2, %a3) : (f64, f64, f64) -> f64
  %p2 = llvm.intr.fma(%p3, %s2, %a2) : (f64, f64, f64) -> f64
  %p1 = llvm.intr.fma(%p2, %s2, %a1) : (f64, f64, f64) -> f64
  %p0 = llvm.intr.fma(%p1, %s2, %one) : (f64, f64, f64) -> f64
  %6 = arith.mulf %s, %two : f64
  %7 = arith.mulf %6, %p0 : f64
  %8 = llvm.intr.fma(%e1, %ln2, %7) : (f64, f64, f64) -> f64
  return %8 : f64
}

/// A quotient of cubic polynomials, the lowest coefficient of the lower one being 1.
func.func private @sepconv.rational(%x: f64, %a0: f64, %a1: f64, %a2: f64, %a3: f64, %b1: f64,
                                    %b2: f64, %b3: f64) -> f64 {
  %one = arith.constant 1.0 : f64
  %0 = llvm.intr.fma(%a3, %x, %a2) : (f64, f64, f64) -> f64
  %1 = llvm.intr.fma(%0, %x, %a1) : (f64, f64, f64) -> f64
  %2 = llvm.intr.fma(%1, %x, %a0) : (f64, f64, f64) -> f64
  %3 = llvm.intr.fma(%b3, %x, %b2) : (f64, f64, f64) -> f64
  %4 = llvm.intr.fma(%3, %x, %b1) : (f64, f64, f64) -> f64
  %5 = llvm.intr.fma(%4, %x, %one) : (f64, f64, f64) -> f64
  %6 = arith.divf %2, %5 : f64
  return %6 : f64
}

/// The quantile of the normal distribution at p in (0, 1): PPND7 of Wichura (algorithm AS 241,
/// Applied Statistics 37, 1988), to 7 digits.
func.func private @sepconv.normal_quantile(%p: f64) -> f64 {
  %zero = arith.constant 0.0 : f64
  %half = arith.constant 0.5 : f64
  %one = arith.constant 1.0 : f64
  %center = arith.constant 0.425 : f64
  %q = arith.subf %p, %half : f64
  %distance = math.absf %q : f64
  %central = arith.cmpf ole, %distance, %center : f64
  %result = scf.if %central -> f64 {
    %c = arith.constant 0.180625 : f64
    %a0 = arith.constant 3.3871327179 : f64
    %a1 = arith.constant 50.434271938 : f64
    %a2 = arith.constant 159.29113202 : f64
    %a3 = arith.constant 59.109374720 : f64
    %b1 = arith.constant 17.895169469 : f64
    %b2 = arith.constant 78.757757664 : f64
    %b3 = arith.constant 67.187563600 : f64
    %minus = arith.negf %q : f64
    %r = llvm.intr.fma(%minus, %q, %c) : (f64, f64, f64) -> f64
    %0 = func.call @sepconv.rational(%r, %a0, %a1, %a2, %a3, %b1, %b2, %b3)
      : (f64, f64, f64, f64, f64, f64, f64, f64) -> f64
    %1 = arith.mulf %q, %0 : f64
    scf.yield %1 : f64
  } else {
    %five = arith.constant 5.0 : f64
    %low = arith.cmpf olt, %q, %zero : f64
    %other = arith.subf %one, %p : f64
    %tail = arith.select %low, %p, %other : f64
    %0 = func.call @sepconv.log(%tail) : (f64) -> f64
    %1 = arith.negf %0 : f64
    %r = math.sqrt %1 : f64
    %near = arith.cmpf ole, %r, %five : f64
    %2 = scf.if %near -> f64 {
      %c = arith.constant 1.6 : f64
      %a0 = arith.constant 1.4234372777 : f64
      %a1 = arith.constant 2.7568153900 : f64
      %a2 = arith.constant 1.3067284816 : f64
      %a3 = arith.constant 0.17023821103 : f64
      %b1 = arith.constant 0.73700164250 : f64
      %b2 = arith.constant 0.12021132975 : f64
      %3 = arith.subf %r, %c : f64
      %4 = func.call @sepconv.rational(%3, %a0, %a1, %a2, %a3, %b1, %b2, %zero)
        : (f64, f64, f64, f64, f64, f64, f64, f64) -> f64
      scf.yield %4 : f64
    } else {
      %a0 = arith.constant 6.6579051150 : f64
      %a1 = arith.constant 3.0812263860 : f64
      %a2 = arith.constant 0.42868294337 : f64
      %a3 = arith.constant 0.017337203997 : f64
      %b1 = arith.constant 0.24197894225 : f64
      %b2 = arith.constant 0.012258202635 : f64
      %3 = arith.subf %r, %five : f64
      %4 = func.call @sepconv.rational(%3, %a0, %a1, %a2, %a3, %b1, %b2, %zero)
        : (f64, f64, f64, f64, f64, f64, f64, f64) -> f64
      scf.yield %4 : f64
    }
    %5 = arith.negf %2 : f64
    %6 = arith.select %low, %5, %2 : f64
    scf.yield %6 : f64
  }
  return %result : f64
}
