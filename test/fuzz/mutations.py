"""Mutations of MLIR programs and of schedules: other types, numbers, attributes, lines and bytes."""

import re

LARGE = (64, 1000, 2**16, 2**20, 2**31 - 1, 2**31, 2**32, 2**40, 2**62, 2**63 - 1)
WRONG = (0, -1, -(2**31), -(2**63), 2**63, 10**30)
ELEMENTS = ("f32", "f64", "f16", "bf16", "f8E4M3FN", "f80", "tf32", "i8", "i32", "i1", "index", "complex<f32>",
            "!llvm.ptr", "vector<4xf32>", "none")
OPERATIONS = ("sepconv.conv2d", "sepconv.depthwise_conv2d", "sepconv.separable_conv2d", "sepconv.pool2d",
              "sepconv.dense", "sepconv.batch_norm", "sepconv.activation", "sepconv.yield", "sepconv.call",
              "sepconv.kernel", "linalg.softmax", "linalg.add", "tensor.concat")
WORDS = ("relu", "linear", "softmax", "nothing", "NHWC", "NCHW", "max", "average", "alpha = 0x7F800000", "nan",
         "max_value = -1.0", "threshold = 1.0e400", "alpha = 1", "true", '"text"', "unit", "dense<1.0> : tensor<4xf32>",
         "array<i64>", "array<i32: 1, 1>", "array<i64: 1, 1, 1>", "@main", "0.5 : f64", "[]", "loc(unknown)", "")
ALIGNMENTS = ("00000000", "03000000", "01000000", "00100000", "00000080", "ffffffff")
LINES = (
    "%x = arith.constant 1.0 : f32",
    "%x = arith.constant dense<1.0> : tensor<4x4x4x4xf32>",
    "%x = arith.constant dense<> : tensor<0xf32>",
    "%x = tensor.empty() : tensor<1000000x1000000xf32>",
    "%x = tensor.empty() : tensor<1x8x8x4xf32>",
    "%x = sepconv.activation(%in0) {function = #sepconv.activation<relu>} : tensor<*xf32>",
    "%i = arith.constant 0 : index %x = tensor.dim %in0, %i : tensor<1x8x8x4xf32>",
    "%x = func.call @main(%in0) : (tensor<4xf32>) -> tensor<4xf32>",
    "%x = sepconv.call @main(%in0) : (tensor<4xf32>) -> tensor<4xf32>",
    "%m = memref.alloc() : memref<4xf32> memref.dealloc %m : memref<4xf32>",
    "scf.if %c { }",
    "cf.br ^bb1 ^bb1:",
    "%x = sepconv.kernel() : () -> tensor<4xf32> { %y = tensor.empty() : tensor<4xf32> "
    "sepconv.yield %y : tensor<4xf32> }",
    "sepconv.kernel() : () -> () { sepconv.yield }",
    '"unknown.op"() : () -> ()',
    'llvm.mlir.global internal constant @w("text")',
    "%x = arith.constant dense<1.0> : tensor<1x500000000xf32>",
    "%x = arith.constant dense_resource<blob> : tensor<1x8xf32>",
    '%x = sepconv.variable "v" : tensor<20000x20000xf32>',
    "module {" * 20000,
    "module {" * 250 + "}" * 250,
    "module attributes {a = " + "[" * 100000 + "]" * 100000 + "} {}",
    "module attributes {a = " + "tuple<" * 30000 + "f32" + ">" * 30000 + "} {}",
    "module attributes {a = affine_map<(d0) -> (" + "-" * 50000 + "d0)>} {}",
    "module attributes {a = affine_map<(d0) -> (" + "d0 + " * 5000 + "d0)>} {}",
    "func.func private @other(tensor<4xf32>) -> tensor<4xf32>",
    "func.func @second(%a: tensor<4xf32>) -> tensor<4xf32> { return %a : tensor<4xf32> }",
    "return",
)
# What schedules are made of, for a place where something else stands.
SCHEDULE_LINES = (
    'schedule.param "tile" = "max(1, 2, conv.c)"',
    'schedule.search ["a", "b"] in ["range(1, 70)", "divisors(conv.c, a)"] {',
    'schedule.search ["lanes"] in ["[64, 32]"] { schedule.minimize "lanes" }',
    'schedule.let "lanes" = "lanes / 2"',
    'schedule.require "lanes % 2 == 0"',
    'schedule.minimize "0 - lanes"',
    'schedule.define @lanes(NAME) {',
    'schedule.define @again() { schedule.use @again() }',
    'schedule.use @again()',
    'schedule.use @lanes("lanes", "conv_sum", "conv")',
    'schedule.use @add_terms(["kc", "c"])',
    'schedule.use @register_tile(["conv"], "1 +")',
)


def replace(text, match, new):
    return text[:match.start()] + new + text[match.end():]


