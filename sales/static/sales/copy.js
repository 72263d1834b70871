// Copying a receipt as text: what the link to WhatsApp carries. Browsers allow it on a safe connection only.

const button = document.getElementById("copy");
const message = new URL(document.getElementById("whatsapp").href).searchParams.get("text");

button.hidden = !navigator.clipboard;
button.addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(message.replaceAll("```", ""));
    button.textContent = "Copied";
  } catch {
    button.hidden = true;
  }
});
