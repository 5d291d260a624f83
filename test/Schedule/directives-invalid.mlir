// RUN: sepconv-opt %s --split-input-file --verify-diagnostics
// One violation of each numbered rule of schedules/README.md.

gpu.module @nested {
  // expected-error @+1 {{S1: must be at the top level of a module}}
  schedule.target @t {}
}

// -----
// expected-error @+1 {{S2: cpu must be a string, got 3 : i64}}
schedule.target @t {cpu = 3}

// -----
// expected-error @+1 {{S2: a target can have the strings triple, cpu and features, the lists variants and integer_variants, and facts, which are non-negative integers; got registers = "many"}}
schedule.target @t {registers = "many"}

// -----
// expected-error @+1 {{S2: variants must be names of targets, got [3]}}
schedule.target @t {variants = [3]}

// -----
// expected-error @+1 {{S3: a target must not be its own parent}}
schedule.target @t parent @t {}

// -----
// expected-error @+1 {{S4: a pattern must have at least one of depthwise, pointwise, conv, dense, pool, reduce, elementwise}}
schedule.schedule @s for [] {}

// -----
// expected-error @+1 {{S4: a pattern consists of depthwise, pointwise, conv, dense, pool, reduce, elementwise; got "separable"}}
schedule.schedule @s for ["separable"] {}

// -----
schedule.schedule @s for ["conv"] {
  // expected-error @+1 {{S5: a parameter's name must be letters, digits and '_', got "tile.x"}}
  schedule.param "tile.x" = "8"
}

// -----
schedule.schedule @s for ["conv"] {
  // expected-note @+1 {{first here}}
  schedule.param "tile" = "8"
  // expected-error @+1 {{S5: parameter "tile" is defined twice}}
  schedule.param "tile" = "9"
}

// -----
schedule.schedule @s for ["conv"] {
  // expected-error @+1 {{S6: a schedule holds schedule.param, schedule.search, schedule.require, schedule.budget, schedule.use, schedule.stage and schedule.update only}}
  %0 = arith.constant 1 : i64
}

// -----
schedule.schedule @s for ["conv"] {
  schedule.stage "conv" {
    // expected-error @+1 {{S6: a schedule.stage can only contain directives}}
    %0 = arith.constant 1 : i64
  }
}

// -----
schedule.schedule @s for ["conv"] {
  schedule.update "conv_sum" {
    // expected-error @+1 {{S6: a schedule.update can only contain directives for loops (split, fuse, rename, reorder, vectorize, unroll, parallel, prefetch, prefetch_next, rfactor, tensorize, gpu_blocks, gpu_threads, gpu_lanes)}}
    schedule.compute_root
  }
}

// -----
schedule.schedule @s for ["depthwise", "pointwise", "depthwise"] {
  schedule.stage "depthwise_1_sum" {}
  // expected-error @+1 {{S7: a schedule for this pattern has the stages depthwise, depthwise_sum, pointwise, pointwise_sum, depthwise_1, depthwise_1_sum, pad; got "conv"}}
  schedule.stage "conv" {}
}

// -----
schedule.schedule @s for ["conv"] {
  // expected-note @+1 {{first here}}
  schedule.stage "conv" {}
  // expected-error @+1 {{S7: stage "conv" is defined twice}}
  schedule.stage "conv" {}
}

// -----
schedule.schedule @s for ["conv"] {
  // expected-error @+1 {{S7: only sums have an update definition, got "conv"}}
  schedule.update "conv" {}
}

// -----
schedule.schedule @s for ["conv"] {
  schedule.stage "conv_sum" {
    schedule.compute_at "conv" loop "x"
    // expected-error @+1 {{S9: a stage has at most one of compute_at, compute_root and compute_inline}}
    schedule.compute_root
  }
}

// -----
schedule.schedule @s for ["conv"] {
  schedule.stage "conv" {
    // expected-error @+1 {{S10: only sums can be packed, expanded or wrapped ("conv_sum"), got "conv"}}
    schedule.pack "c" by "16"
  }
}

