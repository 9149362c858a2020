// The makers' parts are added up while one types; the server has the last word.
(() => {
  "use strict";
  const number = (field) => Number(field.value.replace(/[.\s]/g, "")) || 0;
  const dotted = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, ".");
  const add = (form) => {
    const place = form.querySelector("[data-sum-parts]");
    const whole = form.querySelector("[data-whole]");
    if (!place || !whole) return;
    const parts = [...form.querySelectorAll("[data-part]")].reduce((sum, field) => sum + number(field), 0);
    const rest = number(whole) - parts;
    place.textContent = dotted(parts);
    form.querySelector("[data-sum-rest]").textContent = dotted(Math.max(0, rest));
    form.querySelector("[data-sum-over]").hidden = rest >= 0;
  };
  const start = () => { for (const form of document.querySelectorAll("form[data-sum]")) add(form); };
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-sum]");
    if (form) add(form);
  });
  document.addEventListener("page:replaced", start);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
})();
