// Fits the lines to copy to what is chosen, and shows it; without this script there are ready lines for every place.
"use strict";

const form = document.getElementById("builder");
const preview = form.querySelector("iframe");
const sample = form.querySelector(".sample");
const places = [...document.querySelectorAll("[data-place]")];
const ready = new Map(places.map((place) => [place, [...place.querySelectorAll("textarea")].map((each) => each.value)]));

function look() {
  const chosen = new FormData(form);
  const options = { count: chosen.get("count") || "5", heading: chosen.get("heading"), scheme: chosen.get("scheme") };
  return {
    options,
    accent: chosen.get("accent"),
    summaries: chosen.has("summaries"),
    pictures: chosen.has("pictures"),
  };
}

function frameSuffix({ options, accent, summaries, pictures }) {
  const fragment = new URLSearchParams(options);
  if (accent !== form.elements.accent.defaultValue) {
    fragment.set("accent", accent.slice(1)); // the lines of a frame have a color of their own in the dark
  }
  if (!pictures) {
    fragment.set("pictures", "no");
  }
  return `${summaries || pictures ? "summaries/" : ""}#${fragment}`;
}

function elementAttributes({ options, accent, summaries, pictures }) {
  const given = { ...options, accent, summaries, pictures };
  if (given.scheme === "auto") {
    delete given.scheme; // the element looks like the page that it stands in
  }
  return Object.entries(given).filter(([, value]) => value);
}

function fit() {
  const place = places.find((each) => each.dataset.place === form.elements.place.value);
  const chosen = look();
  for (const each of places) {
    each.hidden = each !== place;
    each.open = each === place;
  }
  const [frame, element] = place.querySelectorAll("textarea");
  const [frameLine, elementLine] = ready.get(place);
  const suffix = frameSuffix(chosen);
  frame.value = frameLine.replace(/src="([^"]+)"/, (_, src) => `src="${src}${suffix.replaceAll("&", "&amp;")}"`);
  const attributes = elementAttributes(chosen);
  const written = attributes.map(([name, value]) => (value === true ? name : `${name}="${value}"`)).join(" ");
  element.value = elementLine.replace("<feedsvc-updates ", `<feedsvc-updates ${written} `);
  // the frame keeps no history of what was tried
  preview.contentWindow.location.replace(place.dataset.embed + suffix);
  const shown = document.createElement("feedsvc-updates");
  shown.setAttribute("src", place.dataset.feed);
  attributes.forEach(([name, value]) => shown.setAttribute(name, value === true ? "" : value));
  sample.replaceChildren(shown);
}

window.addEventListener("message", ({ data, source }) => {
  if (source === preview.contentWindow && data?.message === "height") {
    preview.height = data.value;
  }
});
form.addEventListener("input", fit);
form.addEventListener("submit", (event) => event.preventDefault());
form.hidden = false;
fit();