// -----
schedule.schedule @s for ["conv"] {
  schedule.stage "conv_sum" {
    // expected-error @+1 {{S10: an expanded sum is computed where it is read, so it cannot have other directives}}
    schedule.expand
    schedule.compute_root
  }
}

// -----
schedule.schedule @s for ["conv"] {
  schedule.stage "conv_sum" {
    schedule.expand
  }
  // expected-error @+1 {{S10: "conv_sum" is expanded, so it cannot have an update definition}}
  schedule.update "conv_sum" {}
}

// -----
schedule.schedule @s for ["conv"] {
  schedule.stage "conv_sum" {
    // expected-error @+1 {{S10: a sum has an update definition, so it cannot be inlined; use schedule.expand to write it as one expression}}
    schedule.compute_inline
  }
}

// -----
schedule.schedule @s for ["conv"] {
  schedule.stage "conv" {
    // expected-error @+1 {{S11: expected 2 loops, got 3}}
    schedule.split "c" into ["co", "cm", "ci"] by "8"
  }
}

// -----
schedule.schedule @s for ["conv"] {
  schedule.stage "conv" {
    // expected-error @+1 {{S11: loop "x" is named twice}}
    schedule.reorder ["x", "c", "x"]
  }
}

// -----
schedule.schedule @s for ["conv"] {
  schedule.stage "conv" {
    // expected-error @+1 {{S11: a loop's name must be letters, digits and '_', got "c o"}}
    schedule.rename "c" to "c o"
  }
}

// -----
schedule.schedule @s for ["conv"] {
  schedule.stage "conv" {
    // expected-error @+1 {{S11: expected 1 to 3 loops, got 4}}
    schedule.gpu_threads ["c", "x", "y", "b"]
  }
}

// -----
schedule.schedule @s for ["conv"] {
  schedule.stage "conv" {
    // expected-error @+1 {{S12: a stage must not be placed in a loop of its own}}
    schedule.compute_at "conv" loop "y"
  }
}

// -----
schedule.schedule @s for ["conv"] {
  schedule.stage "conv" {
    // expected-error @+1 {{S13: a tail strategy requires a factor (by "...")}}
    schedule.vectorize "c" tail round_up
  }
}

// -----
schedule.schedule @s for ["conv"] {
  schedule.stage "conv" {
    // expected-error @+1 {{expected string or keyword containing one of the following enum values for attribute 'tail' [auto, round_up, guard_with_if, predicate, predicate_loads, predicate_stores, shift_inwards, shift_inwards_and_blend]}}
    schedule.vectorize "c" by "8" tail clamp
  }
}

// -----
schedule.schedule @s for ["conv"] {
  schedule.stage "conv" {
    // expected-error @+1 {{expected string or keyword containing one of the following enum values for attribute 'memory' [auto, heap, stack, register, gpu_shared]}}
    schedule.store_in l1
  }
}

// -----

schedule.schedule @s for ["conv"] {
  // expected-error @+1 {{S8: expected a number or a name at position 5 of '2 + * 3'}}
  schedule.param "tile" = "2 + * 3"
}

// -----

schedule.schedule @s for ["conv"] {
  // expected-error @+1 {{S8: expected '[', 'divisors(' or 'range(' at position 1 of '1, 2'}}
  schedule.search ["tile"] in ["1, 2"] {}
}

// -----

schedule.schedule @s for ["conv"] {
  schedule.stage "conv" {
    // expected-error @+1 {{S8: unknown function 'sqrt', expected one of min, max, ceil, abs, select}}
    schedule.split "c" into ["co", "ci"] by "sqrt(conv.c)"
  }
}

// -----

schedule.schedule @s for ["conv"] {
  schedule.stage "conv" {
    // expected-error @+1 {{S8: expected ')' at position 8 of '(tile_c'}}
    schedule.vectorize "c" {when = "(tile_c"}
  }
}

// -----

// expected-error @+1 {{S8: unexpected text at position 3 of '1 2'}}
schedule.schedule @s for ["conv"] when "1 2" {
}

// -----
schedule.schedule @s for ["conv"] {
  schedule.stage "conv" {
    // expected-error @+1 {{S10: only sums can be packed, expanded or wrapped ("conv_sum"), got "conv"}}
    schedule.wrap "weight" as "filter"
  }
}

