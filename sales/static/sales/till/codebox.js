// The code of a tender: typed, or read out of the message that the payment brought; and what speaks against it.

import { codeUse } from "./api.js";
import { tell } from "./elements.js";
import * as money from "./money.js";
import { doubts, read } from "./mpesa.js";

const PAUSE = 250;
const SHORTEST = 6;

// The means of payment whose messages can be read.
const READERS = { mpesa: read };

/** `edit(changes)` is called for what is typed or pasted, `learn(changes)` for what the shop answers later. */
export function listenToCode(element, kind, { codesUrl, edit, learn }) {
  const part = (name) => element.querySelector(name);
  const code = part(".code");
  const box = part(".message");
  let asked;
  let said = null; // the message that the code was read out of

  function write(reference, message) {
    said = message;
    edit({ reference, message, used: "" });
    if (kind.needs_code) ask(reference.trim());
  }

  /** Whether it was a message. */
  function take(text) {
    const message = READERS[kind.type]?.(text);
    if (!message) return false;
    box.hidden = !message.isSeveral;
    box.value = "";
    write(message.isSeveral ? "" : message.code, message);
    element.scrollIntoView({ block: "nearest" });
    return true;
  }

  async function ask(reference) {
    asked?.abort();
    const asking = (asked = new AbortController());
    if (reference.length < SHORTEST) return;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    if (asking.signal.aborted) return;
    const used = await codeUse(codesUrl, kind.type, reference, asking.signal);
    if (used && !asking.signal.aborted) learn({ used });
  }

  async function paste() {
    let copied;
    try {
      copied = await navigator.clipboard.readText();
    } catch {
      copied = null; // not over HTTP, and not without leave: then it is pasted by hand
    }
    if (copied === null || !take(copied)) open(copied === null ? "" : "What was copied is no M-Pesa message.");
    else code.focus();
  }

  function open(why) {
    box.hidden = false;
    box.focus();
    tell(part(".field-note"), why);
  }

  code.addEventListener("input", () => take(code.value) || write(code.value, null));
  code.addEventListener("paste", (event) => {
    // Here the message still has its lines; the box would run them together.
    if (take(event.clipboardData.getData("text"))) event.preventDefault();
  });
  box.addEventListener("input", () => {
    if (take(box.value)) code.focus();
    else tell(part(".field-note"), box.value.trim() && "This is no M-Pesa message.");
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    box.hidden = true;
    code.focus();
  });
  part(".paste").hidden = !(kind.type in READERS);
  part(".paste").addEventListener("click", paste);
  part(".use").addEventListener("click", () => {
    edit({ text: money.toTyped(said.amount) });
    code.focus();
  });
}

/** Show what a message said, what is to be doubted of it, and offer its amount; `due` is what the row has to bring. */
export function showMessage(element, message, due) {
  const part = (name) => element.querySelector(name);
  const isShown = message && !message.isSeveral && message.way === "in";
  const isOther = isShown && message.amount !== due;
  say(part(".told"), isShown ? summary(message) : "");
  say(part(".doubts p"), message ? doubts(message, due).join(" ") : "");
  part(".doubts").hidden = part(".doubts p").hidden;
  part(".use").hidden = !isOther;
  if (isOther) part(".use").textContent = `Use ${money.show(message.amount)}`;
}

/** As `tell`, but silent when nothing changed: what is said again is read out again. */
function say(element, text) {
  if (element.textContent !== text) tell(element, text);
}

function summary({ amount, sender, phone, when }) {
  const from = [sender, phone].filter(Boolean).join(" ");
  return [`${money.show(amount)}${from && ` from ${from}`}`, when].filter(Boolean).join(" · ");
}
