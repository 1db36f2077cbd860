// What each page can do beside its live pictures.

// The styles of chapters and of pictures ask for JupyterLab's theme.
const dark = matchMedia("(prefers-color-scheme: dark)");
const followTheme = () => {
  const theme = document.body?.dataset.theme ?? "auto";
  const isDark = theme === "dark" || (theme === "auto" && dark.matches);
  document.documentElement.dataset.jpThemeLight = !isDark;
};
followTheme();
dark.addEventListener("change", followTheme);

const remembered = (name, value) => {
  try {
    if (value !== undefined) localStorage.setItem(name, value);
    return localStorage.getItem(name);
  } catch {
    return null; // where a browser keeps nothing for pages from disk
  }
};

// One switch opens all code of a page; model answers stay folded.
function addSwitch() {
  const folded = document.querySelectorAll(".cell.tag_hide-input details.hide");
  const place = document.querySelector("article h1");
  if (!folded.length || !place) return;
  const button = document.createElement("button");
  button.className = "show-code";
  const show = (open) => {
    for (const details of folded) details.open = open;
    button.ariaPressed = open;
    button.textContent = open ? SAY["hide-code"] : SAY["show-code"];
  };
  show(remembered("show-code") === "true");
  button.onclick = () => {
    show(button.ariaPressed !== "true");
    remembered("show-code", button.ariaPressed);
  };
  place.after(button);
}

// A formula that is wider than its column scrolls, rather than being torn.
function markWide() {
  for (const formula of document.querySelectorAll("article mjx-container:not([display])")) {
    const column = formula.closest("p, li, td, th, dd, figure, div");
    if (column?.clientWidth)
      formula.classList.toggle("wide", formula.firstElementChild.getBoundingClientRect().width > column.clientWidth);
  }
}

document.addEventListener("DOMContentLoaded", () => {
  followTheme();
  new MutationObserver(followTheme).observe(document.body, { attributeFilter: ["data-theme"] });
  addSwitch();
  addEventListener("load", () => window.MathJax?.startup?.promise?.then(markWide));
  addEventListener("resize", markWide);
});
