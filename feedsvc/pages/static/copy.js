// Adds a Copy button to each address field; without this script the fields are there to select and copy by hand.
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
