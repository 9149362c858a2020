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
      form.append(box);
    }
    return box;
  };
  const placeBeside = (form, submitter) => { // the button that was tapped, or the row of buttons it stands in
    const box = bar(form);
    const actions = form.querySelector(".form-actions");
    if (actions) { if (box !== actions.firstElementChild) actions.prepend(box); return; }
    const first = submitter && [...submitter.parentElement.children].find((one) => one.matches("button"));
    if (first && first.previousElementSibling !== box) first.before(box);
  };
  const isInSight = (box) => { const { top, bottom } = box.getBoundingClientRect(); return bottom > 0 && top < innerHeight; };
  const say = (form, text, { canRetry, canSignIn = false }) => {
    const box = bar(form);
    const wasInSight = isInSight(box); // whoever looks at something else meanwhile is left there
    const [sentence, signIn, again] = box.children;
    sentence.textContent = text;
    signIn.hidden = !canSignIn;
    again.hidden = !canRetry;
    if (wasInSight) box.scrollIntoView({ block: "nearest", behavior: "instant" });
  };

  const pageOf = async (response) => new DOMParser().parseFromString(await response.text(), "text/html");
  const isOurs = (page) => page.querySelector("main#isi") !== null && page.body.dataset.person === person;
  const put = (main) => {
    document.querySelector("main").replaceWith(main);
    document.dispatchEvent(new CustomEvent("page:replaced"));
  };
  // A further step has an entry of its own in the history: the button Back leads to the form as it was left.
  const left = [];
  const showAnswer = (page, { isStep }) => {
    const main = page.querySelector("main");
    if (!main) return false;
    if (isStep) {
      left.push(document.querySelector("main"));
      history.pushState({ step: left.length }, "");
    }
    put(document.adoptNode(main));
    if (window.htmx) htmx.process(main);
    window.scrollTo(0, 0);
    return true;
  };
  window.addEventListener("popstate", (event) => {
    const step = event.state?.step || 0;
    if (step >= left.length) return;
    const main = left[step];
    left.length = step;
    for (const form of main.querySelectorAll("form[data-is-sending]")) {
      for (const mark of ["isSending", "isPending"]) delete form.dataset[mark];
      bar(form).remove();
    }
    put(main);
  });

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
      if (page.querySelector("[data-overtaken]")) form.dispatchEvent(new CustomEvent("form:overtaken", { bubbles: true }));
      return (status !== 200 || isOurs(page)) && showAnswer(page, { isStep: status === 200 }) ? "shown" : "later";
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
    form.dataset.isPending = "1"; // until it is known what became of it
    clearTimeout(form.retryTimer);
    placeBeside(form, submitter);
    say(form, words().sending, { canRetry: false });
    let found = "later"; // the line is down, or a redirect came: the form stays and is sent again
    try { found = await outcome(form, submitter); } catch { /* as it was said */ }
    if (found === "arrived" || found === "shown") return;
    delete form.dataset.isSending;
    form.sendNow = () => send(form, submitter, tries + 1);
    if (!form.isConnected) return;
    form.dispatchEvent(new CustomEvent("form:waiting", { bubbles: true }));
    if (found === "refused" || found === "large") {
      delete form.dataset.isPending;
      say(form, found === "large" ? words().tooLarge : words().notTaken, { canRetry: true });
    }
    if (found !== "later") return;
    say(form, words().waiting, { canRetry: true });
    form.retryTimer = setTimeout(() => form.isConnected && form.sendNow(), PAUSES[Math.min(tries, PAUSES.length - 1)]);
  };

  // Of several forms that decide the same (data-one-of) the one that was sent last counts: another that waits is given up, and while
  // one is on its way there is nothing to decide.
  const takesOver = (form) => {
    const others = [...document.querySelectorAll("form[data-one-of]")].filter((one) => one !== form && one.dataset.oneOf === form.dataset.oneOf);
    if (others.some((one) => one.dataset.isSending)) return false;
    for (const one of others) {
      clearTimeout(one.retryTimer);
      for (const name of ["retryTimer", "sendNow", "waitsForSignIn"]) delete one[name];
      delete one.dataset.isPending;
      bar(one).remove();
    }
    return true;
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const { submitter } = event;
    if (!form.matches("form[data-resilient]") || (submitter && submitter.matches("[formtarget], [formaction], [data-goes-plainly]"))) return;
    event.preventDefault();
    if (takesOver(form)) send(form, submitter, 0);
  });
  const again = (isMeant) => { for (const form of document.querySelectorAll("form[data-resilient]")) if (form.sendNow && isMeant(form)) form.sendNow(); };
  window.addEventListener("online", () => again((form) => form.retryTimer));
  // back from the tab where one signed in
  document.addEventListener("visibilitychange", () => { if (!document.hidden) again((form) => form.waitsForSignIn); });
  window.addEventListener("focus", () => again((form) => form.waitsForSignIn));
})();
