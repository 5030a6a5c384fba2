// A page inside somebody else's: its look comes from the fragment of its address, and its height goes to the page around.
"use strict";

const HEIGHTS = { least: 100, most: 4000 }; // pixels
const root = document.documentElement;
const inside = window.parent !== window;

function wanted() {
  return new URLSearchParams(location.hash.replace(/^#\??/, ""));
}

function bounded(text, least, most) {
  const number = parseInt(text, 10);
  return number >= least ? Math.min(number, most) : undefined;
}

function setLevels(first) {
  for (const heading of document.querySelectorAll("[data-below]")) {
    const renamed = document.createElement(`h${Math.min(6, first + Number(heading.dataset.below))}`);
    for (const { name, value } of heading.attributes) {
      renamed.setAttribute(name, value);
    }
    renamed.append(...heading.childNodes);
    heading.replaceWith(renamed);
  }
}

function dress() {
  const options = wanted();
  const count = bounded(options.get("count"), 1, Infinity) ?? Infinity;
  document.querySelectorAll(".updates > li").forEach((item, index) => {
    item.hidden = index >= count;
  });
  root.classList.toggle("no-pictures", options.get("pictures") === "no");
  const scheme = options.get("scheme");
  if (scheme === "light" || scheme === "dark") {
    root.dataset.scheme = scheme;
  } else {
    delete root.dataset.scheme;
  }
  const accent = options.get("accent");
  if (/^[0-9a-f]{6}$/i.test(accent)) {
    root.style.setProperty("--accent", `#${accent}`);
  } else {
    root.style.removeProperty("--accent");
  }
  setLevels(bounded(options.get("heading"), 1, 6) ?? 2);
}

// WordPress names each frame in its fragment, and hears the height and what was pressed under that name.
function secret() {
  const name = wanted().get("secret");
  return /^[a-z0-9]{1,40}$/i.test(name) ? name : undefined;
}

function tell(message, value) {
  if (inside) {
    window.parent.postMessage({ message, value, secret: secret() }, "*");
  }
}

function tellHeight() {
  const height = Math.ceil(document.body.getBoundingClientRect().height);
  tell("height", Math.min(HEIGHTS.most, Math.max(HEIGHTS.least, height)));
}

dress();
window.addEventListener("hashchange", dress);
// a frame that nobody sees yet is not drawn, so nothing observes it: WordPress shows it once it has spoken
tellHeight();
window.addEventListener("load", tellHeight);
new ResizeObserver(tellHeight).observe(document.body);
window.addEventListener("message", (event) => {
  if (event.source === window.parent && event.data?.message === "ready") {
    tellHeight();
  }
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  const isPlain = !(event.ctrlKey || event.metaKey || event.shiftKey);
  if (link && isPlain && secret() && window.origin === "null") {
    tell("link", link.href); // in its sandbox no link leads anywhere
    event.preventDefault();
  }
});