def change_number(text, pattern, rng):
    matches = list(re.finditer(pattern, text))
    if not matches:
        return text
    match = rng.choice(matches)
    return replace(text, match, str(rng.choice((1, 2, 3, 5, 8) + LARGE + WRONG)))


def change_type(text, rng):
    """Another type, everywhere where one is: what uses it agrees."""
    types = sorted(set(re.findall(r"tensor<[^<>]*>", text)))
    if not types:
        return text
    old = rng.choice(types)
    *sizes, element = old[7:-1].split("x")
    kind, at = rng.randrange(8), rng.randrange(len(sizes) + 1)
    if kind == 0:
        sizes.insert(at, str(rng.choice((1, 4) + LARGE)))
    elif kind == 1:
        del sizes[at:at + 1]
    elif kind == 2:
        sizes[at:at + 1] = ["?"]
    elif kind == 3:
        sizes = rng.choice(([], ["*"], sizes[:1]))
    elif kind == 4:
        element = rng.choice(ELEMENTS)
    else:
        sizes[at:at + 1] = [str(rng.choice((0, 1, 2, 5, 16) + LARGE + WRONG))]
    new = f"{rng.choice(('tensor',) * 9 + ('memref', 'vector'))}<{'x'.join([*sizes, element])}>"
    return text.replace(old, new)


def change_lines(text, rng):
    lines = text.split("\n")
    at, other = rng.randrange(len(lines)), rng.randrange(len(lines))
    kind = rng.randrange(4)
    if kind == 0:
        del lines[at]
    elif kind == 1:
        lines[at], lines[other] = lines[other], lines[at]
    elif kind == 2:
        lines.insert(at, rng.choice(LINES))
    else:
        lines[at] = re.sub(r"^( *%v\d+)", r"\g<1>0", lines[at])
        lines.insert(at, lines[at])
    return "\n".join(lines)


def change_attribute(text, rng):
    matches = list(re.finditer(r"(?<=[{, ])\w+ = (?:array<[^>]*>|#?[\w.]+(?:<[^>]*>)?|\"[^\"]*\"|\[[^\]]*\])", text))
    if not matches:
        return text
    match = rng.choice(matches)
    name, value = match[0].split(" = ", 1)
    kind = rng.randrange(4)
    if kind == 0:
        return replace(text, match, f"other_{name} = {value}")
    if kind == 1:
        return replace(text, match, f"{match[0]}, {match[0]}")
    if kind == 2:
        return replace(text, match, f"{name} = {rng.choice(WORDS)}")
    return replace(text, match, f"{name} = {re.sub(r'[0-9A-Za-z_]+(?=[>, ])', lambda _: rng.choice(WORDS), value)}")


def change_bytes(text, rng):
    at = rng.randrange(len(text))
    new = rng.choice(('"', "(", "}", "<", "%", "0", "-", "é", "\0", ""))
    return text[:at] + new + text[at + rng.choice((0, 1, 20)):]


def change(text, rng):
    kind = rng.randrange(12)
    if kind < 3:
        return change_type(text, rng)
    if kind < 6:
        return change_number(text, r"(?<=[:,=\[] )-?\d+(?=[,>\]}])", rng)
    if kind < 8:
        return change_attribute(text, rng)
    if kind < 10:
        return change_lines(text, rng)
    if kind == 10 and rng.random() < 0.3:
        blob = rng.choice(ALIGNMENTS) + "0000803f" * rng.choice((0, 7, 8, 9))
        return f'{text}\n{{-# dialect_resources: {{ builtin: {{ blob: "0x{blob}" }} }} #-}}'
    if kind == 10:
        names = sorted(set(re.findall(r"sepconv\.[a-z]\w+(?=[(])", text)))
        return text.replace(rng.choice(names), rng.choice(OPERATIONS)) if names else text
    return change_bytes(text, rng)


def change_schedule(text, rng):
    """Directives that are changed, left out, doubled or elsewhere, and other numbers and names in expressions."""
    kind = rng.randrange(7)
    if kind < 2:
        return change_number(text, r"(?<![\w.])\d+(?!\w)", rng)
    if kind == 2:
        words = list(re.finditer(r"(?<=[\"\s(])[a-z_.]+(?=[\"\s)])", text))
        return replace(text, rng.choice(words), rng.choice(words)[0])
    if kind == 3:
        operators = list(re.finditer(r" (?:[-+*/%<>]|[<>=]=|&&|\|\|) ", text))
        new = rng.choice(("+", "-", "*", "/", "%", "<", "<=", "==", "&&", "||", "?", "("))
        return replace(text, rng.choice(operators), f" {new} ") if operators else text
    if kind == 4:
        return change_lines(text, rng)
    if kind == 5:
        lines = text.split("\n")
        at = rng.randrange(len(lines))
        lines[at:at + rng.randrange(2)] = [rng.choice(SCHEDULE_LINES)]
        return "\n".join(lines)
    return change_bytes(text, rng)
