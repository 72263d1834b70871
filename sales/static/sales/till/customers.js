// Choosing the customer of a sale, or adding a new one.

import { findCustomers } from "./api.js";
import { tell } from "./elements.js";
import { newCustomer } from "./newcustomer.js";

const PAUSE = 150;

/** `change(customer)` is called when one was chosen, or none any more (null); `sale()` tells one sale from the next. */
export function customerPicker(root, { url, addUrl, sale, change, loggedOut }) {
  const box = root.querySelector("#customer");
  const list = root.querySelector("ul");
  const chosen = root.querySelector(".chosen");
  const note = root.querySelector(".customer-note");
  const adding = newCustomer(root.querySelector(".new-customer"), { url: addUrl, sale, added: choose, left, loggedOut });
  let mayAdd = false;
  let found = []; // customers; the last may be null: a new one
  let active = 0;
  let asked;
  let complaint = "";

  async function ask() {
    asked?.abort();
    const asking = (asked = new AbortController());
    const text = box.value.trim();
    if (!text) return offer([]);
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    if (asking.signal.aborted) return;
    const answer = await findCustomers(url, text, asking.signal);
    if (asking.signal.aborted) return;
    offer(answer && mayAdd ? [...answer, null] : (answer ?? []));
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
    if (customer) element.textContent = [customer.name, customer.phone].filter(Boolean).join(" · ");
    else element.textContent = `+ New customer “${box.value.trim()}”`;
    element.classList.toggle("adder", !customer);
    element.addEventListener("click", () => take(customer));
    return element;
  }

  function mark() {
    [...list.children].forEach((element, at) => element.setAttribute("aria-selected", String(at === active)));
    if (found.length) box.setAttribute("aria-activedescendant", `customer-${active}`);
    else box.removeAttribute("aria-activedescendant");
    list.children[active]?.scrollIntoView({ block: "nearest" });
  }

  function take(customer) {
    if (customer) return choose(customer);
    const text = box.value.trim();
    offer([]);
    tell(note);
    root.querySelector(".search-box").hidden = true;
    adding.open(text);
  }

  function choose(customer) {
    asked?.abort();
    box.value = "";
    tell(note);
    offer([]);
    change(customer);
  }

  /** Back from a new customer who is none after all. */
  function left() {
    root.querySelector(".search-box").hidden = false;
    box.focus();
  }

  box.addEventListener("input", ask);
  box.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape" && found.length) offer([]);
    else if (step) active = Math.max(0, Math.min(found.length - 1, active + step));
    else if (event.key !== "Enter" || !box.value.trim()) return;
    event.preventDefault();
    if (step) mark();
    else if (event.key === "Enter" && found.length) take(found[active]);
  });
  root.querySelector(".chosen .drop").addEventListener("click", () => {
    choose(null);
    box.focus();
  });

  return {
    stock: (may) => (mayAdd = Boolean(may?.add_customer)),
    focus: () => box.focus(),
    /** Nothing typed, nobody being added. */
    clear() {
      box.value = "";
      offer([]);
      adding.close();
    },
    /** `standing` is how the chosen customer stands, `problem` what speaks against the sale. */
    render(customer, { line, problem }) {
      if (customer) adding.close();
      root.querySelector(".search-box").hidden = Boolean(customer) || adding.isOpen();
      chosen.hidden = !customer;
      if (problem !== complaint) tell(note, (complaint = problem)); // else what the search said stays
      if (!customer) return;
      chosen.querySelector(".customer-name").textContent = [customer.name, customer.phone].filter(Boolean).join(" · ");
      chosen.querySelector(".customer-standing").textContent = line;
    },
  };
}
