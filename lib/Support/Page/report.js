"use strict";
const report = JSON.parse(document.getElementById("report").textContent);
const byId = (id) => document.getElementById(id);
const isMeasured = report.seconds !== undefined;

// Numbers as people read them.
const bytesText = (n) => n >= 1 << 20 ? (n / (1 << 20)).toFixed(2) + " MiB" : n >= 1024 ? (n / 1024).toFixed(1) + " KiB" : n + " B";
const timeText = (s) => s >= 1e-3 ? (1e3 * s).toFixed(3) + " ms" : (1e6 * s).toFixed(1) + " µs";
const countText = (n) => n >= 1e9 ? (n / 1e9).toFixed(2) + " G" : n >= 1e6 ? (n / 1e6).toFixed(2) + " M" : n >= 1e3 ? (n / 1e3).toFixed(1) + " k" : String(n);

// What a call is, with what it moves and computes.
const kernels = new Map(report.kernels.map((kernel) => [kernel.name, kernel]));
const sum = (list, of) => list.reduce((total, item) => total + of(item), 0);
const calls = report.calls.map((call, index) => {
  const kernel = kernels.get(call.kernel) || { pattern: [], multiply_adds: 0 };
  const moved = (written) => sum(call.buffers.filter((use) => use.written === written && use.space !== "scratch"), (use) => use.bytes);
  const products = call.multiply_adds !== undefined ? call.multiply_adds : kernel.multiply_adds;
  const read = moved(false), written = moved(true);
  return { ...call, index, products, read, written, kind: kernel.pattern[0] || "other", schedule: kernel.schedule || "default",
    intensity: 2 * products / (read + written), rate: isMeasured && call.seconds ? 2e-9 * products / call.seconds : 0 };
}).filter((call) => !isMeasured || call.seconds > 0);
const weightOf = (call) => isMeasured ? call.seconds : call.products;
const total = sum(calls, weightOf) || 1;
const colour = (kind) => `var(--${["conv", "pointwise", "depthwise", "dense", "pool"].find((name) => kind.startsWith(name)) || "other"})`;

// SVG.
function draw(parent, tag, attributes, text) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (text !== undefined) node.textContent = text;
  parent.append(node);
  return node;
}
function canvas(id, width, height) {
  const svg = byId(id);
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.setAttribute("width", width);
  svg.setAttribute("height", height);
  svg.style.maxWidth = id === "network" || id === "times" ? "" : "100%";
  return svg;
}
const shown = (call) => `${call.kernel}\n${call.layers.join(", ")}\n${isMeasured ? timeText(call.seconds) + ", " : ""}` +
  `${countText(call.products)} multiply-adds, ${bytesText(call.read)} read, ${bytesText(call.written)} written\nschedule ${call.schedule}`;

function drawTimes() {
  const row = 18, name = 260, bar = 560, svg = canvas("times", 1080, calls.length * row + 8);
  const most = Math.max(...calls.map(weightOf), 1e-12);
  calls.forEach((call, at) => {
    const y = at * row + 4, width = Math.max(1, bar * weightOf(call) / most);
    draw(svg, "text", { x: name - 8, y: y + 12, "text-anchor": "end" }, call.kernel);
    draw(draw(svg, "rect", { x: name, y, width, height: row - 4, fill: colour(call.kind) }), "title", {}, shown(call));
    draw(svg, "text", { x: name + width + 6, y: y + 12, class: "pale" },
      `${isMeasured ? timeText(call.seconds) : countText(call.products)}  ${(100 * weightOf(call) / total).toFixed(1)} %  ${call.layers.slice(0, 2).join(", ")}`);
  });
}

