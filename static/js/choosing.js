// A combobox over suggestions of the server (htmx brings them): arrows walk, Enter or a click takes one, Escape closes.
(() => {
  "use strict";
  const boxOf = (element) => element.closest("[data-choosing]");
  const parts = (box) => ({ key: box.querySelector("input[type=hidden]"), input: box.querySelector("[role=combobox]"), list: box.querySelector("[role=listbox]") });
  const options = (list) => [...list.querySelectorAll("[role=option]")];
  const close = (box) => {
    const { input, list } = parts(box);
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const mark = (box, option) => {
    const { input, list } = parts(box);
    for (const one of options(list)) one.setAttribute("aria-selected", String(one === option));
    if (option) { input.setAttribute("aria-activedescendant", option.id); option.scrollIntoView({ block: "nearest" }); }
  };
  const take = (box, option) => {
    const { key, input } = parts(box);
    key.value = option.dataset.pk;
    input.value = option.dataset.text;
    box.querySelector(".meant")?.remove();
    close(box);
    input.focus();
  };
  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-choosing] [role=combobox]")) parts(boxOf(event.target)).key.value = "";
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const list = event.detail.target;
    if (!list.matches("[data-choosing] [role=listbox]")) return;
    const box = boxOf(list);
    const { input } = parts(box);
    list.hidden = !list.children.length || document.activeElement !== input;
    input.setAttribute("aria-expanded", String(!list.hidden));
  });
  document.addEventListener("keydown", (event) => {
    if (!event.target.matches("[data-choosing] [role=combobox]")) return;
    const box = boxOf(event.target);
    const { list } = parts(box);
    const found = options(list);
    const now = found.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "Escape" && !list.hidden) { event.preventDefault(); event.stopPropagation(); close(box); }
    else if (list.hidden || !found.length) return;
    else if (event.key === "ArrowDown") { event.preventDefault(); mark(box, found[(now + 1) % found.length]); }
    else if (event.key === "ArrowUp") { event.preventDefault(); mark(box, found[(now - 1 + found.length) % found.length]); }
    else if (event.key === "Enter" && now >= 0) { event.preventDefault(); take(box, found[now]); }
  });
  document.addEventListener("mousedown", (event) => { // before the input loses the focus
    const option = event.target.closest("[data-choosing] [role=option]");
    if (option) { event.preventDefault(); take(boxOf(option), option); }
  });
  document.addEventListener("focusout", (event) => {
    if (event.target.matches("[data-choosing] [role=combobox]")) close(boxOf(event.target));
  });
})();
