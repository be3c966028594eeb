"use strict";
(() => {
  const page = document.documentElement, kept = (key, value) => {
    try { if (value !== undefined) localStorage.setItem("pocketfarm." + key, value); return localStorage.getItem("pocketfarm." + key); } catch { return null; }
  };
  page.classList.add("scripted");
  const pick = (name, value) => { const found = value && document.querySelector(`input[name="${name}"][value="${value}"]`); if (found) found.checked = true; };
  const language = () => {
    page.lang = document.querySelector('input[name="language"]:checked').value;
    document.title = document.body.dataset[page.lang === "zh" ? "zh" : "en"];
    const field = document.getElementById("words"); if (field) field.placeholder = field.dataset[page.lang];
  };
  const automatic = document.body.dataset.auto === "yes";
  if (automatic) pick("language", kept("language") || ((navigator.language || "").toLowerCase().startsWith("zh") ? "zh" : "en"));
  pick("theme", kept("theme"));
  for (const input of document.querySelectorAll('input[name="language"],input[name="theme"]')) input.addEventListener("change", () => { kept(input.name, input.value); language(); });
  language();

  const field = document.getElementById("words"), matrix = document.getElementById("cells");
  if (!field || !matrix) return;
  const rows = [...matrix.querySelectorAll("tbody tr")].map(row => [row, row.querySelector("th").textContent.toLowerCase()]);
  const folds = [...matrix.querySelectorAll("details")], open = folds.map(fold => fold.open);
  const filter = () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean), only = document.querySelector('input[name="only"]:checked').value;
    const any = words.length > 0 || only !== "all";
    for (const [row, text] of rows) row.hidden = !(words.every(word => text.includes(word)) && (only === "all" || row.classList.contains(only)));
    folds.forEach((fold, i) => { fold.hidden = any && !fold.querySelector("tbody tr:not([hidden])"); fold.open = any ? !fold.hidden : open[i]; });
  };
  let later = 0;
  field.addEventListener("input", () => { clearTimeout(later); later = setTimeout(filter, 120); });
  for (const input of document.querySelectorAll('input[name="only"]')) input.addEventListener("change", filter);
})();
