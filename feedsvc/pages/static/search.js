// Looks through all updates in the browser, newest first. Without this script the page leads to the years.
"use strict";

const form = document.getElementById("search");
const field = document.getElementById("words");
const state = document.getElementById("state");
const results = document.getElementById("results");
const list = results.querySelector("ol");
const more = document.getElementById("more");
const result = document.getElementById("result").content.firstElementChild;
const tags = document.getElementById("tags").content;
const pieces = form.dataset.pieces.split(" ").filter(Boolean);
const months = form.dataset.months.split(" ");
const loaded = new Map();
const SHOWN = 50;
const SELDOM = 400; // milliseconds
const WORDS = 8;
const LETTER = /^\p{L}/u;
let round = 0;

// Small letters without accents, words apart by one space. What joins letters and digits goes: covid-19, 401(k), e-mail.
function fold(text) {
  return text
    .normalize("NFD")
    .replace(/(n)\u0303/gi, "\u00f1") // another letter than n
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/['\u2019\u02bc]/g, "")
    .replace(/(\p{L})[-\u2010\u2011](?=\p{N})/gu, "$1")
    .replace(/(\p{N})\((?=\p{L})/gu, "$1")
    .replace(/(^|[^\p{L}\p{N}])(\p{L})[-\u2010\u2011](?=\p{L})/gu, "$1$2")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

// A pattern for each word: where a word begins with it, and where it stands with its neighbour as one word (covid 19).
function compile(query) {
  const words = fold(query).split(" ").filter(Boolean).slice(0, WORDS);
  const spaced = words.map((word) => word.replace(/(\p{L})(?=\p{N})|(\p{N})(?=\p{L})/gu, "$& ?"));
  return spaced.map((word, at) => {
    const ways = [word];
    if (at > 0 && !LETTER.test(words[at])) {
      ways.push(`${spaced[at - 1]} ?${word}`);
    }
    if (at + 1 < words.length && !LETTER.test(words[at + 1])) {
      ways.push(`${word} ?${spaced[at + 1]}`);
    }
    return { begins: new RegExp(`(?:^| )(?:${ways.join("|")})`, "u"), whole: new RegExp(`(?:^| )(?:${ways.join("|")})(?: |$)`, "u") };
  });
}

// What counts more: the title before the summary before all else, a whole word before the beginning of one.
function rank(update, patterns) {
  let sum = 0;
  for (const { begins, whole } of patterns) {
    if (whole.test(update.inTitle)) {
      sum += 12;
    } else if (begins.test(update.inTitle)) {
      sum += 8;
    } else if (begins.test(update.inSummary)) {
      sum += 4;
    } else if (begins.test(update.inText)) {
      sum += 1;
    } else {
      return 0;
    }
  }
  return sum;
}

function spoken(update) {
  return primary(update.language ?? form.dataset.language);
}

// Of two that are as good, the one in the language of the page comes first.
function isSpoken(update) {
  return spoken(update) === primary(document.documentElement.lang);
}

// What all translations of an update have in common: the slug to which their names lead, also where two name each other.
function original(slug, named) {
  const passed = [slug];
  for (let next = named.get(slug); next; next = named.get(next)) {
    if (passed.includes(next)) {
      return passed.sort()[0];
    }
    passed.push(next);
  }
  return passed.at(-1);
}

// As lists do: the same in several languages stands there in that of the page, or else where it fits best.
function once(found) {
  const named = new Map();
  for (const { update } of found) {
    if (update.translation_of) {
      named.set(update.slug, update.translation_of);
    }
  }
  if (named.size === 0) {
    return found;
  }
  const languages = new Map();
  for (const { update } of found) {
    const first = original(update.slug, named);
    if (isSpoken(update) || !languages.has(first)) {
      languages.set(first, spoken(update));
    }
  }
  return found.filter(({ update }) => languages.get(original(update.slug, named)) === spoken(update));
}

async function load(address) {
  if (!loaded.has(address)) {
    const answer = await fetch(address);
    if (!answer.ok) {
      throw new Error(`${answer.status}`);
    }
    const updates = await answer.json();
    for (const update of updates) {
      update.inTitle = fold(update.title);
      update.inSummary = fold(update.summary);
      update.inText = fold(update.text);
    }
    loaded.set(address, updates);
  }
  return loaded.get(address);
}

function primary(tag) {
  return tag.toLowerCase().split("-")[0];
}

// What those who read a language call it.
function name(language) {
  const element = document.createElement("span");
  element.className = "language";
  element.textContent = language;
  try {
    const said = new Intl.DisplayNames([language], { type: "language" }).of(primary(language));
    element.textContent = said.charAt(0).toLocaleUpperCase(language) + said.slice(1);
    element.lang = language;
  } catch {
    // the tag is none that browsers know
  }
  return element;
}

function show(update) {
  const item = result.cloneNode(true);
  const [year, month, day] = update.date.split("-");
  item.querySelector("time").dateTime = update.date;
  item.querySelector(".month").textContent = months[month - 1];
  item.querySelector(".number").textContent = Number(day);
  item.querySelector(".year").textContent = year;
  const link = item.querySelector("a");
  link.href = `${form.dataset.updates}${encodeURIComponent(update.slug)}/`;
  link.textContent = update.title;
  const summary = item.querySelector("p");
  summary.textContent = update.summary;
  const language = update.language ?? form.dataset.language;
  if (language !== document.documentElement.lang) {
    for (const element of [link, summary]) {
      element.lang = language;
      element.dir = "auto";
    }
  }
  if (!isSpoken(update)) {
    item.querySelector(".tags").append(name(language), " ");
  }
  for (const slug of update.categories) {
    const tag = [...tags.children].find((each) => each.dataset.slug === slug);
    if (tag) {
      item.className ||= tag.className;
      item.querySelector(".tags").append(tag.firstElementChild.cloneNode(true), " ");
    }
  }
  return item;
}

function render(found, most) {
  found.sort((one, other) => other.rank - one.rank || (one.update.date < other.update.date ? 1 : -1));
  const told = once(found);
  list.replaceChildren(...told.slice(0, most).map(({ update }) => show(update)));
  results.hidden = told.length === 0;
  more.hidden = told.length <= most;
  more.onclick = () => {
    render(found, most + SHOWN);
    list.children[most].querySelector("a").focus();
  };
  return told.length;
}

async function search() {
  const mine = ++round;
  const patterns = compile(field.value);
  const found = [];
  let failed = false;
  let shown = -SELDOM; // when the list was last made anew
  if (patterns.length === 0) {
    render(found, SHOWN);
    state.textContent = "";
    return;
  }
  for (const address of pieces) {
    try {
      const updates = await load(address);
      if (mine !== round) {
        return;
      }
      const before = found.length;
      for (const update of updates) {
        const sum = rank(update, patterns);
        if (sum > 0) {
          found.push({ update, rank: sum + Number(isSpoken(update)) / 2 });
        }
      }
      if (found.length > before && (before === 0 || performance.now() - shown > SELDOM)) {
        render(found, SHOWN);
        shown = performance.now();
      }
    } catch {
      failed = true;
    }
    if (mine !== round) {
      return;
    }
    state.textContent = form.dataset.looking;
  }
  const number = render(found, SHOWN);
  const said = number ? form.dataset.found.replace("{number}", number) : form.dataset.none;
  state.textContent = failed ? `${said} ${form.dataset.failed}` : said;
}

// What is looked for stands in the fragment, which no server sees, so that it can be sent to somebody.
function recall() {
  const wanted = new URLSearchParams(location.hash.slice(1)).get("q") ?? "";
  if (wanted !== field.value) {
    field.value = wanted.slice(0, field.maxLength);
    search();
  }
}

let pause = 0;
field.addEventListener("input", () => {
  clearTimeout(pause);
  pause = setTimeout(() => {
    history.replaceState(null, "", field.value ? `#${new URLSearchParams({ q: field.value })}` : location.pathname);
    search();
  }, 80);
});
form.addEventListener("submit", (event) => event.preventDefault());
window.addEventListener("hashchange", recall);
form.hidden = false;
recall();
if (pieces.length > 0 && !field.value) {
  load(pieces[0]).catch(() => {}); // the newest are there when the first letter comes
}
