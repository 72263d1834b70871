// A form that asks: <form data-asks="due"> has a button named "check", with which the shop answers without keeping
// anything. With this module it asks as one types, and what the answer has in #due takes the place of what stood there.
// With data-asks-about="quantity_" only such fields matter.

const PAUSE = 250;

for (const form of document.querySelectorAll("form[data-asks]")) {
  let timer, asking;
  form.elements.check.hidden = true;
  form.addEventListener("input", ({ target }) => {
    if (!target.name.startsWith(form.dataset.asksAbout ?? "")) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      asking?.abort();
      asking = new AbortController();
      ask(form, asking.signal);
    }, PAUSE);
  });
}

async function ask(form, signal) {
  const body = new FormData(form, form.elements.check);
  const place = form.dataset.asks;
  let answer = null;
  try {
    const response = await fetch(location.href, { method: "POST", body, signal, redirect: "error" });
    if (response.ok) answer = new DOMParser().parseFromString(await response.text(), "text/html").getElementById(place);
  } catch {
    if (signal.aborted) return;
  }
  // Without an answer there is nothing to say: what stood there may no longer be true.
  document.getElementById(place).replaceChildren(...(answer?.childNodes ?? []));
}