// The tensors between calls: who writes which part of the memory, until whom.
function tensorsInMemory() {
  const live = [], all = [];
  for (const call of calls) {
    for (const use of call.buffers.filter((use) => !use.written))
      for (const tensor of live)
        if (tensor.space === use.space && tensor.offset === use.offset && tensor.isLive) {
          tensor.readers.push(call);
          tensor.last = call.index;
        }
    for (const use of call.buffers.filter((use) => use.written)) {
      for (const tensor of live)
        if (tensor.space === use.space && tensor.offset < use.offset + use.bytes && use.offset < tensor.offset + tensor.bytes)
          tensor.isLive = false;
      const tensor = { ...use, writer: call, readers: [], first: call.index, last: call.index, isLive: use.space !== "scratch" };
      live.push(tensor);
      all.push(tensor);
    }
  }
  return all;
}
const tensors = tensorsInMemory();

function drawNetwork() {
  // Each call below all whose results it reads; those of one depth side by side.
  const depth = new Map(), rows = [];
  for (const call of calls) {
    const before = tensors.filter((tensor) => tensor.readers.includes(call)).map((tensor) => depth.get(tensor.writer) + 1);
    depth.set(call, Math.max(0, ...before));
    (rows[depth.get(call)] ||= []).push(call);
  }
  const width = 300, height = 58, gap = 26, columns = Math.max(1, ...rows.map((row) => row.length));
  const svg = canvas("network", Math.max(720, columns * (width + 24) + 24), rows.length * (height + gap) + gap);
  const place = new Map();
  rows.forEach((row, y) => row.forEach((call, x) => place.set(call, [24 + x * (width + 24), gap + y * (height + gap)])));
  for (const tensor of tensors)
    for (const reader of tensor.readers) {
      const [x0, y0] = place.get(tensor.writer), [x1, y1] = place.get(reader);
      const far = y1 - y0 > height + gap + 1, side = far ? x0 + width + 14 : x0 + width / 2;
      const path = far ? `M${x0 + width} ${y0 + height / 2} C${side + 40} ${y0 + height / 2} ${side + 40} ${y1 + height / 2} ${x1 + width} ${y1 + height / 2}`
        : `M${x0 + width / 2} ${y0 + height} L${x1 + width / 2} ${y1}`;
      draw(draw(svg, "path", { d: path, class: "edge", "stroke-width": 1 + Math.log10(1 + tensor.bytes / 65536) }), "title", {}, bytesText(tensor.bytes));
    }
  for (const [call, [x, y]] of place) {
    const box = draw(svg, "g", {});
    draw(box, "rect", { x, y, width, height, rx: 5, fill: "var(--band)", stroke: colour(call.kind), "stroke-width": 2 });
    draw(box, "title", {}, shown(call));
    const lines = [call.kernel + (isMeasured ? `  ${timeText(call.seconds)}` : ""), ...call.layers];
    lines.slice(0, 4).forEach((line, at) => draw(box, "text", { x: x + 8, y: y + 14 + 13 * at, class: at ? "pale" : "" },
      at === 3 && lines.length > 4 ? `and ${lines.length - 3} more` : line.slice(0, 46)));
  }
}

