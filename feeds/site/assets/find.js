// Offers places whose name, pinyin or initials begin as typed. Without it the form asks the server.
"use strict";
(() => {
  const input = document.getElementById("find");
  const found = document.getElementById("found");
  const hits = document.getElementById("hits");
  if (!input || !hits) return;
  const most = 12;
  let places = null;

  // Tone marks and apostrophes are left out (Lúshān, Xi'an); ü is v, as in the spellings.
  const plain = (text) =>
    text.toLowerCase().normalize("NFC").replace(/[üǖǘǚǜ]/g, "v").normalize("NFD").replace(/[\u0300-\u036f'’]/g, "");

  const load = async () => {
    if (places) return;
    places = new Map();
    try {
      const answer = await fetch(input.dataset.places);
      for (const [code, name, spelt] of await answer.json()) places.set(code, { name, spelt: spelt.split(" ") });
    } catch {
      places = null;
    }
    offer();
  };

  const begins = (place, word) => place.spelt.some((each) => each.startsWith(word)) || place.spelt[0].includes(word);

  // The last word must fit the place, the others it or one above it (四川 芦山).
  const fits = (code, words) => {
    const place = places.get(code);
    const above = [code.slice(0, 2) + "0000", code.slice(0, 4) + "00"].filter((up) => up !== code && places.has(up));
    return (
      begins(place, words[words.length - 1]) &&
      words.every((word) => begins(place, word) || above.some((up) => begins(places.get(up), word)))
    );
  };

  const line = (address, text) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = address;
    link.textContent = text;
    item.append(link);
    hits.append(item);
  };

  const offer = () => {
    hits.replaceChildren();
    const typed = input.value.trim();
    const words = plain(typed).split(/\s+/).filter(Boolean);
    hits.hidden = words.length === 0 || !places;
    found.textContent = "";
    if (hits.hidden) return [];
    const codes = [...places.keys()].filter((code) => fits(code, words));
    codes.sort((one, other) => places.get(one).name.length - places.get(other).name.length || (one < other ? -1 : 1));
    for (const code of codes.slice(0, most)) line(`${input.dataset.root}region/${code}/`, places.get(code).name);
    line(`${input.dataset.root}search/?q=${encodeURIComponent(typed)}`, input.dataset.seek.replace("#", typed));
    found.textContent = codes.length ? input.dataset.some.replace("#", codes.length) : input.dataset.none;
    return codes;
  };

  input.addEventListener("focus", load, { once: true });
  input.addEventListener("input", () => (places ? offer() : load()));
  input.form.addEventListener("submit", (event) => {
    const [code] = places ? offer() : [];
    if (!code) return;
    event.preventDefault();
    location.href = `${input.dataset.root}region/${code}/`;
  });
  if (input.value) load(); // a browser may have kept what was typed before
})();
