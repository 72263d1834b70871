// Printing a receipt. Where only the first print is the original, the shop is asked which this one is; what is printed
// past this button – by the browser's menu, or while the shop does not answer – says that it is a copy.

const receipt = document.querySelector(".receipt");
const button = document.getElementById("print");
const page = new CSSStyleSheet();

const MARGINS = 8; // millimetres, above and below
const COPY = 4; // lines that only the paper has

button.hidden = false;
button.addEventListener("click", async (event) => {
  event.preventDefault();
  button.disabled = true;
  if (button.form) receipt.classList.toggle("original", await isOriginal(button.form));
  button.disabled = false;
  window.print();
});

addEventListener("beforeprint", () => {
  document.adoptedStyleSheets = [page];
  page.replaceSync(rollOf(receipt));
});
addEventListener("afterprint", () => receipt.classList.remove("original"));

async function isOriginal(form) {
  try {
    const response = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "error" });
    if (response.status !== 201) return false;
    document.getElementById("printed").hidden = false;
    return (await response.json()).is_original === true;
  } catch {
    return false;
  }
}

/** A page as long as the receipt, so that a roll is neither cut within it nor fed beyond it.
 *  The screen shows at most as many letters in a line as the paper, so the paper is never longer. */
function rollOf(article) {
  const style = getComputedStyle(article);
  const [roll, letter] = ["--roll", "--letter"].map((name) => parseFloat(style.getPropertyValue(name)));
  if (!roll) return "";
  const inside = article.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom);
  const lines = inside / parseFloat(style.fontSize) + COPY;
  return `@page roll-${roll} { size: ${roll}mm ${Math.ceil(lines * letter + MARGINS)}mm }`;
}

// The till's "Print" leads here; a receipt that is loaded again is not printed again.
if (location.hash === "#print") {
  history.replaceState(null, "", location.pathname);
  button.click();
}
