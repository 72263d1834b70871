// The print button of a receipt; without JavaScript there is none, and the browser's own menu prints.

const button = document.getElementById("print");
button.hidden = false;
button.addEventListener("click", () => window.print());
