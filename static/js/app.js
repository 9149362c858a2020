// What makes pages smooth. Everything works without it. Hooks are data attributes; see the fragments that carry them.
(() => {
  "use strict";
  document.documentElement.classList.add("js");
  const words = () => document.getElementById("kata").dataset;
  const isTyping = (element) => element.closest("input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]") !== null;

  // --- menus close on Escape and on a click elsewhere
  const closeMenus = (except) => {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      if (!except || !menu.contains(except)) menu.open = false;
    }
  };
  document.addEventListener("click", (event) => closeMenus(event.target));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector("details[data-menu][open]");
    if (open) { open.open = false; open.querySelector("summary").focus(); }
  });

  // --- the theme changes at once; the cookie is set by the server
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-theme-form]") || !event.submitter) return;
    event.preventDefault();
    const theme = event.submitter.value;
    const body = new FormData(form);
    body.set("theme", theme);
    fetch(form.action, { method: "POST", body, redirect: "manual" });
    if (theme === "auto") delete document.documentElement.dataset.bsTheme;
    else document.documentElement.dataset.bsTheme = theme;
    for (const button of form.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button === event.submitter));
  });

  // --- keys: / searches, j and k walk through rows, Enter opens; data-hotkey names a letter for a button or link
  const rowsOf = () => [...document.querySelectorAll("[data-keyboard-rows] > *")].filter((row) => row.querySelector("a, button, input"));
  const walk = (step) => {
    const rows = rowsOf();
    if (!rows.length) return;
    const now = rows.findIndex((row) => row.classList.contains("is-current") || row.contains(document.activeElement));
    const next = rows[Math.min(rows.length - 1, Math.max(0, now + step))];
    for (const row of rows) row.classList.toggle("is-current", row === next);
    const target = next.querySelector("[data-row-focus]") || next.querySelector("a, button, input");
    target.focus();
    next.scrollIntoView({ block: "nearest" });
    next.dispatchEvent(new CustomEvent("row:current", { bubbles: true }));
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.key === "/") {
      const search = [...document.querySelectorAll(".filter-search input, [data-focus-on-slash]")].find((field) => field.offsetParent);
      if (search) { event.preventDefault(); search.focus(); search.select(); }
    } else if (event.key === "j" || event.key === "k") {
      walk(event.key === "j" ? 1 : -1);
    } else if (/^[a-z]$/.test(event.key)) {
      const target = document.querySelector(`.is-current [data-hotkey="${event.key}"]`) || document.querySelector(`[data-hotkey="${event.key}"]`);
      if (target && target.offsetParent) { event.preventDefault(); target.click(); }
    }
  });

  // --- a form is sent once, and not left by mistake
  let dirty = document.querySelector("form[data-begun]"); // it opened with what was typed elsewhere
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-guard-dirty]");
    if (form) dirty = form;
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.submitter && event.submitter.formTarget) return; // a look at it, in another window or frame: it is still to be sent
    if (form.matches("[data-resilient]")) return; // it says itself when it has arrived
    if (form.method === "post") dirty = null;
    if (!form.matches("[data-guard-double]")) return;
    if (form.dataset.isSent) { event.preventDefault(); return; }
    form.dataset.isSent = "1";
    const button = event.submitter;
    // after the browser has read the form: a disabled button would not be sent
    if (button) setTimeout(() => { button.dataset.word = button.textContent; button.textContent = words().sending; button.setAttribute("aria-disabled", "true"); }, 0);
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-is-sent]")) {
      delete form.dataset.isSent;
      for (const button of form.querySelectorAll("[data-word]")) {
        button.textContent = button.dataset.word;
        button.removeAttribute("aria-disabled");
        delete button.dataset.word;
      }
    }
  });
  window.addEventListener("beforeunload", (event) => { if (dirty && dirty.isConnected) event.preventDefault(); });
  document.addEventListener("form:arrived", () => { dirty = null; });

  // --- rows of a form: add a blank one
  const addRow = (box) => {
    const total = box.querySelector(`[name="${box.dataset.formset}-TOTAL_FORMS"]`);
    const limit = Number(box.querySelector(`[name="${box.dataset.formset}-MAX_NUM_FORMS"]`).value || 1000);
    if (Number(total.value) >= limit) return null;
    const blank = box.querySelector("[data-formset-blank]").innerHTML.replaceAll("__prefix__", total.value);
    const rows = box.querySelector("[data-formset-rows]");
    rows.insertAdjacentHTML("beforeend", blank);
    total.value = String(Number(total.value) + 1);
    prepare(rows.lastElementChild);
    if (window.htmx) htmx.process(rows.lastElementChild);
    return rows.lastElementChild;
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-formset-add]");
    if (button) addRow(button.closest("[data-formset]"))?.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  });
  document.addEventListener("formset:add", (event) => addRow(event.target));

  // --- many at once: a checkbox in the head picks them all, [data-picked-count] says how many
  const countPicked = (scope) => {
    const boxes = [...document.querySelectorAll(`input[data-pick="${scope}"]`)];
    for (const place of document.querySelectorAll(`[data-picked-count="${scope}"]`)) place.textContent = String(boxes.filter((box) => box.checked).length);
    const isIdle = !boxes.some((box) => box.checked);
    for (const button of document.querySelectorAll(`[data-needs-pick="${scope}"]`)) {
      if (button.matches("summary")) { // opens a form: closed and out of reach as long as there is nothing to do
        button.setAttribute("aria-disabled", String(isIdle));
        button.tabIndex = isIdle ? -1 : 0;
        if (isIdle) button.parentElement.open = false;
      } else button.disabled = isIdle;
    }
  };
  const recount = (root) => {
    const scopes = [...root.querySelectorAll("[data-pick], [data-needs-pick]")].map((one) => one.dataset.pick || one.dataset.needsPick);
    for (const scope of new Set(scopes)) countPicked(scope);
  };
  document.addEventListener("form:restored", () => recount(document));
  document.addEventListener("change", (event) => {
    const { pickAll, pick } = event.target.dataset;
    if (pickAll) for (const box of document.querySelectorAll(`input[data-pick="${pickAll}"]`)) box.checked = event.target.checked;
    if (pickAll || pick) countPicked(pickAll || pick);
  });

  // --- filters: the URL carries only what is set
  document.addEventListener("htmx:configRequest", (event) => {
    if (!event.detail.elt.closest("[data-filter-form]")) return;
    const { parameters } = event.detail;
    // a NIK never stands in an address: the form beside this one sends it by POST
    const nik = document.querySelector("form[data-nik-form]");
    const digits = String(parameters.q || "").replace(/[\s.-]/g, "");
    if (nik && /^\d{16}$/.test(digits)) {
      event.preventDefault();
      nik.elements.nomor.value = digits;
      nik.requestSubmit();
      return;
    }
    const now = new URLSearchParams(location.search); // the list may have been sorted since this form was made
    if (now.get("urut")) parameters.urut = now.get("urut");
    delete parameters.kolom;
    if (now.has("kolom")) parameters.kolom = now.getAll("kolom");
    for (const name of [...Object.keys(parameters)]) if (parameters[name] === "") delete parameters[name];
  });

  // --- an address is handed on: by what the device offers, else copied; over plain http a browser has neither, and copies what is selected
  const copied = async (place) => {
    if (navigator.clipboard) return navigator.clipboard.writeText(place.textContent);
    getSelection().selectAllChildren(place);
    if (!document.execCommand("copy")) throw new Error("it stays selected, to be copied by hand");
  };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-hand-on]");
    if (!button) return;
    const place = document.getElementById(button.dataset.handOn);
    try {
      if (navigator.share) await navigator.share({ url: place.textContent });
      else await copied(place);
      button.querySelector("span").textContent = button.dataset.done;
    } catch { /* whoever closes the device's own sheet wants nothing */ }
  });

  // --- whatever has just come onto the page
  const isDesktop = window.matchMedia("(min-width: 62em)");
  const prepare = (root) => {
    for (const element of root.querySelectorAll("[data-shown-by-js]")) element.hidden = false;
    for (const element of root.querySelectorAll("details[data-open-on-desktop]")) if (isDesktop.matches) element.open = true;
    recount(root);
    const first = root.querySelector("[data-take-focus]");
    if (first) first.focus();
  };
  const start = () => prepare(document);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
  document.addEventListener("htmx:load", (event) => { if (event.detail.elt !== document.body) prepare(event.detail.elt); });
  document.addEventListener("page:replaced", start);
})();
