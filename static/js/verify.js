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
  const hashOf = async (bytes) => {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  };

  // --- the data inside a PDF, as ikm_program/pdf_data.py finds them
  const unpacked = async (packed) => {
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  };
  const firstThatUnpacks = async (bytes, start, lengths) => {
    for (const length of lengths) {
      try { return await unpacked(bytes.subarray(start, start + length)); } catch { /* not this length */ }
    }
    return null;
  };
  const embedded = async (bytes) => {
    const text = new TextDecoder("latin1").decode(bytes);
    const found = [];
    for (const match of [...text.matchAll(/\/EmbeddedFile\b/g)].slice(0, 8)) {
      const stream = /stream\r?\n/.exec(text.slice(match.index, match.index + 1000));
      if (!stream) continue;
      const start = match.index + stream.index + stream[0].length;
      const end = text.indexOf("endstream", start);
      if (end < 0) continue;
      const head = text.slice(Math.max(text.lastIndexOf(" obj", match.index), 0), start);
      const told = /\/Length (\d+)(?! \d+ R)/.exec(head);
      const lengths = [end - start - 1, end - start - 2, end - start];
      if (told) lengths.unshift(Number(told[1]));
      const data = head.includes("/FlateDecode") ? await firstThatUnpacks(bytes, start, lengths) : bytes.subarray(start, start + lengths[0]);
      if (data) found.push(data);
    }
    return found;
  };
  const claims = (data) => {
    try {
      const issue = JSON.parse(new TextDecoder().decode(data)).issue;
      return issue.number === form.dataset.number || issue.verification_url.includes(form.dataset.token);
    } catch { return false; }
  };

  const answerFor = async (bytes) => {
    if (await hashOf(bytes) === form.dataset.compare) return "same";
    const inside = await embedded(bytes);
    for (const data of inside) if (await hashOf(data) === form.dataset.content) return "resaved";
    return inside.some(claims) ? "altered" : "different";
  };
  const compare = async (file) => {
    say("");
    if (file) say(await answerFor(new Uint8Array(await file.arrayBuffer())));
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
