// Leads from the subjects that are ticked to the page of their mix; without this script the list of mixes is there.
"use strict";

const pages = new Map();
for (const link of document.querySelectorAll("a[data-mix]")) {
  pages.set(link.dataset.mix, link.getAttribute("href"));
}

for (const form of document.querySelectorAll("form.mixes")) {
  const boxes = [...form.querySelectorAll("input")];
  const link = form.querySelector("a");
  const said = form.querySelector("[aria-live]");
  pages.set(boxes.map((box) => box.value).join("_"), link.getAttribute("href"));
  for (const box of boxes) {
    pages.set(box.value, box.dataset.href);
  }

  form.addEventListener("change", () => {
    const mix = boxes.filter((box) => box.checked).map((box) => box.value).join("_");
    link.hidden = !pages.has(mix);
    said.textContent = mix && link.hidden ? form.dataset.none : "";
    if (!link.hidden) {
      link.href = pages.get(mix);
    }
  });
  form.hidden = false;
}
