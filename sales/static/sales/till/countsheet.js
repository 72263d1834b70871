// The count sheet adds itself up as it is typed. Without JavaScript the shop adds it up, when it is sent.

import * as money from "./money.js";

const form = document.getElementById("count");
const inputs = [...form.querySelectorAll("[data-worth]")];
const sum = document.getElementById("counted");

/** What stands in an input, in cents: 0 when it is empty, NaN when it cannot be read. */
function cents({ name, value, dataset }) {
  if (!value.trim()) return 0;
  const typed = money.parse(value);
  return typed === null || (name !== "other" && typed % 100) ? NaN : typed * dataset.worth;
}

const show = (amount) => (Number.isNaN(amount) ? "–" : money.show(amount));

function add() {
  const amounts = inputs.map(cents);
  for (const [at, input] of inputs.entries()) {
    input.parentElement.querySelector("output").value = amounts[at] === 0 ? "" : show(amounts[at]);
  }
  sum.querySelector("output").value = show(amounts.reduce((one, other) => one + other, 0));
}

// Enter goes on to the next note, and only a press of the button closes the drawer.
form.addEventListener("keydown", (event) => {
  const at = inputs.indexOf(event.target);
  if (event.key !== "Enter" || at < 0) return;
  event.preventDefault();
  (inputs[at + 1] ?? form.elements.note).focus();
});

form.addEventListener("input", add);
sum.hidden = false;
add();
