// A live picture without a kernel: its states have been recorded, and picture.js shows them as it
// shows those that come from Python.

const reduced = (parts, size) => parts.reduce((place, part, i) => place * size[i] + part, 0);

async function unpack(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).json();
}

const fromBase64 = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

// Draw the strokes of a state on what is still, and return what they change as runs of one colour,
// as Python does. Its size is that of what is still: matplotlib cuts off parts of a pixel.
function painter(recording, images, { width, height }) {
  const { fine } = recording;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const paths = [];
  const path = (number) => (paths[number] ??= new Path2D(recording.paths[number]));

  const stroke = ([style, what, ...places]) => {
    pen.setTransform(1 / fine, 0, 0, 1 / fine, 0, 0);
    if (style === -1) return pen.drawImage(images[what], ...places);
    const [fill, line, wide, cap, join, dashes, clips] = recording.styles[style];
    pen.save();
    for (const clip of clips) pen.clip(new Path2D(clip));
    pen.fillStyle = fill;
    pen.strokeStyle = line;
    pen.lineWidth = wide * fine;
    pen.lineCap = cap === "projecting" ? "square" : cap;
    pen.lineJoin = join;
    pen.lineDashOffset = (dashes[0] ?? 0) * fine;
    pen.setLineDash(dashes.slice(1).map((n) => n * fine));
    for (let i = 0; i < places.length; i += 2) {
      pen.setTransform(1 / fine, 0, 0, 1 / fine, places[i] / fine, places[i + 1] / fine);
      if (fill) pen.fill(path(what));
      if (line) pen.stroke(path(what));
    }
    pen.restore();
  };

  return (strokes, still) => {
    pen.putImageData(still, 0, 0);
    for (const number of strokes) stroke(recording.strokes[number]);
    const pixels = new Uint32Array(pen.getImageData(0, 0, width, height).data.buffer);
    const below = new Uint32Array(still.data.buffer);
    const runs = [];
    for (let i = 0; i < pixels.length; i++) {
      if (pixels[i] === below[i]) continue;
      const start = i;
      while (pixels[i + 1] === pixels[start]) i++;
      runs.push(start, i + 1, pixels[start]);
    }
    return new Uint8Array(Uint32Array.from(runs).buffer);
  };
}

// The values of the controls, as places in their lists, and the state that belongs to them.
class States {
  constructor(recording) {
    this.recording = recording;
    this.start = recording.controls.map(({ start }) => start);
    this.sizes = recording.controls.map(({ values }) => values.length);
    let first = 0;
    this.groups = recording.groups.map((members) => {
      const group = { members, first, sizes: members.map((i) => this.sizes[i]) };
      first += group.sizes.reduce((a, b) => a * b);
      return group;
    });
    this.now = [...this.start];
  }

  group(control) {
    return this.groups.find(({ members }) => members.includes(control));
  }

  // The values after some controls have been set: those outside of their group go back to start.
  with(changes) {
    const numbers = Object.keys(changes).map(Number);
    const { members } = this.group(numbers.at(-1));
    return this.start.map((start, i) => changes[i] ?? (members.includes(i) ? this.now[i] : start));
  }

  number(values) {
    const { members, first, sizes } =
      this.groups.find(({ members }) =>
        values.every((value, i) => value === this.start[i] || members.includes(i))) ?? this.groups[0];
    return first + reduced(members.map((i) => values[i]), sizes);
  }

  handles(values) {
    return this.recording.handles[this.recording.states[this.number(values)][2]];
  }

  // What a drag of a handle to a place makes of the values.
  dragged(name, [x, y]) {
    const { points, grip, moves, along, answers } = this.handles(this.now)[name];
    if (!moves.length) return this.now;
    if (grip === "anywhere") {
      const [[left, bottom], , [right, top]] = points;
      const size = Math.sqrt(answers.length);
      const cell = (part) => Math.min(Math.max(Math.floor(part * size), 0), size - 1);
      const row = cell((y - bottom) / (top - bottom)) * size;
      const found = answers[row + cell((x - left) / (right - left))];
      return this.with(Object.fromEntries(moves.map((control, i) => [control, found[i]])));
    }
    const { width, height } = this.recording;
    const far = (values) => {
      const there = this.handles(values)[name];
      const ends = grip === "area" ? there?.points.slice(0, 1) : there?.points;
      const distances = (ends ?? []).map(([a, b]) =>
        Math.hypot(along[0] * (a - x) * width, along[1] * (b - y) * height));
      return Math.min(Infinity, ...distances);
    };
    return this.choices(moves).reduce((best, values) => {
      const distance = far(values);
      return distance < best.distance ? { distance, values } : best;
    }, { distance: Infinity, values: this.now }).values;
  }

  // All values that a drag can lead to: in one group, or, where there is none, one after the other.
  choices(moves) {
    const together = moves.every((i) => this.group(i) === this.group(moves[0]));
    const range = (i) => [...Array(this.sizes[i]).keys()];
    if (!together) return moves.flatMap((i) => range(i).map((value) => this.with({ [i]: value })));
    const combined = moves.reduce(
      (all, i) => all.flatMap((some) => range(i).map((value) => ({ ...some, [i]: value }))), [{}]);
    return combined.map((changes) => this.with(changes));
  }
}

