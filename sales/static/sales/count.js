// The count sheet adds itself up as it is typed. Without JavaScript the shop adds it up, when it is sent.

const form = document.getElementById("count");
const inputs = [...form.querySelectorAll("[data-worth]")];
const sum = document.getElementById("counted");

const PIECES = /^(\d+|\d{1,3}(,\d{3})+)$/;
const SHILLINGS = /^(\d+|\d{1,3}(,\d{3})+)(\.\d{1,2})?$/;

/** What stands in an input, in cents: 0 when it is empty, NaN when it cannot be read. */
function cents(input) {
  const typed = input.value.trim();
  if (!typed) return 0;
  const shape = input.name === "other" ? SHILLINGS : PIECES;
  return shape.test(typed) ? Math.round(Number(typed.replaceAll(",", "")) * input.dataset.worth * 100) : NaN;
}

function show(amount) {
  if (Number.isNaN(amount)) return "–";
  return (amount / 100).toLocaleString("en", { minimumFractionDigits: amount % 100 ? 2 : 0, maximumFractionDigits: 2 });
}

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
