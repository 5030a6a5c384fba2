// <feedsvc-updates src="https://.../feed.json">: the newest updates of a JSON Feed, inside anybody's page.
// What a feed says becomes text and checked links, never markup. These octets are pinned: a change is embed-2.js.
{
  const NAME = "feedsvc-updates";
  const MOST_OCTETS = 2000000;
  const MOST_LETTERS = 1000;
  const MOST_ITEMS = 20;
  const PATIENCE = 15000; // milliseconds
  const RIGHT_TO_LEFT = /^(Adlm|Arab|Aran|Hebr|Nkoo|Rohg|Syrc|Thaa)$/;
  const CSS = `
    :host { display: block; }
    :host([hidden]) { display: none; }
    .feed {
      all: initial; display: block; box-sizing: border-box; color: inherit; font-family: inherit;
      font-size: max(1em, 0.875rem); line-height: 1.5; text-align: start; overflow-wrap: anywhere;
      --accent: var(--feedsvc-accent, currentcolor);
    }
    .feed[data-scheme] {
      --ground: #fff; --ink: #13242e; padding: 1em; color-scheme: light;
      background: var(--feedsvc-ground, var(--ground)); color: var(--feedsvc-ink, var(--ink));
    }
    .feed[data-scheme=dark] { --ground: #12222c; --ink: #e8eff2; color-scheme: dark; }
    @media (prefers-color-scheme: dark) {
      .feed[data-scheme=auto] { --ground: #12222c; --ink: #e8eff2; color-scheme: dark; }
    }
    .list { margin: 0; padding: 0; list-style: none; border-top: 4px solid var(--accent); }
    .item { display: flex; flex-wrap: wrap; gap: 0.5em 1em; padding: 0.75em 0; border-bottom: 1px solid var(--feedsvc-line, #8888); }
    .text { flex: 1 1 12em; min-width: 0; }
    .picture { flex: none; align-self: flex-start; width: 6em; aspect-ratio: 3 / 2; object-fit: cover; }
    .title { margin: 0; font: inherit; font-weight: 700; }
    .date, .summary, .status { margin: 0.25em 0 0; }
    .home { margin: 0.75em 0 0; }
    .date { font-size: max(0.875em, 0.8125rem); }
    a { color: inherit; text-decoration: underline; text-decoration-color: var(--accent); text-underline-offset: 0.2em; }
    a:hover { text-decoration-thickness: 0.15em; }
    a:focus-visible { outline: 3px solid; outline-offset: 2px; }`;

  let sheet;
  const dress = (shadow) => {
    try {
      if (!sheet) {
        sheet = new CSSStyleSheet();
        sheet.replaceSync(CSS);
      }
      shadow.adoptedStyleSheets = [sheet];
    } catch {
      shadow.append(make("style", "", CSS)); // a browser before 2023
    }
  };

  const make = (name, part, ...children) => {
    const element = document.createElement(name);
    if (part) {
      element.className = part;
      element.setAttribute("part", part);
    }
    element.append(...children);
    return element;
  };

  const clean = (value) =>
    typeof value === "string" ? value.trim().slice(0, MOST_LETTERS).replace(/[\uD800-\uDBFF]$/, "") : "";

  const checked = (value, base) => {
    try {
      const url = new URL(typeof value === "string" ? value : "", base);
      return value && /^https?:$/.test(url.protocol) && !url.username && !url.password ? url : null;
    } catch {
      return null;
    }
  };

  const link = (words, url) => {
    if (!url) {
      return words;
    }
    const anchor = make("a", "link", words);
    anchor.href = url.href;
    anchor.target = "_top";
    return anchor;
  };

  const locale = (tag) => {
    try {
      return new Intl.Locale(tag);
    } catch {
      return undefined;
    }
  };

  // Says the language of an element and which way it is written; where nobody knows, its own letters decide.
  const turn = (element, tag, unknown) => {
    const known = locale(tag);
    if (known) {
      element.lang = known.toString();
    }
    const way = known ? (RIGHT_TO_LEFT.test(known.maximize().script) ? "rtl" : "ltr") : unknown;
    if (way) {
      element.dir = way;
    }
  };

  // The day as the publisher's calendar has it, whatever the reader's clock says.
  const day = (value, tag) => {
    const date = new Date((/^\d{4}-\d\d-\d\d/.exec(clean(value)) || [])[0]);
    return date.getTime() ? new Intl.DateTimeFormat(locale(tag), { dateStyle: "long", timeZone: "UTC" }).format(date) : "";
  };

  const show = (item, feed, base, options) => {
    const heading = make(`h${options.heading}`, "title", link(clean(item.title) || clean(item.summary), checked(item.url, base)));
    const text = make("div", "text", heading);
    const entry = make("li", "item", text);
    const known = item.language || feed.language;
    turn(entry, known, "");
    turn(heading, known, "auto");
    const shown = day(item.date_published, feed.language);
    if (shown) {
      const time = make("time", "", shown);
      time.dateTime = item.date_published.trim();
      const date = make("p", "date", time);
      turn(date, feed.language, "auto");
      text.append(date);
    }
    if (options.summaries && clean(item.title) && clean(item.summary)) {
      const summary = make("p", "summary", clean(item.summary));
      turn(summary, known, "auto");
      text.append(summary);
    }
    const picture = options.pictures && checked(item.image, base);
    if (picture && picture.origin === new URL(base).origin) {
      const image = make("img", "picture");
      image.alt = "";
      image.loading = "lazy";
      image.referrerPolicy = "no-referrer";
      image.onerror = () => image.remove();
      image.src = picture.href;
      entry.append(image);
    }
    return entry;
  };

  const read = async (address, signal) => {
    const answer = await fetch(address, { credentials: "omit", referrerPolicy: "no-referrer", signal });
    if (!answer.ok) {
      throw new Error(answer.statusText);
    }
    const reader = answer.body.getReader();
    const decoder = new TextDecoder();
    let text = "";
    for (let octets = 0; ; ) {
      const { done, value } = await reader.read();
      if (done) {
        return [JSON.parse(text + decoder.decode()), answer.url];
      }
      octets += value.length;
      if (octets > MOST_OCTETS) {
        reader.cancel();
        throw new RangeError("the feed is too large");
      }
      text += decoder.decode(value, { stream: true });
    }
  };

  class Updates extends HTMLElement {
    #latest;

    static get observedAttributes() {
      return ["src", "count", "heading", "summaries", "pictures", "scheme", "accent"];
    }

    constructor() {
      super();
      dress(this.attachShadow({ mode: "open" }));
    }

    connectedCallback() {
      this.fill();
    }

    attributeChangedCallback() {
      if (this.#latest) {
        this.fill();
      }
    }

    disconnectedCallback() {
      this.#latest.abort();
      this.#latest = null;
    }

    async fill() {
      const turn = new AbortController();
      if (this.#latest) {
        this.#latest.abort();
      }
      this.#latest = turn;
      await null; // several attributes change together
      if (this.#latest !== turn) {
        return;
      }
      this.show("loading");
      const timer = setTimeout(() => turn.abort(), PATIENCE);
      let state = "error";
      let parts = [];
      try {
        const address = checked(this.getAttribute("src"), document.baseURI);
        parts = this.list(...(await read(address.href, turn.signal)));
        state = parts.length ? "ready" : "empty";
      } catch {
        // whatever came in its place, what stands inside the tag is shown
      }
      clearTimeout(timer);
      if (this.#latest === turn) {
        this.show(state, parts);
      }
    }

    list(feed, base) {
      const options = {
        heading: Math.min(6, Math.max(2, parseInt(this.getAttribute("heading"), 10) || 3)),
        summaries: this.hasAttribute("summaries"),
        pictures: this.hasAttribute("pictures"),
      };
      const count = Math.min(MOST_ITEMS, Math.max(1, parseInt(this.getAttribute("count"), 10) || 5));
      const items = feed.items.filter((item) => item && (clean(item.title) || clean(item.summary))).slice(0, count);
      if (!items.length) {
        return [];
      }
      const list = make("ul", "list", ...items.map((item) => show(item, feed, base, options)));
      list.setAttribute("role", "list"); // a list without bullets is none to VoiceOver
      const title = clean(feed.title);
      const home = make("p", "home", link(title, checked(feed.home_page_url, base)));
      turn(home, feed.language, "auto");
      return title ? [list, home] : [list];
    }

    show(state, parts = []) {
      const frame = make("div", "feed", ...parts);
      frame.setAttribute("part", `feed ${state}`);
      const scheme = this.getAttribute("scheme");
      if (/^(light|dark|auto)$/.test(scheme)) {
        frame.dataset.scheme = scheme;
      }
      const accent = this.getAttribute("accent");
      if (/^#[0-9a-f]{3,8}$/i.test(accent)) {
        frame.style.setProperty("--accent", accent);
      }
      if (state !== "ready") {
        const status = make("p", "status", this.getAttribute(`${state}-text`) || "");
        status.setAttribute("role", "status");
        frame.append(make("slot", ""), status);
      }
      frame.setAttribute("aria-busy", state === "loading");
      const before = this.shadowRoot.querySelector(".feed");
      if (before) {
        before.replaceWith(frame);
      } else {
        this.shadowRoot.append(frame);
      }
    }
  }

  if (!customElements.get(NAME)) {
    customElements.define(NAME, Updates);
  }
}
