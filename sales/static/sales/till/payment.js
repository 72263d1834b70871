// How a sale is paid: any mix of tenders, the customer, and what is left or given back.

import { dueField, standing } from "./credit.js";
import { customerPicker } from "./customers.js";
import { button, sync, tell } from "./elements.js";
import * as money from "./money.js";
import { createRow, emptyRow, updateRow } from "./tenderrow.js";
import { excess, settle } from "./tenders.js";

/** `change()` is called after something changed that the basket keeps; `scan(text)` takes a code that a scanner
 *  typed into an amount; `isTouch()` says whether a focus would bring up a keyboard on the screen; `loggedOut()` is
 *  called when the shop says so. */
export function paymentPane(root, { basket, change, scan, isTouch, loggedOut }) {
  const find = (name) => root.querySelector(name);
  const due = dueField(find(".due-on"));
  const picker = customerPicker(find(".customer"), {
    url: root.dataset.customers,
    addUrl: root.dataset.newCustomer,
    sale: () => basket.clientRef,
    loggedOut,
    change(customer) {
      basket.customer = customer;
      complaints = {};
      change();
      if (customer) focus(rows.findLastIndex(({ kind }) => kind.is_on_account));
    },
  });
  let kinds = [];
  let rows = [];
  let made = 0;
  let openedFor = ""; // the client_ref of the sale that the rows are of
  let total = 0;
  let complaints = {}; // what the server said, by field

  function stock(catalogue) {
    kinds = catalogue.tenders;
    picker.stock(catalogue.may);
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

  /** Begin with cash; a sale that is paid on after more goods came to it goes on with what was typed, and one that was
   *  sent, perhaps by another window, stands as it was sent. */
  function open() {
    complaints = {};
    const asked = basket.sent?.document;
    if (openedFor === basket.clientRef && !asked) return;
    openedFor = basket.clientRef;
    rows = asked?.tenders.flatMap(rowOf) ?? [];
    if (!rows.length) rows = [row(kinds.find((kind) => kind.is_cash) ?? kinds[0])];
    due.set(asked?.due_on ?? "");
    picker.clear();
  }

  const row = (kind) => emptyRow(++made, kind);

  /** The row of a tender that was sent and not yet answered. */
  function rowOf({ type, amount, reference = "" }) {
    const kind = kinds.find((each) => each.type === type);
    return kind ? [{ ...row(kind), text: money.toTyped(money.parse(amount)), reference }] : [];
  }

  /** A row that takes what is left becomes this kind; when there is none, there is one more. */
  function choose(kind) {
    let at = rows.findIndex((each) => each.kind.type === kind.type && (kind.is_cash || kind.is_on_account));
    if (at < 0) at = rows.findIndex(({ text, reference }) => !text.trim() && !reference.trim());
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
    find("fieldset").disabled = Boolean(basket.sent);
    if (basket.sent) root.tabIndex = 0; // nothing in it can be reached then, and it may have to be scrolled
    else root.removeAttribute("tabindex");
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
    due.render(isOnAccount(), complaints.due_on);
    find(".customer-use").textContent = isOnAccount() ? "(who will owe it)" : "(optional)";
    const owes = rows.findIndex(({ kind }) => kind.is_on_account);
    const { line, problem } = basket.customer ? standing(basket.customer, sum.amounts[owes] ?? 0) : {};
    picker.render(basket.customer, { line, problem: complaints.customer ?? problem ?? "" });
    verdict(sum);
  }

  function create({ id, kind }) {
    const at = () => rows.findIndex((each) => each.id === id);
    const learn = (changes) => {
      if (at() < 0) return; // the row was taken away meanwhile
      Object.assign(rows[at()], changes);
      render();
    };
    const edit = (changes) => {
      complaints = {};
      learn(changes);
    };
    return createRow(kind, {
      codesUrl: root.dataset.codes,
      edit,
      learn,
      key(event) {
        const { value } = event.target;
        if (event.key !== "Enter" || value.trim().length <= 7 || !scan(value)) return;
        event.preventDefault();
        edit({ text: "" });
      },
      drop() {
        rows.splice(at(), 1);
        complaints = {};
        render();
        focus(rows.length - 1);
      },
    });
  }

  /** A letter chooses a means of payment, except where letters are typed. */
  function shortcut(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("input:not(.amount), textarea")) return;
    const kind = kinds.find(({ letter }) => letter === event.key.toUpperCase());
    if (!kind || basket.sent) return;
    event.preventDefault();
    choose(kind);
  }

  function verdict({ state, difference }) {
    const [label, amount] = {
      exact: ["Change", "0"],
      change: ["Change", money.show(difference)],
      missing: ["Still to pay", money.show(difference)],
      "too much": ["Too much", money.show(difference)],
      unreadable: ["", ""],
    }[state];
    find(".verdict").dataset.state = state;
    find(".verdict-label").textContent = label;
    find(".verdict-amount").textContent = amount;
    const over = excess(rows, total);
    const note = find(".tenders-note");
    const text = complaints.tenders ?? over?.text ?? "";
    if (note.textContent !== text) tell(note, text);
    const cure = find(".cure");
    cure.hidden = !(over?.at >= 0) || Boolean(complaints.tenders);
    if (!cure.hidden) cure.textContent = over.amount ? `Take ${money.show(over.amount)} here` : "Leave the cash out";
  }

  /** Bring what is too much down to what is due. */
  function cure() {
    const { at, amount } = excess(rows, total);
    rows[at].text = money.toTyped(amount);
    render();
    focus(at);
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

  root.addEventListener("keydown", shortcut);
  find(".cure").addEventListener("click", cure);

  return { stock, open, focus, render, tenders, complain, dueOn: due.day };
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
