// Marks by keyboard and many at once. Without it the grid is a table of drop-downs, and "all present" a page that comes filled in.
(() => {
  "use strict";
  const PRESENT = "hadir";

  const cellOf = (element) => element.closest("td");
  const fieldAt = (row, index) => row && row.cells[index] && row.cells[index].querySelector("select");
  const move = (select, down, right) => {
    const cell = cellOf(select);
    let row = cell.parentElement;
    let index = cell.cellIndex;
    do {
      if (down) row = down > 0 ? row.nextElementSibling : row.previousElementSibling;
      else index += right;
      if (!row || index < 1 || index >= row.cells.length) return;
    } while (!fieldAt(row, index));
    fieldAt(row, index).focus();
  };
  const shade = (select) => { cellOf(select).className = select.value ? `is-${select.value}` : ""; };
  const set = (select, value) => {
    if (select.value === value) return;
    select.value = value;
    select.dispatchEvent(new Event("input", { bubbles: true }));
    select.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

  document.addEventListener("keydown", (event) => {
    const select = event.target.closest("[data-marks-grid] select");
    if (!select || event.ctrlKey || event.metaKey || event.altKey) return;
    if (STEPS[event.key]) {
      event.preventDefault();
      move(select, ...STEPS[event.key]);
    } else if (event.key === " ") {
      event.preventDefault();
      set(select, select.options[(select.selectedIndex + 1) % select.options.length].value);
    } else if (event.key === "Enter") {
      event.preventDefault();
      move(select, 1, 0);
    } else if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      set(select, "");
    }
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-marks-grid] select")) shade(event.target);
  });
  document.addEventListener("form:restored", () => { for (const select of document.querySelectorAll("[data-marks-grid] select")) shade(select); });

  // "all present": of a day, or of everything; what was chosen already stays
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-fill]");
    if (!link) return;
    event.preventDefault();
    const prefix = link.dataset.fill ? `m-${link.dataset.fill}-` : "m-";
    const form = document.querySelector(".grid-form, .day-form");
    for (const select of form.querySelectorAll(`select[name^="${prefix}"]`)) if (!select.value) set(select, PRESENT);
    const names = new Set([...form.querySelectorAll(`input[type=radio][name^="${prefix}"]`)].map((radio) => radio.name));
    for (const name of names) {
      const chosen = form.querySelector(`input[name="${name}"]:checked`);
      if (chosen && chosen.value) continue;
      const present = form.querySelector(`input[name="${name}"][value="${PRESENT}"]`);
      present.checked = true;
      present.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
})();
