//===- Colors.cpp - colours of pixels in other coordinates -----------------------===//

#include "Colors.h"
#include "Elementwise.h"
#include "Shaping.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::ops;

namespace {

/// Arithmetic on the channels of an image.
struct Channels {
  Channels(TensorBuilder &b, Value image, int64_t dim) : b(b), element(elementOf(image)) {
    for (int64_t i = 0; i < 3; ++i)
      parts.push_back(slice(b, image, dim, i, 1));
  }

  Value number(double value) const { return b.splat({}, element, value); }
  Value of(StringRef function, Value x) const { return apply(b, function, x); }
  Value of(StringRef function, Value x, Value y) const { return apply(b, function, {x, y}); }
  Value of(StringRef function, Value x, double y) const { return of(function, x, number(y)); }
  /// x * scale + offset
  Value line(Value x, double scale, double offset) const {
    return of("add", of("multiply", x, scale), offset);
  }

  TensorBuilder &b;
  Type element;
  SmallVector<Value, 3> parts;
};

} // namespace

/// Of grey pixels the hue is 0, of black ones the saturation too.
Value ops::rgbToHsv(TensorBuilder &b, Value image, int64_t dim) {
  Channels c(b, image, dim);
  Value red = c.parts[0], green = c.parts[1], blue = c.parts[2];
  Value value = c.of("maximum", c.of("maximum", red, green), blue);
  Value range = c.of("subtract", value, c.of("minimum", c.of("minimum", red, green), blue));
  Value isColored = c.of("greater", range, 0), isLit = c.of("greater", value, 0);
  Value zero = c.number(0), one = c.number(1);
  Value saturation = select(b, isLit, c.of("divide", range, select(b, isLit, value, one)), zero);
  Value unit = c.of("divide", one, c.of("multiply", select(b, isColored, range, one), 6));
  // A third of the circle for each channel, from the one that is greatest.
  auto part = [&](Value x, Value y, double from) {
    Value distance = c.of("multiply", unit, c.of("subtract", x, y));
    return from ? c.of("add", distance, from) : distance;
  };
  Value hue =
      select(b, c.of("equal", value, green), part(blue, red, 2.0 / 6), part(red, green, 4.0 / 6));
  hue = select(b, c.of("equal", value, red), part(green, blue, 0), hue);
  hue = select(b, isColored, hue, zero);
  hue = select(b, c.of("less", hue, 0), c.of("add", hue, 1), hue);
  return concatenate(b, {hue, saturation, value}, dim);
}

Value ops::hsvToRgb(TensorBuilder &b, Value image, int64_t dim) {
  Channels c(b, image, dim);
  Value six = c.of("multiply", c.parts[0], 6), saturation = c.parts[1], value = c.parts[2];
  Value grey = c.line(saturation, -1, 1);
  // How far a channel is from its place on the circle.
  auto channel = [&](double place, double scale, double offset) {
    Value distance = c.of("absolute", c.of("subtract", six, place));
    Value share = clip(b, c.line(distance, scale, offset), 0, 1);
    return c.of("multiply", c.of("add", grey, c.of("multiply", saturation, share)), value);
  };
  return concatenate(b, {channel(3, 1, -1), channel(2, -1, 2), channel(4, -1, 2)}, dim);
}
