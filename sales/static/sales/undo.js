// Undoing a sale: quick answers at one press, and what it will come to, asked of the shop as it is typed.

const PAUSE = 250;

for (const answer of document.querySelectorAll("[data-fills]")) {
  const field = document.getElementById(answer.dataset.fills);
  answer.hidden = false;
  if (answer.parentElement.matches(".chips")) answer.parentElement.hidden = false;
  answer.addEventListener("click", () => {
    field.value = answer.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

const form = document.querySelector("form[data-asks]");
if (form) {
  let timer, asking;
  form.elements.check.hidden = true;
  form.addEventListener("input", ({ target }) => {
    if (!target.name.startsWith(form.dataset.asks)) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      asking?.abort();
      asking = new AbortController();
      ask(asking.signal);
    }, PAUSE);
  });
}

/** Put the answer's own words in the place of the last ones; without an answer there is nothing to say. */
async function ask(signal) {
  const body = new FormData(form, form.elements.check);
  let said = "";
  try {
    const response = await fetch(location.href, { method: "POST", body, signal, redirect: "error" });
    if (response.ok) said = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("due");
  } catch {
    if (signal.aborted) return;
  }
  document.getElementById("due").replaceChildren(...(said ? said.childNodes : []));
}
