// RUN: sepconv-opt %s --split-input-file --verify-diagnostics
// One violation of each rule about searches and definitions (schedules/README.md).

schedule.schedule @s for ["conv"] {
  // expected-error @+1 {{S14: expected a list of candidates for each of one or more parameters, got 2 parameters and 1 lists}}
  schedule.search ["a", "b"] in ["[1]"] {}
}

// -----
schedule.schedule @s for ["conv"] {
  // expected-error @+1 {{S5: a parameter's name must be letters, digits and '_', got "tile.x"}}
  schedule.search ["tile.x"] in ["[1]"] {}
}

// -----
schedule.schedule @s for ["conv"] {
  // expected-note @+1 {{first here}}
  schedule.param "a" = "1"
  // expected-error @+1 {{S5: parameter "a" is defined twice}}
  schedule.search ["b", "a"] in ["[1]", "[2]"] {}
}

// -----
schedule.schedule @s for ["conv"] {
  schedule.search ["a"] in ["[1]"] {
    schedule.minimize "a"
    // expected-error @+1 {{S14: a search minimizes one cost at most}}
    schedule.minimize "0 - a"
  }
}

// -----
schedule.schedule @s for ["conv"] {
  schedule.search ["a"] in ["[1]"] {
    schedule.let "twice" = "2 * a"
    // expected-error @+1 {{S14: the search has a value "twice" already}}
    schedule.let "twice" = "a + a"
  }
}

// -----
schedule.schedule @s for ["conv"] {
  schedule.param "b" = "1"
  schedule.search ["a"] in ["[1]"] {
    // expected-error @+1 {{S14: "b" is a parameter already}}
    schedule.let "b" = "2 * a"
  }
}

// -----
schedule.schedule @s for ["conv"] {
  schedule.search ["a"] in ["[1]"] {
    // expected-error @+1 {{S14: a search holds schedule.let, schedule.require and schedule.minimize only}}
    %0 = arith.constant 1 : i64
  }
}

// -----
schedule.schedule @s for ["conv"] {
  schedule.search ["a"] in ["[1]"] {
    // expected-error @+1 {{S8: expected ')' at position 7 of '(a + 1'}}
    schedule.require "(a + 1"
  }
}

// -----
gpu.module @nested {
  // expected-error @+1 {{S1: must be at the top level of a module}}
  schedule.define @d() {}
}

// -----
// expected-error @+1 {{S15: an argument's name must be a word of capital letters, got 'Stage'}}
schedule.define @d(Stage) {}

// -----
// expected-error @+1 {{S15: argument 'A' is named twice}}
schedule.define @d(A, A) {}

// -----
schedule.define @d(STAGE) {
  schedule.stage "STAGE" {
    // expected-error @+1 {{S15: words of capital letters are arguments, and 'LOOP' is none of @d's: STAGE}}
    schedule.unroll "LOOP"
  }
}

// -----
schedule.define @d() {
  // expected-error @+1 {{S15: a definition holds what schedules, stages, updates and searches hold}}
  %0 = arith.constant 1 : i64
}

// -----
schedule.schedule @s for ["conv"] {
  // expected-error @+1 {{S16: an argument is a string or a list of strings, got 3 : i64}}
  schedule.use @d(3)
}
