// How a sale is paid: any mix of tenders, the customer, and what is left or given back.

import { customerPicker } from "./customers.js";
import { button, sync, tell } from "./elements.js";
import * as money from "./money.js";
import { createRow, updateRow } from "./tenderrow.js";
import { settle } from "./tenders.js";

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
  let rows = []; // {id, kind, text, reference}
  let made = 0;
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
      update(element, each) {
        const at = rows.indexOf(each);
        const problem = complaints[`tenders.${at}.reference`] ?? complaints[`tenders.${at}.amount`];
        updateRow(element, each, { amount: sum.amounts[at], problem, isOnly: rows.length === 1 });
      },
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
    const at = () => rows.findIndex((each) => each.id === id);
    const edit = (name, value) => {
      rows[at()][name] = value;
      complaints = {};
      render();
    };
    return createRow(kind, {
      edit,
      key(event) {
        const { value } = event.target;
        if (event.key === "Enter" && value.trim().length > 7 && scan(value)) {
          event.preventDefault();
          edit("text", "");
        } else shortcut(event);
      },
      drop() {
        rows.splice(at(), 1);
        render();
        focus(rows.length - 1);
      },
    });
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
    if (rows.some(({ kind }, at) => kind.is_on_account && amounts[at]) && !basket.customer)
      return complain({ customer: "Choose who buys on account." });
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