function drawRoofline() {
  const dots = calls.filter((call) => call.products > 0);
  const roofs = report.ceilings ? Object.entries(report.ceilings.gbs) : [], peak = report.ceilings ? report.ceilings.gflops : 0;
  const note = byId("roofline-note");
  if (!isMeasured) {
    note.textContent = "Not measured: compile with --with=profile, and run sepconv-run --benchmark --per-kernel --page=FILE.";
    return byId("roofline").remove();
  }
  note.textContent = "Each kernel by the operations it does for each byte that it reads or writes (weights included), and by its speed. " +
    (peak ? "Lines: the multiply-adds and the bandwidths that the same machine reached." : "./dev bench kernels measures the machine's limits beside.");
  const width = 900, height = 420, left = 56, bottom = 36, svg = canvas("roofline", width, height);
  const least = Math.min(...dots.map((call) => call.rate), 1) / 2, most = Math.max(peak, ...dots.map((call) => call.rate), 1) * 1.5;
  const xs = [Math.min(...dots.map((call) => call.intensity), .5) / 2, Math.max(...dots.map((call) => call.intensity), 64) * 2];
  const scale = (value, [low, high], from, to) => from + (to - from) * Math.log(value / low) / Math.log(high / low);
  const x = (value) => scale(value, xs, left, width - 8), y = (value) => scale(value, [least, most], height - bottom, 8);
  for (let at = 10 ** Math.ceil(Math.log10(least)); at <= most; at *= 10) {
    draw(svg, "line", { x1: left, x2: width - 8, y1: y(at), y2: y(at), class: "axis" });
    draw(svg, "text", { x: left - 6, y: y(at) + 4, "text-anchor": "end", class: "pale" }, at);
  }
  for (let at = 10 ** Math.ceil(Math.log10(xs[0])); at <= xs[1]; at *= 10) {
    draw(svg, "line", { x1: x(at), x2: x(at), y1: 8, y2: height - bottom, class: "axis" });
    draw(svg, "text", { x: x(at), y: height - bottom + 16, "text-anchor": "middle", class: "pale" }, at);
  }
  draw(svg, "text", { x: width - 8, y: height - 4, "text-anchor": "end", class: "pale" }, "FLOP per byte");
  draw(svg, "text", { x: left, y: height - 4, class: "pale" }, "GFLOP/s");
  if (peak) draw(svg, "line", { x1: left, x2: width - 8, y1: y(peak), y2: y(peak), class: "edge" });
  for (const [name, gbs] of roofs) {
    const from = Math.max(xs[0], least / gbs), to = Math.min(xs[1], peak / gbs);
    if (to <= from) continue;
    draw(svg, "line", { x1: x(from), y1: y(from * gbs), x2: x(to), y2: y(to * gbs), class: "edge", "stroke-dasharray": "4 3" });
    draw(svg, "text", { x: x(from) + 4, y: y(from * gbs) - 6, class: "pale" }, `${name} ${gbs} GB/s`);
  }
  for (const call of dots)
    draw(draw(svg, "circle", { cx: x(call.intensity), cy: y(call.rate), r: 3 + 14 * Math.sqrt(call.seconds / report.seconds), fill: colour(call.kind), "fill-opacity": .7 }),
      "title", {}, shown(call) + `\n${call.rate.toFixed(1)} GFLOP/s`);
}

