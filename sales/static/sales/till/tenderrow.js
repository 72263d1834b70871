// One means of payment among those of a sale: its amount, its code or slip number, and quick notes for cash.

import { button, copy, tell } from "./elements.js";
import * as money from "./money.js";

const NOTES = [50, 100, 200, 500, 1000];
const MESSAGE = /^\s*([A-Z0-9]{10})\s+confirmed/i;

/** `edit(name, value)` is called for what is typed, `key(event)` for each key in the amount, `drop()` for ×. */
export function createRow(kind, { edit, key, drop }) {
  const element = copy("tender-template");
  const part = (name) => element.querySelector(name);
  const amount = part(".amount");
  const code = part(".code");
  part(".tender-label").textContent = kind.label;
  amount.setAttribute("aria-label", `${kind.label}: amount`);
  code.hidden = !kind.needs_code && (kind.is_cash || kind.is_on_account);
  code.placeholder = kind.needs_code ? "Code" : "Slip number (optional)";
  code.setAttribute("aria-label", `${kind.label}: ${kind.needs_code ? "code" : "slip number, optional"}`);
  part(".drop").setAttribute("aria-label", `Remove ${kind.label}`);
  amount.addEventListener("input", () => edit("text", amount.value));
  amount.addEventListener("keydown", key);
  // A whole message may be pasted; its code stands at the beginning.
  code.addEventListener("input", () =>
    edit("reference", (kind.needs_code && MESSAGE.exec(code.value)?.[1]) || code.value),
  );
  part(".drop").addEventListener("click", drop);
  part(".notes").hidden = !kind.is_cash;
  if (kind.is_cash) part(".notes").append(...notes(amount, (text) => edit("text", text)));
  return element;
}

/** Show what the row says now; `amount` is null when its text is none, `problem` what the server said of it. */
export function updateRow(element, { text, reference }, { amount, problem, isOnly }) {
  const part = (name) => element.querySelector(name);
  for (const [name, value] of [[".amount", text], [".code", reference]])
    if (part(name).value !== value) part(name).value = value;
  part(".amount").placeholder = text || amount === null ? "" : money.show(amount);
  part(".amount").setAttribute("aria-invalid", String(amount === null));
  part(".drop").hidden = isOnly;
  tell(part(".field-note"), problem ?? (amount === null ? "Write an amount such as 1,000.50." : ""));
}

/** Quick notes: a press adds one, "Exact" takes them away. */
function notes(amount, set) {
  const add = (note) => set(money.toWire((money.parse(amount.value) ?? 0) + note * 100).replace(/\.00$/, ""));
  return [
    button("Exact", () => set(""), { class: "chip" }),
    ...NOTES.map((note) => button(`+${note}`, () => add(note), { class: "chip" })),
  ];
}
