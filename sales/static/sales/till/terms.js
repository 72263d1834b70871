// What is agreed about the whole sale: a discount, a note, and why something goes below its floor.

import { button, tell } from "./elements.js";
import * as money from "./money.js";
import { parseDiscount, showDiscount, USUAL_DISCOUNTS } from "./pricing.js";

const ONLY = " Only an owner may do that, with a reason.";

/** `change()` is called after something changed that the basket keeps, `leave()` when the work on it is done, and
 *  `may()` says what this cashier may. */
export function termsPane(root, { basket, change, leave, may }) {
  const find = (name) => root.querySelector(name);
  const discount = find("#sale-discount");
  const texts = { note: find("#sale-note"), reason: find("#sale-reason") };
  const opened = new Set(); // the fields that were asked for, by name
  const complaints = { discount: "", note: "", reason: "" };

  const field = (name) => find(`.sale-${name}`);

  function open(name) {
    if (basket.isEmpty || basket.sent) return;
    opened.add(name);
    render();
    field(name).querySelector("input").focus();
    field(name).scrollIntoView({ block: "nearest" });
  }

  function close(name) {
    opened.delete(name);
    render();
    leave();
  }

  function give(text) {
    const given = parseDiscount(text);
    if (text.trim() && !given) return complain("discount", "Write a discount such as 50 or 10%.");
    basket.discount = given;
    complaints.discount = "";
    discount.value = "";
    change();
    close("discount");
  }

  function complain(name, text) {
    complaints[name] = text;
    open(name);
  }

  function render() {
    const priced = basket.priced();
    const below = priced.filter(({ isBelow }) => isBelow).map(({ line }) => line.article.name);
    const shares = priced.reduce((sum, { share }) => sum + share, 0);
    const isLocked = Boolean(basket.sent) || basket.isEmpty;
    if (isLocked) opened.clear();
    find(".given").hidden = !basket.discount || basket.isEmpty;
    find(".given-words").textContent = basket.discount?.percent ? showDiscount(basket.discount) : "";
    find(".given-amount").textContent = `−${money.show(shares)}`;
    field("discount").hidden = !opened.has("discount");
    field("note").hidden = basket.isEmpty || (!opened.has("note") && !basket.note);
    // Once it is written it stays: the shop may know of a floor that this till does not know of yet.
    const isOwed = below.length || complaints.reason || basket.reason;
    field("reason").hidden = basket.isEmpty || !may().sell_below_floor || !isOwed;
    for (const [name, input] of Object.entries(texts)) {
      if (document.activeElement !== input || !basket[name]) input.value = basket[name];
      input.disabled = isLocked;
    }
    for (const [name, text] of Object.entries(complaints)) tell(field(name).querySelector(".field-note"), text);
    tell(find(".below"), below.length ? `Below the floor: ${firstOf(below)}.${may().sell_below_floor ? "" : ONLY}` : "");
    find(".give").hidden = isLocked || !may().change_price;
    find(".write").hidden = isLocked;
    find(".given .drop").disabled = isLocked;
  }

  function listen(input, enter) {
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== "Escape") return;
      event.preventDefault(); // it ends the words, not the sale
      event.stopPropagation();
      enter(event.key === "Enter");
    });
  }

  for (const [name, input] of Object.entries(texts)) {
    input.addEventListener("input", () => {
      basket[name] = input.value;
      complaints[name] = "";
      change();
    });
    listen(input, () => close(name));
  }
  listen(discount, (isMeant) => (isMeant ? give(discount.value) : close("discount")));
  field("discount")
    .querySelector(".chips")
    .append(...USUAL_DISCOUNTS.map((text) => button(text, () => give(text), { class: "chip" })));
  find(".given .drop").addEventListener("click", () => give(""));
  find(".give").addEventListener("click", () => open("discount"));
  find(".write").addEventListener("click", () => open("note"));

  return {
    render,
    open,
    /** Show what the server says about these terms, by field; whether it says anything. */
    complain({ note = "", override_reason: reason = "" }) {
      Object.assign(complaints, { note, reason });
      render();
      return Boolean(note || reason);
    },
    askWhy: () => complain("reason", "Say why it is sold below its floor."),
  };
}

/** A few names, and how many more there are. */
function firstOf(names, most = 3) {
  const more = names.length - most;
  return names.slice(0, most).join(" · ") + (more > 0 ? `, and ${more} more` : "");
}