const element = (tag, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
};

// A control on the page: its element, and a function that shows a value by its place.
function control({ label, title, kind, values }, set) {
  const name = element("span", { className: "live-name", textContent: label, ariaHidden: true });
  if (kind === "slider") {
    const last = values.length - 1;
    const slider = element("input", { type: "range", min: 0, max: last, ariaLabel: title });
    const shown = element("output");
    slider.oninput = () => set(slider.valueAsNumber);
    const show = (place) => {
      slider.value = place;
      slider.ariaValueText = shown.textContent = values[place];
    };
    return { element: element("label", { className: "live-slider" }, name, slider, shown), show };
  }
  if (kind === "tick") {
    const box = element("input", { type: "checkbox", ariaLabel: title });
    box.onchange = () => set(Number(box.checked));
    return { element: element("label", {}, box, name), show: (place) => (box.checked = place) };
  }
  const buttons = values.map((text, place) =>
    element("button", { type: "button", textContent: text, onclick: () => set(place) }));
  const show = (place) => buttons.forEach((button, i) => {
    button.classList.toggle("mod-active", i === place);
    button.ariaPressed = i === place;
  });
  const group = element("div", { className: "live-choice", role: "group", ariaLabel: title });
  group.append(name, element("span", {}, ...buttons));
  return { element: group, show };
}

// MathJax has to measure, so a part has to be on the page, and only one at a time.
let typesetting = Promise.resolve();
const typeset = (part) =>
  (typesetting = typesetting
    .then(() => window.MathJax?.startup?.promise)
    .then(() => window.MathJax?.typesetPromise?.([part])));

async function play(root, recording) {
  const images = await Promise.all(
    recording.images.map((text) => createImageBitmap(new Blob([fromBase64(text)]))));
  const stills = recording.stills.map(fromBase64);
  const grounds = await Promise.all(stills.map((still) => decode(still)));
  const paint = painter(recording, images, grounds[0]);
  const states = new States(recording);
  const listeners = {};
  const shown = {};
  const model = {
    get: (name) => ({ width: recording.width, height: recording.height, ...shown })[name],
    on: (event, listener) => (listeners[event] ??= []).push(listener),
    set: (name, value) => name === "drag" && move(states.dragged(value.handle, value.place)),
    save_changes: () => {},
  };

  const readout = element("div", { className: "live-readout widget-html-content" });
  let busy = false;
  let wanted = null;
  let tallest = 0; // so that what stands below does not move up and down
  const say = async (text) => {
    wanted = text;
    if (busy) return;
    busy = true;
    while (wanted !== null) {
      const part = element("div", { className: "tex2jax_process coming", innerHTML: wanted });
      wanted = null;
      readout.append(part);
      await typeset(part);
      part.classList.remove("coming");
      readout.replaceChildren(part);
      tallest = Math.max(tallest, part.offsetHeight);
      readout.style.minHeight = `${tallest}px`;
    }
    busy = false;
  };

  // One change of a control, or many of a drag, is drawn once a frame.
  let asked = 0;
  const move = (values) => {
    states.now = values;
    controls.forEach(({ show }, i) => show(values[i]));
    asked ||= requestAnimationFrame(draw);
  };
  const draw = () => {
    asked = 0;
    const number = states.number(states.now);
    const [still, text, handles, ...strokes] = recording.states[number];
    root.dataset.state = number;
    shown.still = stills[still];
    shown.value = paint(strokes, grounds[still]);
    shown.handles = recording.handles[handles];
    [shown.readout, shown.alt] = recording.readouts[text];
    for (const name of ["alt", "value"]) listeners[`change:${name}`]?.forEach((call) => call());
    say(shown.readout);
  };

  const controls = recording.controls.map((one, i) =>
    control(one, (place) => move(states.with({ [i]: place }))));
  const reset = element("button", { type: "button", textContent: "↺", title: SAY.reset, ariaLabel: SAY.reset });
  reset.onclick = () => move([...states.start]);
  const row = element("div", { className: "live-controls tex2jax_process" });
  row.append(...controls.map((one) => one.element), reset);
  const picture = element("div", { className: "live-picture" });
  const note = root.querySelector(".live-note");
  root.replaceChildren(row, picture, readout, ...(note ? [note] : []));
  typeset(row);
  move([...states.start]);
  cancelAnimationFrame(asked);
  draw();
  render({ model, el: picture });
  root.dataset.ready = "";
}

// A recording is fetched when its picture comes near, by a script, which works from disk as well.
window.recorded = async (name, text) => {
  const recording = await unpack(text);
  for (const root of document.querySelectorAll(`.live-figure[data-recording="${name}"]`))
    play(root, recording);
};

const near = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (!isIntersecting) continue;
    near.unobserve(target);
    document.head.append(element("script", { src: target.dataset.source }));
  }
}, { rootMargin: "800px" });

document.querySelectorAll(".live-figure[data-recording]").forEach((root) => near.observe(root));
