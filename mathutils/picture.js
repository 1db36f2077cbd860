// What Live needs of the browser and ipywidgets do not have: a picture that can be dragged, that is
// sharp on every screen, and that tells screen readers what it shows and how its controls are named.

const REACH = 16; // how far from a point, in pixels, a pointer still takes hold of it

// Count the sides that a line from a place to the right crosses.
function inside(corners, [x, y]) {
  const sides = corners.map((corner, i) => [corner, corners.at(i - 1)]);
  const crosses = ([[x1, y1], [x2, y2]]) =>
    y1 > y !== y2 > y && x < x1 + ((x2 - x1) * (y - y1)) / (y2 - y1);
  return sides.filter(crosses).length % 2 === 1;
}

// Return the pixels of a PNG. A busy browser may fail to decode what is sound: it is asked again,
// ever more rarely.
async function decode(png, wait = 100) {
  const image = await createImageBitmap(new Blob([png])).catch(() => null);
  if (!image) {
    await new Promise((resolve) => setTimeout(resolve, wait));
    return decode(png, 2 * wait);
  }
  const pen = new OffscreenCanvas(image.width, image.height).getContext("2d");
  pen.drawImage(image, 0, 0);
  return pen.getImageData(0, 0, image.width, image.height);
}

function render({ model, el }) {
  const image = document.createElement("canvas");
  const pen = image.getContext("2d");
  const [width, height] = [model.get("width"), model.get("height")];
  image.style = `width: ${width}px; max-width: 100%; aspect-ratio: ${width} / ${height}`;
  image.role = "img";

  const announcement = document.createElement("div");
  announcement.role = "status";
  announcement.style =
    "position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%)";
  el.append(image, announcement);

  // What moves is put on what is still, which has been decoded when it last changed, in a frame
  // that is used again, since new ones would be garbage to collect.
  // Only whole pictures reach the page, and never an older one after a newer one.
  let source, decoded, frame;
  let arrived = 0;
  const showValue = async () => {
    const number = ++arrived;
    const { buffer, byteOffset, byteLength } = model.get("value");
    const runs = new Uint32Array(buffer.slice(byteOffset, byteOffset + byteLength));
    if (source !== model.get("still")) {
      source = model.get("still");
      decoded = decode(source);
    }
    const still = await decoded;
    if (number < (image.dataset.shown ?? 0)) return;
    // Setting a size, even the same, would let JupyterLab lay out the whole page again.
    if (frame?.width !== still.width || frame.height !== still.height) {
      frame = new ImageData(still.width, still.height);
      [image.width, image.height] = [still.width, still.height];
    }
    frame.data.set(still.data);
    const pixels = new Uint32Array(frame.data.buffer);
    for (let i = 0; i < runs.length; i += 3) pixels.fill(runs[i + 2], runs[i], runs[i + 1]);
    pen.putImageData(frame, 0, 0);
    image.dataset.shown = number;
    showReadout();
    nameControls();
    if (number === 1) for (const wait of [300, 800, 1500]) setTimeout(bringIntoView, wait);
  };

  // Shift+Enter goes on to the cell below, with the questions: show it and the picture together.
  // JupyterLab scrolls as well, some time after; whoever scrolls by hand is left in peace.
  let scrolled = false;
  addEventListener("wheel", () => (scrolled = true), { once: true });
  const bringIntoView = () => {
    const below = image.closest(".jp-Cell")?.nextElementSibling;
    if (scrolled || !below?.matches(".jp-mod-active")) return;
    for (const part of [below, image.closest(".live-figure")])
      part?.scrollIntoView({ block: "nearest" });
  };

  // Names in the readout stay, typeset as they are; where there are others, they come with values.
  const showReadout = () => {
    const values = model.get("values") ?? [];
    const places = [...(image.closest(".live-figure")?.querySelectorAll(".live-value") ?? [])];
    if (places.length !== values.length) return;
    places.forEach((at, i) => at.innerHTML === values[i] || (at.innerHTML = values[i]));
  };

  let pause;
  model.on("change:alt", () => {
    image.ariaLabel = model.get("alt");
    clearTimeout(pause); // what is overtaken is not read aloud
    pause = setTimeout(() => (announcement.textContent = image.ariaLabel), 300);
  });

  const matchScreen = () => {
    model.set("pixel_ratio", devicePixelRatio);
    model.save_changes();
    const screen = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    screen.addEventListener("change", matchScreen, { once: true });
  };
  matchScreen();

  // The pointer's place in the picture, from 0 to 1 rightwards and upwards.
  const place = (event) => {
    const box = image.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (box.bottom - event.clientY) / box.height];
  };

  // What can be dragged from a place: the nearest point within reach, or else the top area around.
  const grip = (at) => {
    const handles = Object.entries(model.get("handles"));
    const distance = ([x, y]) => Math.hypot((x - at[0]) * width, (y - at[1]) * height);
    const points = handles.flatMap(([name, { points, grip }]) =>
      grip === "points" ? points.map((point) => ({ name, point, far: distance(point) })) : []);
    const near = points.filter(({ far }) => far < REACH).sort((a, b) => a.far - b.far)[0];
    if (near) return { ...near, cursor: "grab" };
    const [name, top] =
      handles.findLast(([, { points, grip }]) => grip !== "points" && inside(points, at)) ?? [];
    if (top?.grip === "area") return { name, point: top.points[0], cursor: "grab" };
    return top && { name, point: at, cursor: "pointer" };
  };
  const setCursor = (at) => (image.style.cursor = grip(at)?.cursor ?? "");

  // While the kernel is busy, ipywidgets keep only the latest value of each control, and of this.
  let held = null;
  const tell = (event) => {
    const [x, y] = place(event);
    model.set("drag", { handle: held.name, place: [x + held.dx, y + held.dy], time: event.timeStamp });
    model.save_changes();
  };
  image.onpointerdown = (event) => {
    const at = place(event);
    const found = event.button === 0 && grip(at);
    if (!found) return;
    held = { name: found.name, dx: found.point[0] - at[0], dy: found.point[1] - at[1] };
    image.setPointerCapture(event.pointerId);
    if (found.cursor === "grab") image.style.cursor = "grabbing";
    else tell(event);
    event.preventDefault();
  };
  image.onpointermove = (event) => {
    if (held) tell(event);
    else setCursor(place(event));
  };
  image.onlostpointercapture = (event) => {
    held = null;
    setCursor(place(event));
  };
  // A finger scrolls the page, except where it drags.
  const holdPage = (event) => grip(place(event.touches[0])) && event.preventDefault();
  image.addEventListener("touchstart", holdPage, { passive: false });

  // In a slide show or in Notebook 7, a key that moves or presses a control should not turn the
  // slide, or go to the next heading, instead.
  const keepKey = (event) => {
    const pressed = event.key === " " && event.target.matches("button");
    if (event.defaultPrevented || pressed) event.stopPropagation();
  };

  // Controls are named by Python in their tooltips, since their labels are mathematics.
  const nameControls = () => {
    const live = image.closest(".live-figure");
    for (const label of live?.querySelectorAll(".live-controls .widget-label[title]") ?? []) {
      const handles = label.parentElement.querySelectorAll(".noUi-handle");
      for (const handle of handles) {
        handle.ariaLabel = label.title;
        // Not 119.99999999999999.
        handle.ariaValueText = parseFloat((+handle.ariaValueText).toFixed(9));
      }
      const control = label.nextElementSibling;
      if (handles.length) continue;
      control.ariaLabel = label.title;
      if (!control.matches("select, input, textarea")) control.role = "group";
    }
    for (const button of live?.querySelectorAll("button") ?? []) {
      if (button.title) button.ariaLabel = button.title;
      else button.ariaPressed = button.classList.contains("mod-active");
    }
    if (!live?.closest(".reveal, body[data-notebook]")) return;
    for (const { dataset } of live.querySelectorAll(".noUi-handle, button"))
      dataset.lmSuppressShortcuts = true;
    live.onkeydown = keepKey;
  };
  image.ariaLabel = model.get("alt");
  // What changes together is shown together; a readout can change where the picture does not.
  let due = false;
  const changed = () => {
    if (!due) queueMicrotask(() => ((due = false), showValue()));
    due = true;
  };
  for (const name of ["value", "still", "values"]) model.on(`change:${name}`, changed);
  showValue();
  new IntersectionObserver(() => (showReadout(), nameControls())).observe(image);
}

export default { render };
