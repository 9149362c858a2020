// Forms on a poor line: sent in the background, and again until an answer carries the form's own key back.
// A page from a Wi-Fi gateway, a sign-in redirect or a 5xx is no arrival: the form, its key and everything typed stay.
(() => {
  "use strict";
  const PAUSES = [2000, 5000, 15000, 30000, 60000];
  const words = () => document.getElementById("kata").dataset;

  const bar = (form) => {
    let box = form.querySelector(".sending");
    if (!box) {
      box = document.createElement("div");
      box.className = "sending";
      box.setAttribute("role", "status");
      const text = document.createElement("span");
      const again = document.createElement("button");
      again.type = "button";
      again.className = "btn btn-secondary";
      again.textContent = words().again;
      again.addEventListener("click", () => form.sendNow && form.sendNow());
      box.append(text, again);
      form.querySelector(".form-actions").before(box);
    }
    return box;
  };
  const say = (form, text, { canRetry }) => {
    const box = bar(form);
    box.firstElementChild.textContent = text;
    box.lastElementChild.hidden = !canRetry;
  };

  const showAnswer = async (response) => {
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const main = page.querySelector("main");
    if (!main) return false;
    document.querySelector("main").replaceWith(document.adoptNode(main));
    document.dispatchEvent(new CustomEvent("page:replaced"));
    window.scrollTo(0, 0);
    return true;
  };

  const send = async (form, submitter, tries) => {
    if (form.dataset.isSending) return;
    form.dataset.isSending = "1";
    clearTimeout(form.retryTimer);
    say(form, words().sending, { canRetry: false });
    const body = new FormData(form, submitter);
    let later = true;
    try {
      const response = await fetch(form.action || location.href, {
        method: "POST", body, headers: { Accept: "application/json, text/html;q=0.5" }, credentials: "same-origin", redirect: "error",
      });
      const isJson = (response.headers.get("Content-Type") || "").startsWith("application/json");
      if ((response.status === 200 || response.status === 201) && isJson) {
        const answer = await response.json();
        if (answer.key === body.get("key")) {
          form.dispatchEvent(new CustomEvent("form:arrived", { bubbles: true }));
          location.assign(answer.url);
          return;
        }
      } else if (response.status === 422 || response.status === 409) {
        later = !(await showAnswer(response));
      } else if (response.status === 401 || response.status === 403) {
        later = false; // signing in again in another tab and pressing the button once more sends it
        say(form, words().waiting, { canRetry: true });
      }
    } catch { /* the line is down, or a redirect came: the form stays and is sent again */ }
    delete form.dataset.isSending;
    if (!later || !form.isConnected) return;
    say(form, words().waiting, { canRetry: true });
    form.retryTimer = setTimeout(() => form.sendNow(), PAUSES[Math.min(tries, PAUSES.length - 1)]);
    form.sendNow = () => send(form, submitter, tries + 1);
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-resilient]")) return;
    event.preventDefault();
    const submitter = event.submitter;
    form.sendNow = () => send(form, submitter, 1);
    send(form, submitter, 0);
  });
  window.addEventListener("online", () => { for (const form of document.querySelectorAll("form[data-resilient]")) if (form.retryTimer && form.sendNow) form.sendNow(); });
})();
