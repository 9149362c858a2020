// The queue: evidence opens beside the list where there is room for it, on a page of its own where there is not.
(() => {
  "use strict";
  const isWide = window.matchMedia("(min-width: 62em)");
  document.addEventListener("htmx:beforeRequest", (event) => {
    const link = event.target.closest("[data-evidence]");
    if (!link) return;
    if (document.querySelector("#bukti form[data-is-pending]")) { // what was decided there is still on its way: it stays in sight until it is told
      event.preventDefault();
      return;
    }
    if (isWide.matches) return;
    event.preventDefault();
    if (event.detail.requestConfig.triggeringEvent.type === "click") location.assign(link.href);
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id !== "bukti") return;
    event.target.scrollTop = 0;
    const row = event.detail.requestConfig.elt.closest("tr");
    for (const other of document.querySelectorAll("[data-keyboard-rows] > .is-current")) other.classList.toggle("is-current", other === row);
    if (row) row.classList.add("is-current");
  });
  document.addEventListener("toggle", (event) => {
    if (event.target.matches("[data-focus-inside][open]")) event.target.querySelector("textarea").focus();
  }, true);
})();
