// Puts a feed's address on the clipboard, where the browser allows pages that.
"use strict";
(() => {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("button.copy")) {
    const label = button.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(button.dataset.copy);
        button.textContent = "已复制";
      } catch {
        button.textContent = "请手动复制";
      }
      setTimeout(() => { button.textContent = label; }, 2000);
    });
  }
})();
