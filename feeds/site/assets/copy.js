// Puts an address or a command on the clipboard, or selects it where the browser allows no more, and says so to all.
"use strict";
(() => {
  const heard = document.createElement("p");
  heard.className = "heard";
  heard.setAttribute("role", "status");
  document.body.append(heard);
  // A page that came over plain http has no clipboard: what stands before the button is selected, and copied
  // in the old way.
  const selected = (button) => {
    getSelection().selectAllChildren(button.previousElementSibling);
    return document.execCommand("copy");
  };
  const copied = (button) => navigator.clipboard
    ? navigator.clipboard.writeText(button.dataset.copy).then(() => true, () => selected(button))
    : Promise.resolve(selected(button));
  for (const button of document.querySelectorAll("button.copy")) {
    const label = button.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      button.textContent = await copied(button) ? button.dataset.done : button.dataset.failed;
      heard.textContent = button.textContent;
      setTimeout(() => { button.textContent = label; heard.textContent = ""; }, 2000);
    });
  }
})();
