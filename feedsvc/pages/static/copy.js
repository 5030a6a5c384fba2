// Adds a Copy button to each address field, and to each date how far off it is. Without this script the fields are there
// to select and copy by hand, and the dates in words.
"use strict";

const status = document.querySelector("[role=status]");

async function copy(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    // No permission, or no secure connection: the older way still works from a click.
    field.select();
    return document.execCommand("copy");
  }
}

for (const button of document.querySelectorAll("button[data-field]")) {
  const field = document.getElementById(button.dataset.field);
  const label = button.firstElementChild;
  const before = label.textContent;
  let timer = 0;

  field.addEventListener("focus", () => field.select());
  button.addEventListener("click", async () => {
    if (!(await copy(field))) {
      return;
    }
    clearTimeout(timer);
    label.textContent = button.dataset.done;
    button.classList.add("is-done");
    status.textContent = `${button.dataset.done}: ${field.labels[0].textContent}`;
    timer = setTimeout(() => {
      label.textContent = before;
      button.classList.remove("is-done");
      status.textContent = "";
    }, 3000);
  });
  button.hidden = false;
}

const now = new Date();
const today = Date.UTC(now.getFullYear(), now.getMonth(), now.getDate());

for (const time of document.querySelectorAll(".date time[data-end]")) {
  const days = (Date.parse(`${time.getAttribute("datetime").slice(0, 10)}T00:00:00Z`) - today) / 86_400_000;
  if (days >= 0 && Date.parse(time.dataset.end) > now) {
    const words = new Intl.RelativeTimeFormat(time.closest("[lang]").lang, { numeric: "auto" });
    time.insertAdjacentText("afterend", ` (${words.format(days, "day")})`);
  }
}
