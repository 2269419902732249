// Narrows the tree of regions to those whose name, pinyin or initials begin as typed.
"use strict";
(() => {
  const finder = document.querySelector(".finder");
  const input = document.getElementById("find");
  const found = document.getElementById("found");
  const tree = document.querySelector(".regions > .tree");
  if (!finder || !tree) return;

  // Tone marks and apostrophes are left out (Lúshān, Xi'an); ü is v, as in the spellings.
  const plain = (text) =>
    text.toLowerCase().normalize("NFC").replace(/[üǖǘǚǜ]/g, "v").normalize("NFD").replace(/[\u0300-\u036f'’]/g, "");

  const fits = (item, word) => {
    const [name, ...spelt] = item.dataset.find.split(" ");
    return name.includes(word) || spelt.some((each) => each.startsWith(word));
  };

  // Each word must fit the place or one above it (四川 芦山); a place that fits shows all its parts.
  const narrow = (item, words, hits) => {
    const left = words.filter((word) => !fits(item, word));
    const hit = words.length > 0 && left.length === 0;
    if (hit) hits.push(item);
    item.classList.toggle("hit", hit);
    let shown = left.length === 0;
    for (const part of item.querySelectorAll(":scope > ul > li")) {
      shown = narrow(part, left, hits) || shown;
    }
    item.hidden = !shown;
    return shown;
  };

  const search = () => {
    const words = plain(input.value).split(/\s+/).filter(Boolean);
    const hits = [];
    for (const item of tree.children) narrow(item, words, hits);
    document.body.classList.toggle("finding", words.length > 0);
    if (words.length === 0) found.textContent = "";
    else if (hits.length === 0) found.textContent = "没有找到：没有这个地区，或者它还没有消息。";
    else found.textContent = `找到 ${hits.length} 个地区`;
    return hits;
  };

  input.addEventListener("input", search);
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    const page = search()[0]?.querySelector("a.to");
    if (page) page.click();
  });
  finder.hidden = false;
  search(); // a browser may have kept what was typed before
})();
