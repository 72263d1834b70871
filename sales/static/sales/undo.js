// Undoing a sale: quick answers at one press.

for (const answer of document.querySelectorAll("[data-fills]")) {
  const field = document.getElementById(answer.dataset.fills);
  answer.hidden = false;
  if (answer.parentElement.matches(".chips")) answer.parentElement.hidden = false;
  answer.addEventListener("click", () => {
    field.value = answer.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
