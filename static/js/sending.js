// Forms on a poor line: sent in the background, and again until an answer carries the form's own key back.
// A page from a Wi-Fi gateway, a sign-in redirect or a 5xx is no arrival: the form, its key and everything typed stay.
(() => {
  "use strict";
  const PAUSES = [2000, 5000, 15000, 30000, 60000];
  const words = () => document.getElementById("kata").dataset;
  const { person } = document.body.dataset;

  const bar = (form) => {
    let box = form.querySelector(".sending");
    if (!box) {
      box = document.createElement("div");
      box.className = "sending";
      box.setAttribute("role", "status");
      const text = document.createElement("span");
      const signIn = document.createElement("a");
      Object.assign(signIn, { className: "btn btn-primary", href: words().signInUrl, target: "_blank", rel: "noopener", textContent: words().signIn });
      const again = document.createElement("button");
      Object.assign(again, { type: "button", className: "btn btn-secondary", textContent: words().again });
      again.addEventListener("click", () => form.sendNow && form.sendNow());
      box.append(text, signIn, again);
      const actions = form.querySelector(".form-actions");
      if (actions) actions.prepend(box); else form.append(box); // beside the button that was tapped
    }
    return box;
  };
  const say = (form, text, { canRetry, canSignIn = false }) => {
    const [sentence, signIn, again] = bar(form).children;
    sentence.textContent = text;
    signIn.hidden = !canSignIn;
    again.hidden = !canRetry;
  };

  const pageOf = async (response) => new DOMParser().parseFromString(await response.text(), "text/html");
  const isOurs = (page) => page.querySelector("main#isi") !== null && page.body.dataset.person === person;
  const showAnswer = (page) => {
    const main = page.querySelector("main");
    if (!main) return false;
    document.querySelector("main").replaceWith(document.adoptNode(main));
    if (window.htmx) htmx.process(main);
    document.dispatchEvent(new CustomEvent("page:replaced"));
    window.scrollTo(0, 0);
    return true;
  };

  // After another sign-in the tokens of this page hold no more. They are renewed only for the person who filled the form in.
  const whoIsThere = async () => {
    const page = await pageOf(await fetch(location.href, { headers: { Accept: "text/html" }, credentials: "same-origin" }));
    const token = page.querySelector("[name=csrfmiddlewaretoken]");
    if (!token || !page.body.dataset.person) return "nobody";
    if (page.body.dataset.person !== person) return "another";
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token.value;
    return "the same";
  };
  const askToSignIn = (form, text) => {
    form.waitsForSignIn = true;
    say(form, text, { canRetry: true, canSignIn: true });
  };
  const isSignedInAgain = async (form) => {
    const found = await whoIsThere();
    if (found === "the same") form.waitsForSignIn = false;
    else askToSignIn(form, found === "another" ? words().anotherPerson : words().sessionEnded);
    return found === "the same";
  };

  // What became of it: "arrived", "shown" (the server's page stands here now), "waits" for a sign-in, "refused", too "large", or "later".
  const post = async (form, body) => {
    const response = await fetch(form.getAttribute("action") || location.href, {
      method: "POST", body, headers: { Accept: "application/json, text/html;q=0.5" }, credentials: "same-origin", redirect: "error",
    });
    const { status } = response;
    const isJson = (response.headers.get("Content-Type") || "").startsWith("application/json");
    if ((status === 200 || status === 201) && isJson) {
      const answer = await response.json();
      if (answer.key !== (body.get("key") || "")) return "later";
      form.dispatchEvent(new CustomEvent("form:arrived", { bubbles: true }));
      location.assign(answer.url);
      return "arrived";
    }
    if (status === 401) return "waits";
    if (status === 403) return "refused";
    if (status === 413) return "large"; // the proxy's word: the application never saw it
    if (status === 200 || status === 409 || status === 422) { // a further step of the form, or what is wrong with it
      const page = await pageOf(response);
      return (status !== 200 || isOurs(page)) && showAnswer(page) ? "shown" : "later";
    }
    return status >= 400 && status < 500 && status !== 429 ? "refused" : "later";
  };
  const outcome = async (form, submitter) => {
    if (form.waitsForSignIn && !(await isSignedInAgain(form))) return "said";
    const found = await post(form, new FormData(form, submitter));
    if (found === "waits") askToSignIn(form, words().sessionEnded);
    if (found !== "refused" || !person) return found;
    return (await isSignedInAgain(form)) ? post(form, new FormData(form, submitter)) : "said";
  };

  const send = async (form, submitter, tries) => {
    if (form.dataset.isSending) return;
    form.dataset.isSending = "1";
    clearTimeout(form.retryTimer);
    say(form, words().sending, { canRetry: false });
    let found = "later"; // the line is down, or a redirect came: the form stays and is sent again
    try { found = await outcome(form, submitter); } catch { /* as it was said */ }
    if (found === "arrived" || found === "shown") return;
    delete form.dataset.isSending;
    form.sendNow = () => send(form, submitter, tries + 1);
    if (!form.isConnected) return;
    form.dispatchEvent(new CustomEvent("form:waiting", { bubbles: true }));
    if (found === "refused") say(form, words().notTaken, { canRetry: true });
    if (found === "large") say(form, words().tooLarge, { canRetry: true });
    if (found !== "later") return;
    say(form, words().waiting, { canRetry: true });
    form.retryTimer = setTimeout(() => form.sendNow(), PAUSES[Math.min(tries, PAUSES.length - 1)]);
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const { submitter } = event;
    if (!form.matches("form[data-resilient]") || (submitter && (submitter.formTarget || submitter.hasAttribute("formaction")))) return;
    event.preventDefault();
    send(form, submitter, 0);
  });
  const again = (isMeant) => { for (const form of document.querySelectorAll("form[data-resilient]")) if (form.sendNow && isMeant(form)) form.sendNow(); };
  window.addEventListener("online", () => again((form) => form.retryTimer));
  // back from the tab where one signed in
  document.addEventListener("visibilitychange", () => { if (!document.hidden) again((form) => form.waitsForSignIn); });
  window.addEventListener("focus", () => again((form) => form.waitsForSignIn));
})();
