// Writing a new customer down without leaving the sale.

import { addCustomer } from "./api.js";
import { tell } from "./elements.js";

const PHONE = /^[+0-9][0-9 ()-]{3,}$/;

/** `added(customer)` is called once the customer is in the books, `left()` when nobody is to be added after all,
 *  `loggedOut()` when somebody has to log in first. `sale()` tells one sale from the next. */
export function newCustomer(root, { url, sale, added, left, loggedOut }) {
  const find = (name) => root.querySelector(name);
  const boxes = { name: find("[name=name]"), phone: find("[name=phone]") };
  const noteOf = (box) => box.parentElement.querySelector(".field-note");
  let isSending = false;

  /** Begin with what was looked for: a name, or a phone number. */
  function open(text) {
    const isPhone = PHONE.test(text);
    boxes.name.value = isPhone ? "" : text;
    boxes.phone.value = isPhone ? text : "";
    complain({});
    root.hidden = false;
    (isPhone ? boxes.name : boxes.phone).focus();
    root.scrollIntoView({ block: "nearest" });
  }

  function close() {
    root.hidden = true;
  }

  async function add() {
    if (isSending) return;
    isSending = find(".add").disabled = true;
    complain({});
    const asking = sale();
    const answer = await addCustomer(url, { name: boxes.name.value.trim(), phone: boxes.phone.value.trim() });
    isSending = find(".add").disabled = false;
    if (answer.outcome === "done") {
      close();
      if (sale() === asking) added(answer.customer);
    } else if (answer.outcome === "logged out") loggedOut();
    else if (answer.outcome === "refused") complain(answer.error.fields, answer.error.message);
    else complain({}, `${answer.why} Asking again adds nobody twice.`);
  }

  /** Each sentence beside its field, and the first of them in focus; what belongs to none below. */
  function complain(fields, message = "") {
    for (const [name, box] of Object.entries(boxes)) {
      tell(noteOf(box), fields[name]);
      box.setAttribute("aria-invalid", String(name in fields));
    }
    const wrong = Object.keys(boxes).find((name) => name in fields);
    tell(find(".new-note"), wrong ? "" : message);
    if (wrong) boxes[wrong].focus();
  }

  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape") leave();
    else if (event.key === "Enter" && event.target.matches("input")) add();
    else return;
    event.preventDefault(); // neither ends the sale
  });
  find(".add").addEventListener("click", add);
  find(".cancel").addEventListener("click", leave);

  function leave() {
    close();
    left();
  }

  return { open, close, isOpen: () => !root.hidden };
}
