// Compares a file with the one that was issued, in the browser: nothing is sent. Without SubtleCrypto (plain http) the form is sent instead.
(() => {
  "use strict";
  const form = document.querySelector("form[data-compare]");
  if (!form || !window.crypto || !crypto.subtle) return;
  const input = form.querySelector("input[type=file]");
  for (const element of document.querySelectorAll("[data-shown-by-js-crypto]")) element.hidden = false;
  for (const element of document.querySelectorAll("[data-hidden-by-js-crypto]")) element.hidden = true;

  const say = (answer) => {
    for (const note of form.querySelectorAll("[data-answer]")) note.hidden = note.dataset.answer !== answer;
  };
  const compare = async (file) => {
    say("");
    if (!file) return;
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
    const hash = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    say(hash === form.dataset.compare ? "same" : "different");
  };

  input.addEventListener("change", () => compare(input.files[0]));
  form.addEventListener("submit", (event) => { event.preventDefault(); compare(input.files[0]); });
  const drop = form.querySelector(".drop");
  drop.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("is-over"); });
  drop.addEventListener("dragleave", () => drop.classList.remove("is-over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("is-over");
    compare(event.dataTransfer.files[0]);
  });
})();
