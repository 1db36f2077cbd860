// What Live needs of the browser and ipywidgets do not have: a picture that can be dragged, that is
// sharp on every screen, and that tells screen readers what it shows and how its controls are named.

function render({ model, el }) {
  const image = document.createElement("canvas");
  const pen = image.getContext("2d");
  const layer = document.createElement("canvas").getContext("2d");
  const [width, height] = [model.get("width"), model.get("height")];
  image.style = `width: ${width}px; max-width: 100%; aspect-ratio: ${width} / ${height}`;
  image.role = "img";

  const announcement = document.createElement("div");
  announcement.role = "status";
  announcement.style = "position: absolute; width: 1px; height: 1px; clip-path: inset(50%)";
  el.append(image, announcement);

  // What moves is drawn at once on what is still, which has been decoded when it last changed.
  // Only whole pictures reach the page, and never an older one after a newer one.
  let source, decoded;
  let arrived = 0;
  const showValue = async () => {
    const number = ++arrived;
    const { buffer, byteOffset, byteLength } = model.get("value");
    const runs = new Uint32Array(buffer.slice(byteOffset, byteOffset + byteLength));
    if (source !== model.get("still")) {
      source = model.get("still");
      decoded = createImageBitmap(new Blob([source]));
    }
    const still = await decoded;
    if (number < (image.dataset.shown ?? 0)) return;
    const moving = new ImageData(still.width, still.height);
    const pixels = new Uint32Array(moving.data.buffer);
    for (let i = 0; i < runs.length; i += 3) pixels.fill(runs[i + 2], runs[i], runs[i + 1]);
    // Setting a size, even the same, would let JupyterLab lay out the whole page again.
    if (image.width !== still.width || image.height !== still.height)
      for (const { canvas } of [pen, layer])
        [canvas.width, canvas.height] = [still.width, still.height];
    layer.putImageData(moving, 0, 0);
    pen.drawImage(still, 0, 0);
    pen.drawImage(layer.canvas, 0, 0);
    image.dataset.shown = number;
    nameControls();
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

  // The pointer's place in the picture, from 0 to 1 rightwards and upwards. While the kernel is
  // busy, ipywidgets keep only the latest value of each control, and of this as well.
  const place = (event) => {
    const box = image.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (box.bottom - event.clientY) / box.height];
  };
  const tell = (event) => {
    model.set("drag", { start, end: place(event), time: event.timeStamp });
    model.save_changes();
  };
  let start = null;
  if (model.get("draggable")) {
    image.style.cursor = "crosshair";
    image.style.touchAction = "none";
    image.onpointerdown = (event) => {
      image.setPointerCapture(event.pointerId);
      start = place(event);
      tell(event);
    };
    image.onpointermove = (event) => start && tell(event);
    image.onlostpointercapture = () => (start = null);
  }

  // In a slide show, a key that moves or presses a control should not turn the slide instead.
  const keepKey = (event) => {
    const pressed = event.key === " " && event.target.matches("button");
    if (event.defaultPrevented || pressed) event.stopPropagation();
  };

  // Controls are named by Python in their tooltips, since their labels are mathematics.
  const nameControls = () => {
    const live = image.closest(".live-figure");
    for (const label of live?.querySelectorAll(".widget-label[title]") ?? []) {
      const slider = label.parentElement.querySelector(".noUi-handle");
      const named = slider ?? label.nextElementSibling;
      named.ariaLabel = label.title;
      if (!slider) named.role = "group";
      // Not 119.99999999999999.
      else slider.ariaValueText = parseFloat((+slider.ariaValueText).toFixed(9));
    }
    for (const button of live?.querySelectorAll("button") ?? []) {
      if (button.title) button.ariaLabel = button.title;
      else button.ariaPressed = button.classList.contains("mod-active");
    }
    if (!live?.closest(".reveal")) return;
    for (const { dataset } of live.querySelectorAll(".noUi-handle, button"))
      dataset.lmSuppressShortcuts = true;
    live.onkeydown = keepKey;
  };
  image.ariaLabel = model.get("alt");
  model.on("change:value", showValue);
  model.on("change:still", showValue);
  showValue();
  new IntersectionObserver(nameControls).observe(image);
}

export default { render };