// -----
schedule.schedule @s for ["conv"] {
  schedule.stage "conv_sum" {
    // expected-error @+1 {{S10: the operands of a sum are "input" and "weight", got "bias"}}
    schedule.wrap "bias" as "filter"
  }
}

// -----
schedule.schedule @s for ["conv"] {
  schedule.stage "conv_sum" {
    // expected-error @+1 {{S7: a wrapper's name must be letters, digits and '_' and not end in _sum, got "filter_sum"}}
    schedule.wrap "weight" as "filter_sum"
  }
}

// -----
schedule.schedule @s for ["conv"] {
  schedule.stage "conv_sum" {
    schedule.wrap "weight" as "filter"
    // expected-error @+1 {{S7: stage "filter" already exists}}
    schedule.wrap "input" as "filter"
  }
}

// -----
schedule.schedule @s for ["conv"] {
  // expected-error @+1 {{S7: a schedule for this pattern has the stages conv, conv_sum, pad, filter; got "weight"}}
  schedule.stage "weight" {}
  schedule.stage "conv_sum" {
    schedule.wrap "weight" as "filter"
  }
}

// -----
schedule.schedule @s for ["conv"] {
  schedule.budget registers "128" shared_bytes "1024"
  // expected-error @+1 {{S5: a schedule has at most one budget}}
  schedule.budget registers "64" shared_bytes "1024"
}

// -----
schedule.schedule @s for ["conv"] {
  // expected-error @+1 {{S8: }}
  schedule.budget registers "128 +" shared_bytes "1024"
}

// -----
schedule.schedule @s for ["conv"] {
  schedule.stage "conv_sum" {
    // expected-error @+1 {{S6: rfactor applies to the update of a sum (schedule.update)}}
    schedule.rfactor "kc" as "part"
  }
}

// -----
schedule.schedule @s for ["conv"] {
  schedule.update "conv_sum" {
    // expected-error @+1 {{S7: the name of a partial sum must be letters, digits and '_' and not end in _sum, got "part_sum"}}
    schedule.rfactor "kc" as "part_sum"
  }
}

// -----
schedule.schedule @s for ["conv"] {
  schedule.update "conv_sum" {
    // expected-error @+1 {{S7: stage "conv" already exists}}
    schedule.rfactor "kc" as "conv"
  }
}

// -----
schedule.schedule @s for ["conv"] {
  schedule.update "conv_sum" {
    schedule.rfactor "kc" as "part"
  }
  // expected-error @+1 {{S7: a schedule for this pattern has the stages conv, conv_sum, pad, part, part_sum; got "parts"}}
  schedule.stage "parts" {}
}

// -----

schedule.schedule @s for ["dense"] {
  schedule.update "dense_sum" {
    // expected-error @+1 {{S10: the operands of a sum are "input" and "weight", got "bias"}}
    schedule.prefetch "bias" at "kc" from "kc" by "1"
  }
}

// -----

schedule.schedule @s for ["dense"] {
  schedule.stage "dense" {
    // expected-error @+1 {{S6: a sum reads its operands in its update (schedule.update)}}
    schedule.prefetch "input" at "c" from "c" by "1"
  }
}

// -----
schedule.schedule @s for ["conv"] {
  schedule.stage "conv_sum" {
    // expected-error @+1 {{S6: tensorize applies to the update of a sum (schedule.update)}}
    schedule.tensorize ["kc"] into "k" by "vpdpbusd"
  }
}

// -----
schedule.schedule @s for ["conv"] {
  schedule.update "conv_sum" {
    // expected-error @+1 {{S18: the instructions are vpdpbusd, sdot, got "vpmaddwd"}}
    schedule.tensorize ["kc"] into "k" by "vpmaddwd"
  }
}

// -----
schedule.schedule @s for ["conv"] {
  schedule.update "conv_sum" {
    // expected-error @+1 {{S11: loop "kc" is named twice}}
    schedule.tensorize ["kc", "kc"] into "k" by "vpdpbusd"
  }
}
