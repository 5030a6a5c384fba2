// Lets each address be copied and each update be shared, and says of each date how far off it is. Without this script
// the fields are there to select and copy by hand, and the dates in words.
"use strict";

const status = document.querySelector("[role=status]");

async function write(text, field) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // No permission, or no secure connection: the older way still works from a click.
    const copied = field ?? document.body.appendChild(document.createElement("textarea"));
    copied.value = text;
    copied.select();
    const done = document.execCommand("copy");
    if (!field) {
      copied.remove();
    }
    return done;
  }
}

function offerCopy(button, read, field) {
  const label = button.firstElementChild;
  const before = label.textContent;
  let timer = 0;

  button.addEventListener("click", async () => {
    if (!(await write(read(), field))) {
      return;
    }
    clearTimeout(timer);
    label.textContent = button.dataset.done;
    button.classList.add("is-done");
    status.textContent = `${button.dataset.done}: ${field ? field.labels[0].textContent : read()}`;
    timer = setTimeout(() => {
      label.textContent = before;
      button.classList.remove("is-done");
      status.textContent = "";
    }, 3000);
  });
  button.hidden = false;
}

for (const button of document.querySelectorAll("button[data-field]")) {
  const field = document.getElementById(button.dataset.field);
  field.addEventListener("focus", () => field.select());
  offerCopy(button, () => field.value, field);
}

for (const button of document.querySelectorAll("button[data-copy]")) {
  offerCopy(button, () => button.dataset.copy);
  button.closest("[hidden]")?.removeAttribute("hidden");
}

for (const button of document.querySelectorAll("button[data-share]")) {
  const { share: url, title } = button.dataset;
  button.addEventListener("click", async () => {
    try {
      await navigator.share({ title, url });
    } catch (error) {
      if (error.name !== "AbortError") {
        // what cannot be shared can be copied
        button.closest("article, section").querySelector("[data-copy], [data-field]").click();
      }
    }
  });
  button.hidden = !navigator.share;
}

for (const link of document.querySelectorAll("a[data-apple]")) {
  if (!/Mac|iPhone|iPad/.test(navigator.userAgent)) {
    // elsewhere seldom an app knows feed: so share, or else go to the steps from the same place
    link.hidden = Boolean(navigator.share);
    link.textContent = link.dataset.apple;
    link.href = "#steps";
  }
}

const now = new Date();
const today = Date.UTC(now.getFullYear(), now.getMonth(), now.getDate());

for (const time of document.querySelectorAll(".date time[data-end]")) {
  const days = (Date.parse(`${time.getAttribute("datetime").slice(0, 10)}T00:00:00Z`) - today) / 86_400_000;
  if (days >= 0 && Date.parse(time.dataset.end) > now) {
    const words = new Intl.RelativeTimeFormat(time.closest("[lang]").lang, { numeric: "auto" });
    const countdown = document.createElement("span");
    countdown.className = "countdown";
    countdown.textContent = ` (${words.format(days, "day")})`;
    time.after(countdown);
  }
}
