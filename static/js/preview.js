// The page beside the form follows what is typed. Without this, and where there is no room beside the form, the button opens it by itself.
(() => {
  "use strict";
  const button = document.querySelector("button[data-preview-in]");
  if (!button) return;
  const isWide = window.matchMedia("(min-width: 62em)");
  const aim = () => { button.formTarget = isWide.matches ? button.dataset.previewIn : "_blank"; };
  aim();
  isWide.addEventListener("change", aim);
  let waiting = 0;
  button.form.addEventListener("change", () => {
    clearTimeout(waiting);
    if (isWide.matches) waiting = setTimeout(() => button.form.requestSubmit(button), 300);
  });
})();
