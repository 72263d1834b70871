// One means of payment among those of a sale: its amount, its code or slip number, and quick notes for cash.

import { listenToCode, showMessage } from "./codebox.js";
import { button, copy, tell } from "./elements.js";
import * as money from "./money.js";

const NOTES = [50, 100, 200, 500, 1000];

/** An empty row: what was typed, the message that was pasted, and where the shop saw its code before. */
export const emptyRow = (id, kind) => ({ id, kind, text: "", reference: "", message: null, used: "" });

/** `edit(changes)` is called for what is typed, `learn(changes)` for what is heard of later, `key(event)` for each
 *  key in the amount, `drop()` for ×. */
export function createRow(kind, { codesUrl, edit, learn, key, drop }) {
  const element = copy("tender-template");
  const part = (name) => element.querySelector(name);
  const amount = part(".amount");
  part(".tender-label").textContent = kind.label;
  element.setAttribute("aria-label", kind.label);
  amount.setAttribute("aria-label", `${kind.label}: amount`);
  amount.addEventListener("input", () => edit({ text: amount.value }));
  amount.addEventListener("keydown", key);
  amount.addEventListener("focus", () => amount.select());
  const hasCode = kind.needs_code || !(kind.is_cash || kind.is_on_account);
  element.classList.toggle("coded", hasCode);
  part(".code-part").hidden = !hasCode;
  part(".code").placeholder = kind.needs_code ? "Code" : "Slip number (optional)";
  part(".code").setAttribute("aria-label", `${kind.label}: ${kind.needs_code ? "code" : "slip number, optional"}`);
  part(".message").setAttribute("aria-label", `${kind.label}: the whole message`);
  listenToCode(element, kind, { codesUrl, edit, learn });
  part(".drop").setAttribute("aria-label", `Remove ${kind.label}`);
  part(".drop").addEventListener("click", drop);
  part(".notes").hidden = !kind.is_cash;
  if (kind.is_cash) part(".notes").append(...notes(amount, (text) => edit({ text })));
  return element;
}

/** Show what the row says now; `amount` is null when its text is none, `problem` what the server said of it. */
export function updateRow(element, { text, reference, message, used }, { amount, problem, isOnly }) {
  const part = (name) => element.querySelector(name);
  for (const [name, value] of [[".amount", text], [".code", reference]])
    if (part(name).value !== value) part(name).value = value;
  part(".amount").placeholder = text || amount === null ? "" : money.show(amount);
  part(".amount").setAttribute("aria-invalid", String(amount === null));
  part(".code").setAttribute("aria-invalid", String(Boolean(used)));
  part(".drop").hidden = isOnly;
  showMessage(element, message, amount);
  tell(part(".field-note"), problem || used || (amount === null ? "Write an amount such as 1,000.50." : ""));
}

/** Quick notes: a press adds one, "Exact" takes them away. */
function notes(amount, set) {
  const add = (note) => set(money.toTyped((money.parse(amount.value) ?? 0) + note * 100));
  return [
    button("Exact", () => set(""), { class: "chip" }),
    ...NOTES.map((note) => button(`+${note}`, () => add(note), { class: "chip" })),
  ];
}
