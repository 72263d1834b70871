// Parked sales: put aside while somebody fetches their purse, and taken up again.

import { button, sure, sync, tell } from "./elements.js";
import { keepParked, parked } from "./keeping.js";
import * as money from "./money.js";

/** `total()` is what the basket comes to, `take(snapshot)` puts a parked one in hand, and `emptied(words)` is called
 *  when the basket was put aside. */
export function parkingPane(root, { basket, total, take, emptied }) {
  const find = (name) => root.querySelector(name);
  const list = find(".parked-list");
  const name = find("#park-name");
  const form = find(".park-name");
  let isOpen = false;
  let wasEmpty = null;

  const defaultName = () => basket.customer?.name ?? clock(new Date());

  /** Ask under which name, and again: park it. */
  function ask() {
    if (basket.isEmpty || basket.sent) return;
    if (isOpen) return park();
    isOpen = true;
    name.value = "";
    name.placeholder = defaultName();
    render();
    name.focus();
    form.scrollIntoView({ block: "nearest" });
  }

  function park() {
    const title = name.value.trim() || defaultName();
    if (!put(title)) return tell(find(".park-note"), "This browser cannot keep it.");
    isOpen = false;
    basket.clear();
    emptied(`Parked: ${title}. Take it up from the basket.`);
  }

  /** Keep the basket among the parked ones. Both have its client_ref, so even a power cut here sells it only once. */
  const put = (title) =>
    keepParked([...parked(), { name: title, at: Date.now(), total: total(), basket: basket.snapshot() }]);

  function resume({ basket: { clientRef }, basket: snapshot }) {
    if (basket.sent) return;
    if (!basket.isEmpty && !put(defaultName())) return;
    take(snapshot); // kept in hand before it is taken from among the parked
    drop(clientRef);
  }

  function drop(clientRef) {
    keepParked(parked().filter((each) => each.basket.clientRef !== clientRef));
    render();
  }

  function create({ basket: { clientRef } }) {
    const item = document.createElement("li");
    const own = () => parked().find((each) => each.basket.clientRef === clientRef);
    const words = item.appendChild(document.createElement("p"));
    words.append(document.createElement("strong"), " ", document.createElement("span"));
    words.lastChild.className = "muted";
    item.append(
      button("Take up", () => own() && resume(own()), { class: "button quiet take-up" }),
      sure(button("Throw away", () => drop(clientRef), { class: "drop" }), "Throw it away?"),
    );
    return item;
  }

  function update(item, { name: title, at, total: cents }) {
    item.querySelector("strong").textContent = title;
    item.querySelector(".muted").textContent = `${money.show(cents)} · ${age(Date.now() - at)}`;
    item.querySelector(".take-up").disabled = Boolean(basket.sent);
    item.querySelector(".take-up").setAttribute("aria-label", `Take up ${title}`);
  }

  function render() {
    const all = parked();
    if (basket.isEmpty || basket.sent) isOpen = false;
    form.hidden = !isOpen;
    find(".park").hidden = basket.isEmpty || Boolean(basket.sent);
    find(".parked").hidden = !all.length;
    find(".parked .badge").textContent = all.length;
    // They are what an empty basket has to offer, and out of the way of a full one.
    if (basket.isEmpty !== wasEmpty) find(".parked").open = wasEmpty = basket.isEmpty;
    sync(list, all, { key: (each) => each.basket.clientRef, create, update });
  }

  name.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Enter") return park();
    isOpen = false;
    render();
  });
  find(".park").addEventListener("click", ask);
  find(".park-it").addEventListener("click", park);
  find(".parked").addEventListener("toggle", render);

  return { render, ask };
}

const clock = (time) => [time.getHours(), time.getMinutes()].map((part) => String(part).padStart(2, "0")).join(":");

/** How long ago, in the largest unit that is full. */
function age(milliseconds) {
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ago`;
  const days = Math.floor(hours / 24);
  return days === 1 ? "a day ago" : `${days} days ago`;
}
