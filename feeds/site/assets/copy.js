// Puts an address or a command on the clipboard, where the browser allows pages that, and says so to all.
"use strict";
(() => {
  if (!navigator.clipboard) return;
  const heard = document.createElement("p");
  heard.className = "heard";
  heard.setAttribute("role", "status");
  document.body.append(heard);
  for (const button of document.querySelectorAll("button.copy")) {
    const label = button.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(button.dataset.copy);
        button.textContent = button.dataset.done;
      } catch {
        button.textContent = button.dataset.failed;
      }
      heard.textContent = button.textContent;
      setTimeout(() => { button.textContent = label; heard.textContent = ""; }, 2000);
    });
  }
})();