function drawWorkspace() {
  const inside = tensors.filter((tensor) => tensor.space === "workspace" || tensor.space === "scratch");
  const width = 1000, height = 320, left = 70, svg = canvas("workspace", width, height + 24);
  const bytes = report.workspace.bytes || 1, first = calls.length ? calls[0].index : 0, count = calls.length || 1;
  const x = (index) => left + (width - left) * (index - first) / count, y = (offset) => height - height * offset / bytes;
  const hatch = draw(draw(svg, "defs", {}), "pattern", { id: "hatch", width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" });
  draw(hatch, "line", { x1: 0, y1: 0, x2: 0, y2: 6, class: "edge" });
  draw(svg, "line", { x1: left, x2: width, y1: height, y2: height, class: "axis" });
  for (const part of [0, .5, 1]) draw(svg, "text", { x: left - 6, y: Math.max(10, y(part * bytes)), "text-anchor": "end", class: "pale" }, bytesText(Math.round(part * bytes)));
  for (const tensor of inside) {
    const box = draw(svg, "rect", { x: x(tensor.first), y: y(tensor.offset + tensor.bytes), width: Math.max(1, x(tensor.last + 1) - x(tensor.first)),
      height: Math.max(1, y(tensor.offset) - y(tensor.offset + tensor.bytes)), stroke: "var(--paper)",
      fill: tensor.space === "scratch" ? "url(#hatch)" : colour(tensor.writer.kind) });
    draw(box, "title", {}, `${bytesText(tensor.bytes)} at ${tensor.offset}, written by ${shown(tensor.writer)}`);
  }
  draw(svg, "text", { x: left, y: height + 16, class: "pale" }, "calls, in their order");
}

// Tables, sorted by a click on a heading.
function table(id, columns, rows) {
  const body = byId(id);
  const fill = (list) => {
    body.replaceChildren();
    const head = body.createTHead().insertRow();
    columns.forEach(([title, of]) => {
      const cell = document.createElement("th");
      cell.textContent = title;
      cell.className = rows.length && typeof of(rows[0]) === "number" ? "number" : "";
      cell.onclick = () => fill([...rows].sort((a, b) => typeof of(a) === "number" ? of(b) - of(a) : String(of(a)).localeCompare(String(of(b)))));
      head.append(cell);
    });
    const lines = body.createTBody();
    for (const row of list) {
      const line = lines.insertRow();
      for (const [, of, text] of columns) {
        const cell = line.insertCell();
        cell.textContent = text ? text(of(row)) : of(row);
        cell.className = typeof of(row) === "number" ? "number" : "";
      }
    }
  };
  fill(rows);
}

function writeTables() {
  const measured = isMeasured ? [["time", (call) => call.seconds, timeText], ["GFLOP/s", (call) => call.rate, (rate) => rate ? rate.toFixed(1) : ""]] : [];
  table("calls", [["#", (call) => call.index], ["kernel", (call) => call.kernel], ...measured, ["multiply-adds", (call) => call.products, countText],
    ["read", (call) => call.read, bytesText], ["written", (call) => call.written, bytesText], ["layers", (call) => call.layers.join(", ")]], calls);
  table("kernels", [["kernel", (kernel) => kernel.name], ["stages", (kernel) => kernel.pattern.join(", ")], ["schedule", (kernel) => kernel.schedule || "default"], ["writes", (kernel) => kernel.dtype],
    ["parameters", (kernel) => Object.entries(kernel.parameters || {}).map(([name, value]) => `${name} ${value}`).join(", ")],
    ["calls", (kernel) => kernel.calls], ["multiply-adds", (kernel) => kernel.multiply_adds, countText], ["scratch", (kernel) => kernel.scratch_bytes, bytesText]], report.kernels);
  const described = (kind) => (tensor) => ({ ...tensor, kind });
  table("tensors", [["", (tensor) => tensor.kind], ["name", (tensor) => tensor.name], ["type", (tensor) => tensor.dtype],
    ["shape", (tensor) => tensor.shape.map((size) => size === null ? "batch" : size).join(" × ")], ["size", (tensor) => tensor.bytes, bytesText]],
    [...report.inputs.map(described("input")), ...report.outputs.map(described("output"))]);
}

function writeFigures() {
  document.title = byId("title").textContent = report.model;
  byId("about").textContent = `compiled by sepconv for ${report.target}, threads: ${report.threads}, weights: ${report.weights.mode}`;
  const products = sum(calls, (call) => call.products);
  const figures = [["multiply-adds", countText(products)], ["weights", bytesText(report.weights.bytes)], ["workspace", bytesText(report.workspace.bytes)],
    ["stack", bytesText(report.stack_bytes)], ["kernels", report.kernels.length], ["calls", calls.length]];
  if (isMeasured) figures.unshift(["a run", timeText(report.seconds)], ["GFLOP/s", (2e-9 * products / report.seconds).toFixed(1)]);
  if (isMeasured && report.ceilings) figures.splice(2, 0, ["of the peak", (200e-9 * products / report.seconds / report.ceilings.gflops).toFixed(0) + " %"]);
  for (const [name, value] of figures) {
    const box = document.createElement("div"), label = document.createElement("span"), bold = document.createElement("b");
    box.className = "figure"; bold.textContent = value; label.textContent = name;
    box.append(bold, label);
    byId("figures").append(box);
  }
  byId("times-note").textContent = isMeasured ? `5th percentiles of ${report.runs} runs.` : "Not measured; the bars show multiply-adds.";
}

writeFigures();
drawTimes();
drawNetwork();
drawRoofline();
drawWorkspace();
writeTables();
