// What was typed stays in this tab until it has arrived: whoever opens the form again is offered it. Fields marked data-private (a NIK),
// passwords and files are never kept. A draft belongs to the person who typed it and is gone when somebody signs out.
(() => {
  "use strict";
  const words = () => document.getElementById("kata").dataset;
  const { person } = document.body.dataset;
  const place = (form) => `draft:${person}:${form.dataset.autosave}`;

  // --- whoever signs in next in this tab finds nothing of the person before; an expired session is no sign-out
  if (document.querySelector("[data-signed-out]")) sessionStorage.clear();
  else if (person) {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith("draft:") && !key.startsWith(`draft:${person}:`)) sessionStorage.removeItem(key);
  }

  const isTick = (field) => field.matches("[type=checkbox], [type=radio]");
  const isKept = (field) => field.name && !field.matches("[type=file], [type=password], button") && !field.closest("[data-private]")
    && (field.type !== "hidden" || field.closest("[data-choosing]") !== null);
  // name and, of fields that share it, which one: the value of a box to tick, or how many stand before it
  const named = (form) => {
    const found = new Map();
    for (const field of [...form.elements].filter(isKept)) {
      let which = isTick(field) ? field.value : 0;
      while (!isTick(field) && found.has(`${field.name} ${which}`)) which += 1;
      found.set(`${field.name} ${which}`, field);
    }
    return found;
  };
  const read = (field) => (isTick(field) ? field.checked : field.multiple ? [...field.selectedOptions].map((option) => option.value) : field.value);
  const write = (field, value) => {
    if (isTick(field)) field.checked = value;
    else if (field.multiple) for (const option of field.options) option.selected = value.includes(option.value);
    else field.value = value;
  };
  const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  // --- keeping. What the form was opened with goes along: an edit is still one of what was seen then, and what may have arrived
  // without an answer is sent again as the same
  const OPENED_WITH = ["version", "opened"];
  const hiddenOf = (form, names) => Object.fromEntries(names.filter((name) => form.elements[name]).map((name) => [name, form.elements[name].value]));
  const save = (form) => {
    const fields = [...named(form)].map(([name, field]) => [name, read(field)]);
    const hidden = hiddenOf(form, form.dataset.wasTried ? [...OPENED_WITH, "key"] : OPENED_WITH);
    sessionStorage.setItem(place(form), JSON.stringify({ fields, hidden }));
  };
  const change = (form, what) => {
    const draft = form.dataset.autosave && JSON.parse(sessionStorage.getItem(place(form)));
    if (draft) sessionStorage.setItem(place(form), JSON.stringify({ ...draft, ...what(draft) }));
  };
  const forget = (form) => sessionStorage.removeItem(place(form));

  // --- giving back
  const rowsFor = (form, names) => {
    for (const name of names) {
      const [, prefix, index] = /^(.+)-(\d+)-/.exec(name) || [];
      const box = prefix && form.querySelector(`[data-formset="${CSS.escape(prefix)}"]`);
      if (!box) continue;
      const total = () => Number(form.elements[`${prefix}-TOTAL_FORMS`].value);
      for (let before = -1; total() <= Number(index) && total() !== before;) {
        before = total();
        box.dispatchEvent(new CustomEvent("formset:add", { bubbles: true }));
      }
    }
  };
  const restore = (form, draft) => {
    rowsFor(form, draft.fields.map(([name]) => name));
    const fields = named(form);
    for (const [name, value] of draft.fields) {
      const field = fields.get(name);
      if (!field || isSame(read(field), value)) continue;
      write(field, value);
      const fold = field.closest("details");
      if (fold) fold.open = true;
    }
    for (const [name, value] of Object.entries(draft.hidden)) {
      const field = form.elements[name];
      if (!field) continue;
      for (const box of form.querySelectorAll("[data-photo-upload]")) box.dataset.photoUpload = box.dataset.photoUpload.replace(field.value, value);
      field.value = value;
    }
    if (draft.hidden.key) form.dataset.wasTried = "1";
    form.dispatchEvent(new CustomEvent("form:restored", { bubbles: true }));
    form.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const isNews = (form, draft) => {
    const fields = named(form);
    const isEmpty = (value) => value === "" || typeof value === "boolean" || (Array.isArray(value) && !value.length); // a tick alone makes no row
    return draft.fields.some(([name, value]) => (fields.has(name) ? !isSame(read(fields.get(name)), value) : !isEmpty(value)));
  };
  const button = (text, act) => {
    const made = document.createElement("button");
    Object.assign(made, { type: "button", className: "btn btn-secondary", textContent: text });
    made.addEventListener("click", act);
    return made;
  };
  const offer = (form) => {
    const text = sessionStorage.getItem(place(form));
    if (!text || form.dataset.isOffered || document.querySelector(".summary")) return; // after a refusal the server's page has it all
    const draft = JSON.parse(text);
    if (!isNews(form, draft)) return;
    form.dataset.isOffered = "1";
    const note = document.createElement("div");
    note.className = "sending";
    note.setAttribute("role", "status");
    note.dataset.draft = "";
    const sentence = document.createElement("span");
    sentence.textContent = words().unsent;
    note.append(
      sentence,
      button(words().restore, () => { restore(form, draft); note.replaceChildren(sentence); sentence.textContent = words().restored; }),
      button(words().discard, () => { forget(form); note.remove(); }),
    );
    (form.closest("details") || form).before(note); // a form that is folded away tells of it all the same
  };

  const formOf = (element) => element.closest("form[data-autosave]");
  document.addEventListener("input", (event) => { const form = formOf(event.target); if (form) save(form); });
  document.addEventListener("form:waiting", (event) => {
    event.target.dataset.wasTried = "1";
    if (event.target.dataset.autosave) save(event.target);
  });
  document.addEventListener("form:arrived", (event) => { if (event.target.dataset.autosave) forget(event.target); });
  // decided on what stood there then: what was typed is offered for the record as it stands when it is opened again
  document.addEventListener("form:overtaken", (event) => change(event.target, () => ({ hidden: {} })));
  document.addEventListener("click", (event) => { // closed without saving
    const form = event.target.closest("[data-gives-up]") && document.querySelector("form[data-autosave]");
    if (form) forget(form);
  });

  // --- typed for a new record and taken over into one on file: no draft any more once something of that record was saved
  document.addEventListener("click", (event) => {
    const way = event.target.closest("[data-takes-over]");
    const form = way && formOf(way);
    if (form) change(form, ({ takenOver = [] }) => ({ takenOver: [...takenOver, way.dataset.takesOver] }));
  });
  document.addEventListener("form:arrived", (event) => {
    const { pathname } = new URL(event.target.getAttribute("action") || location.href, location.href);
    for (const key of Object.keys(sessionStorage)) {
      if (!key.startsWith(`draft:${person}:`)) continue;
      const { takenOver = [] } = JSON.parse(sessionStorage.getItem(key));
      if (takenOver.some((record) => pathname.startsWith(record))) sessionStorage.removeItem(key);
    }
  });

  const start = () => { if (person) for (const form of document.querySelectorAll("form[data-autosave]")) offer(form); };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
  document.addEventListener("page:replaced", start);
  document.addEventListener("htmx:load", (event) => { // a part of the page, such as the evidence beside the queue
    const { elt } = event.detail;
    if (person && elt !== document.body) for (const form of [elt, ...elt.querySelectorAll("form")]) if (form.matches("form[data-autosave]")) offer(form);
  });
})();
