// How a sale is paid: any mix of tenders, the customer, and what is left or given back.

import { customerPicker } from "./customers.js";
import { button, copy, sync, tell } from "./elements.js";
import * as money from "./money.js";
import { settle } from "./tenders.js";

const NOTES = [50, 100, 200, 500, 1000];

/** `change()` is called after something changed that the basket keeps; `scan(text)` takes a code that a scanner
 *  typed into an amount; `isTouch()` says whether a focus would bring up a keyboard on the screen. */
export function paymentPane(root, { basket, customersUrl, change, scan, isTouch }) {
  const find = (name) => root.querySelector(name);
  const due = find(".due-on input");
  const picker = customerPicker(find(".customer"), {
    url: customersUrl,
    change(customer) {
      basket.customer = customer;
      change();
      if (customer) focus(rows.findLastIndex(({ kind }) => kind.is_on_account));
    },
  });
  let kinds = [];
  let rows = [];
  let total = 0;
  let complaints = {}; // what the server said, by field

  function stock(catalogue) {
    kinds = catalogue.tenders;
    const shortcuts = letters(kinds);
    find(".kinds").replaceChildren(
      ...kinds.map((kind, at) => {
        const element = button(kind.label, () => choose(kind), { class: "chip", "aria-keyshortcuts": shortcuts[at] });
        element.dataset.type = kind.type;
        element.append(" ", Object.assign(document.createElement("kbd"), { textContent: shortcuts[at] }));
        return element;
      }),
    );
    kinds.forEach((kind, at) => (kind.letter = shortcuts[at]));
  }

  function open() {
    rows = [row(kinds.find((kind) => kind.is_cash) ?? kinds[0])];
    due.value = "";
    complaints = {};
  }

  let made = 0;
  const row = (kind) => ({ id: ++made, kind, text: "", reference: "" });

  /** A row that takes what is left becomes this kind; when there is none, there is one more. */
  function choose(kind) {
    let at = rows.findIndex((each) => each.kind.type === kind.type && (kind.is_cash || kind.is_on_account));
    if (at < 0) at = rows.findIndex(({ text }) => !text.trim());
    if (at < 0) at = rows.push(row(kind)) - 1;
    else if (rows[at].kind.type !== kind.type) rows[at] = { ...row(kind), id: rows[at].id };
    complaints = {};
    render();
    if (kind.is_on_account && !basket.customer) picker.focus();
    else focus(at);
  }

  /** Go to what has to be typed next in a row: its code, else its amount. */
  function focus(at = 0) {
    const element = find(".tender-rows").children[Math.max(0, at)];
    const needsCode = rows[Math.max(0, at)].kind.needs_code;
    if (needsCode || !isTouch()) element.querySelector(needsCode ? ".code" : ".amount").focus();
  }

  function render(amount = total) {
    total = amount;
    const sum = settle(rows, total);
    root.querySelector("fieldset").disabled = Boolean(basket.sent);
    find(".to-pay").textContent = money.show(total);
    sync(find(".tender-rows"), rows, {
      key: ({ id, kind }) => `${id}-${kind.type}`,
      create,
      update: (element, each) => update(element, each, sum.amounts[rows.indexOf(each)], rows.indexOf(each)),
    });
    for (const element of find(".kinds").children)
      element.setAttribute("aria-pressed", String(rows.some(({ kind }) => kind.type === element.dataset.type)));
    find(".due-on").hidden = !isOnAccount();
    picker.render(basket.customer);
    picker.complain(complaints.customer ?? "");
    tell(find(".due-on .field-note"), complaints.due_on);
    verdict(sum);
  }

  function create({ id, kind }) {
    const element = copy("tender-template");
    const part = (name) => element.querySelector(name);
    const at = () => rows.findIndex((each) => each.id === id);
    part(".tender-label").textContent = kind.label;
    part(".amount").setAttribute("aria-label", `${kind.label}: amount`);
    part(".code").hidden = !kind.needs_code && (kind.is_cash || kind.is_on_account);
    part(".code").placeholder = kind.needs_code ? "Code" : "Slip number (optional)";
    part(".code").setAttribute("aria-label", `${kind.label}: ${kind.needs_code ? "code" : "slip number, optional"}`);
    part(".drop").setAttribute("aria-label", `Remove ${kind.label}`);
    const edit = (name) => (event) => {
      rows[at()][name] = event.target.value;
      complaints = {};
      render();
    };
    part(".amount").addEventListener("input", edit("text"));
    part(".code").addEventListener("input", edit("reference"));
    part(".amount").addEventListener("keydown", (event) => {
      const isCode = event.key === "Enter" && event.target.value.trim().length > 7 && scan(event.target.value);
      if (isCode) {
        edit("text")({ target: { value: "" } });
        event.preventDefault();
      } else shortcut(event);
    });
    part(".drop").addEventListener("click", () => {
      rows.splice(at(), 1);
      render();
      focus(rows.length - 1);
    });
    if (kind.is_cash) part(".notes").append(...notes((text) => ((rows[at()].text = text), render()), () => rows[at()]));
    return element;
  }

  function update(element, { kind, text, reference }, amount, at) {
    const part = (name) => element.querySelector(name);
    for (const [name, value] of [[".amount", text], [".code", reference]])
      if (part(name).value !== value) part(name).value = value;
    part(".amount").placeholder = text || amount === null ? "" : money.show(amount);
    part(".amount").setAttribute("aria-invalid", String(amount === null));
    part(".notes").hidden = !kind.is_cash;
    part(".drop").hidden = rows.length === 1;
    const said = complaints[`tenders.${at}.reference`] ?? complaints[`tenders.${at}.amount`];
    tell(part(".field-note"), said ?? (amount === null ? "Write an amount such as 1,000.50." : ""));
  }

  /** A letter in an amount chooses a means of payment: no amount has letters. */
  function shortcut(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const kind = kinds.find(({ letter }) => letter === event.key.toUpperCase());
    if (!kind) return;
    event.preventDefault();
    choose(kind);
  }

  function verdict({ state, difference }) {
    const [label, amount] = {
      exact: ["Change", "0"],
      change: ["Change", money.show(difference)],
      missing: ["Still to pay", money.show(difference)],
      "too much": ["Too much, and no change for it", money.show(difference)],
      unreadable: ["", ""],
    }[state];
    find(".verdict").dataset.state = state;
    find(".verdict-label").textContent = label;
    find(".verdict-amount").textContent = amount;
    tell(find(".tenders-note"), complaints.tenders);
  }

  const isOnAccount = () => rows.some(({ kind }) => kind.is_on_account);

  /** The tenders for the server; null, with the first thing to cure in focus, when something is missing. */
  function tenders() {
    const { amounts, state } = settle(rows, total);
    const code = rows.findIndex(({ kind, reference }, at) => kind.needs_code && amounts[at] && !reference.trim());
    if (code >= 0) return complain({ [`tenders.${code}.reference`]: "Write the code of the message." });
    if (isOnAccount() && !basket.customer) return complain({ customer: "Choose who buys on account." });
    if (state !== "exact" && state !== "change") {
      focus(rows.length - 1);
      return null;
    }
    const paid = rows.map((each, at) => ({ ...each, amount: amounts[at] })).filter(({ amount }) => amount);
    if (paid.length) rows = paid; // so that what the server says of the second tender is about the second row
    return paid.map(({ kind, amount, reference }) => ({
      type: kind.type,
      amount: money.toWire(amount),
      ...(reference.trim() && { reference: reference.trim() }),
    }));
  }

  function complain(fields) {
    complaints = fields;
    render();
    if (fields.customer && !basket.customer) picker.focus();
    const [, at, part] = /^tenders\.(\d+)\.(\w+)/.exec(Object.keys(fields)[0]) ?? [];
    if (at) find(".tender-rows").children[at].querySelector(part === "reference" ? ".code" : ".amount").focus();
    return null;
  }

  find(".due-presets").append(
    ...Object.entries(presets()).map(([text, day]) => button(text, () => (due.value = isoDay(day)), { class: "chip" })),
  );

  return { stock, open, focus, render, tenders, complain, dueOn: () => (isOnAccount() ? due.value : "") };
}

/** Quick notes: a press adds one, "Exact" takes them away. */
function notes(set, row) {
  const add = (note) => set(String(money.toWire((money.parse(row().text) ?? 0) + note * 100).replace(/\.00$/, "")));
  return [
    button("Exact", () => set(""), { class: "chip" }),
    ...NOTES.map((note) => button(`+${note}`, () => add(note), { class: "chip" })),
  ];
}

/** A letter of each label that no label before it has. */
function letters(kinds) {
  const taken = new Set();
  return kinds.map(({ label }) => {
    const letter = [...label.toUpperCase()].find((each) => /[A-Z]/.test(each) && !taken.has(each)) ?? "";
    taken.add(letter);
    return letter;
  });
}

function presets() {
  const now = new Date();
  return {
    Tonight: now,
    "In a week": new Date(now.getFullYear(), now.getMonth(), now.getDate() + 7),
    "Month’s end": new Date(now.getFullYear(), now.getMonth() + 1, 0),
  };
}

const isoDay = (day) =>
  [day.getFullYear(), day.getMonth() + 1, day.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
