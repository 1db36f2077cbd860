// Typeset all formulas, then make each slide fit: first by its size, and where that would become
// too small to read, by letting long code scroll.

const HEIGHT = 652; // of a sheet, of the 720 of a slide: the arrows stand below it
const [SMALL, SMALLEST] = [0.6, 0.5]; // of the size of type, 26 pixels: beside code, and without

function fit(sheet) {
  const fits = (size) => {
    sheet.style.fontSize = `${26 * size}px`;
    sheet.style.setProperty("--size", size);
    return sheet.scrollHeight <= HEIGHT && sheet.scrollWidth <= sheet.clientWidth + 1;
  };
  const code = [...sheet.querySelectorAll(".jp-InputArea-editor, .jp-RenderedText")];
  for (const part of code) part.style.maxHeight = "";
  const smallest = code.length ? SMALL : SMALLEST;
  if (fits(1)) return;
  if (!fits(smallest)) {
    const tallest = code.sort((a, b) => b.offsetHeight - a.offsetHeight)[0];
    if (!tallest) return;
    tallest.style.maxHeight = `${tallest.offsetHeight - (sheet.scrollHeight - HEIGHT)}px`;
    tallest.tabIndex = 0; // it can be scrolled by keyboard
    return;
  }
  let [small, large] = [smallest, 1];
  for (let step = 0; step < 6; step++) {
    const middle = (small + large) / 2;
    if (fits(middle)) small = middle;
    else large = middle;
  }
  fits(small);
}

function start() {
  const slides = [...document.querySelectorAll(".slides section")];
  for (const slide of slides.filter((section) => !section.querySelector("section"))) {
    const sheet = document.createElement("div");
    sheet.className = "sheet";
    sheet.append(...slide.childNodes);
    slide.append(sheet);
    fit(sheet);
    for (const details of sheet.querySelectorAll("details")) details.ontoggle = () => fit(sheet);
  }
  document.body.classList.remove("measuring");
  const size = { width: 1280, height: 720, margin: 0, minScale: 0.1, maxScale: 4 };
  Reveal.initialize({ ...size, center: false, hash: true, slideNumber: "c/t", transition: "none" });
}

window.MathJax = {
  tex: { inlineMath: [["$", "$"], ["\\(", "\\)"]], processEscapes: true },
  svg: { fontCache: "global" },
  options: { enableMenu: false },
  startup: { pageReady: () => MathJax.startup.defaultPageReady().then(() => document.fonts.ready).then(start) },
};
