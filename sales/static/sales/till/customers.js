// Choosing the customer of a sale.

import { findCustomers } from "./api.js";
import { tell } from "./elements.js";
import * as money from "./money.js";

const PAUSE = 150;

/** `change(customer)` is called when one was chosen, or none any more (null). */
export function customerPicker(root, { url, change }) {
  const box = root.querySelector("input");
  const list = root.querySelector("ul");
  const chosen = root.querySelector(".chosen");
  const note = root.querySelector(".field-note");
  let found = [];
  let active = 0;
  let asked;

  async function ask() {
    asked?.abort();
    const asking = (asked = new AbortController());
    const text = box.value.trim();
    if (!text) return offer([]);
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    if (asking.signal.aborted) return;
    const answer = await findCustomers(url, text, asking.signal);
    if (asking.signal.aborted) return;
    offer(answer ?? []);
    if (!answer) tell(note, "The customers cannot be read just now.");
    else tell(note, answer.length ? "" : `No customer is called “${text}”.`);
  }

  function offer(customers) {
    found = customers;
    active = 0;
    list.replaceChildren(...customers.map(option));
    list.hidden = !customers.length;
    box.setAttribute("aria-expanded", String(!list.hidden));
    mark();
  }

  function option(customer, at) {
    const element = document.createElement("li");
    element.id = `customer-${at}`;
    element.setAttribute("role", "option");
    element.textContent = [customer.name, customer.phone].filter(Boolean).join(" · ");
    element.addEventListener("click", () => choose(customer));
    return element;
  }

  function mark() {
    [...list.children].forEach((element, at) => element.setAttribute("aria-selected", String(at === active)));
    if (found.length) box.setAttribute("aria-activedescendant", `customer-${active}`);
    else box.removeAttribute("aria-activedescendant");
  }

  function choose(customer) {
    asked?.abort();
    box.value = "";
    tell(note);
    offer([]);
    change(customer);
  }

  box.addEventListener("input", ask);
  box.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) active = Math.max(0, Math.min(found.length - 1, active + step));
    else if (event.key !== "Enter" || !box.value.trim()) return;
    event.preventDefault();
    if (step) mark();
    else if (found.length) choose(found[active]);
  });
  root.querySelector(".drop").addEventListener("click", () => {
    choose(null);
    box.focus();
  });

  return {
    focus: () => box.focus(),
    complain: (text) => tell(note, text),
    render(customer) {
      root.querySelector(".search-box").hidden = Boolean(customer);
      chosen.hidden = !customer;
      if (!customer) return;
      chosen.querySelector(".customer-name").textContent = customer.name;
      chosen.querySelector(".customer-standing").textContent = standing(customer);
    },
  };
}

function standing({ balance, credit_limit: limit }) {
  const cents = money.parse(limit);
  if (!cents) return "Cash only";
  const owed = balance.startsWith("-")
    ? `has ${money.show(money.parse(balance.slice(1)))} to their credit`
    : `owes ${money.show(money.parse(balance))}`;
  return `${owed}, may owe ${money.show(cents)}`;
}
