// Follows a start: new EventSource(the hub's events), and while that fails the page itself, again and again.
(() => {
  "use strict";
  const page = document.getElementById("spawn-progress");
  const part = (id) => document.getElementById(id);
  const MARKS = { done: "✓", running: "●", failed: "✗", coming: "○" };
  const QUIET = 9000; // milliseconds: there is an event every 5 s, unless the line was cut, which nobody tells
  let source = null, failures = 0, timer = null, looking = false, leaving = false;
  let steps = [], taken = 0, heard = 0, remaining = null, base = 0, shown = 0;

  function short(seconds) {
    if (seconds < 9.95) return seconds.toFixed(1) + " s";
    const whole = Math.round(seconds);
    if (whole < 60) return whole + " s";
    const minutes = Math.floor(whole / 60);
    if (minutes < 60) return minutes + " min" + (whole % 60 ? " " + (whole % 60) + " s" : "");
    return Math.floor(minutes / 60) + " h" + (minutes % 60 ? " " + (minutes % 60) + " min" : "");
  }

  function since(time) {
    return (performance.now() - time) / 1000;
  }

  function time(step) {
    const usual = step.usual >= 1 ? "usually " + short(step.usual) : "";
    if (step.state === "running") {
      return "for " + Math.round((step.seconds || 0) + since(taken)) + " s" + (usual ? ", " + usual : "");
    }
    if (step.state === "coming") return usual;
    const took = step.seconds ? short(step.seconds) : "";
    return step.state === "failed" ? "failed" + (took ? " after " + took : "") : took;
  }

  function element(name, className, text) {
    const made = document.createElement(name);
    made.className = className;
    made.textContent = text;
    return made;
  }

  function draw() {
    const items = steps.map((step) => {
      const item = document.createElement("li");
      item.dataset.name = step.name;
      item.dataset.state = step.state;
      const mark = element("span", "ms-mark", MARKS[step.state] || "○");
      mark.setAttribute("aria-hidden", "true");
      const state = element("span", "visually-hidden", step.state === "coming" ? "to come" : step.state);
      item.append(mark, " ", element("span", "ms-title", step.title), " ", state, " ", element("span", "ms-time", time(step)));
      return item;
    });
    part("steps").replaceChildren(...items);
    tick();
  }

  function tick() {
    const items = part("steps").children;
    steps.forEach((step, index) => {
      if (step.state === "running" && items[index]) items[index].querySelector(".ms-time").textContent = time(step);
    });
    const left = remaining === null ? 0 : remaining - since(taken);
    part("remaining").textContent = left > 0.5 ? "about " + Math.max(1, Math.round(left)) + " s left" : "";
    // between two events it creeps, ever slower, and never back
    const answering = steps.some((step) => step.name === "answer" && step.state === "running");
    const end = Math.max(base, answering ? 99 : 89);
    advance(base + (end - base) * (1 - Math.exp(-since(taken) / (remaining || 20))));
    if (source && !looking && performance.now() - heard > QUIET) look();
  }

  function advance(percent) {
    shown = Math.max(shown, percent);
    const bar = part("progress-bar");
    bar.style.width = shown + "%";
    bar.setAttribute("aria-valuenow", Math.floor(shown));
  }

  function take(event) {
    if (Array.isArray(event.steps)) {
      steps = event.steps;
      remaining = typeof event.remaining === "number" ? event.remaining : null;
      taken = performance.now();
      if (event.session) part("session").textContent = event.session;
      part("session-of-start").hidden = !part("session").textContent;
      if (event.message) part("progress-message").textContent = event.message;
    }
    if (typeof event.progress === "number") base = Math.max(base, event.progress);
    say(event);
    draw();
  }

  function say(event) {
    let text = event.message;
    if (!text && typeof event.html_message === "string") {
      // as text: what a spawner wrote as markup makes no elements here, and loads nothing
      text = new DOMParser().parseFromString(event.html_message, "text/html").body.textContent;
    }
    if (!text || event.progress === 0) return; // 0 has only the hub's own first event
    part("progress-details").hidden = false;
    part("progress-log").append(element("p", "progress-log-event", String(text)));
  }

  function listen() {
    heard = performance.now();
    if (!page.dataset.events) {
      later(2000);
      return;
    }
    part("progress-log").replaceChildren(); // all is told again
    source = new EventSource(page.dataset.events);
    source.onmessage = (message) => {
      const event = JSON.parse(message.data);
      heard = performance.now();
      failures = 0;
      if (event.ready || event.failed) leave();
      else take(event);
    };
    source.onerror = () => {
      hang_up();
      lost();
    };
  }

  function hang_up() {
    if (source) source.close();
    source = null;
  }

  function leave() {
    // the page now leads to the server, or says what went wrong
    leaving = true;
    hang_up();
    window.location.reload();
  }

  function lost() {
    if (leaving) return;
    const box = part("connection");
    box.hidden = false;
    box.textContent = "Connection lost, trying again.";
    later(Math.min(15000, 1000 * 2 ** failures) * (0.75 + Math.random() / 2));
    failures += 1;
  }

  function later(wait) {
    window.clearTimeout(timer);
    timer = window.setTimeout(look, wait);
  }

  async function look() {
    if (looking || leaving) return;
    looking = true;
    window.clearTimeout(timer);
    const found = await fetched();
    looking = false;
    if (leaving) return;
    if (found === "elsewhere") {
      leave();
    } else if (found === null) {
      hang_up();
      lost();
    } else {
      part("connection").hidden = true;
      for (const name of ["events", "percent", "remaining", "steps"]) page.dataset[name] = found.dataset[name];
      begin();
      heard = performance.now();
      if (!source) listen();
    }
  }

  async function fetched() {
    // this page as it is now; "elsewhere" where it leads away or is another one, null where nobody answers
    try {
      const limit = AbortSignal.timeout ? AbortSignal.timeout(10000) : undefined;
      const answer = await fetch(window.location.href, { redirect: "manual", cache: "no-store", signal: limit });
      if (answer.type === "opaqueredirect") return "elsewhere";
      const found = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (found.getElementById("spawn-progress")) return found.getElementById("spawn-progress");
      return answer.status < 500 || found.getElementById("last-start") ? "elsewhere" : null;
    } catch (error) {
      return null;
    }
  }

  function begin() {
    steps = JSON.parse(page.dataset.steps);
    remaining = page.dataset.remaining === "" ? null : Number(page.dataset.remaining);
    base = Math.max(base, Number(page.dataset.percent));
    taken = performance.now();
    draw();
  }

  begin();
  listen();
  window.setInterval(tick, 1000);
  window.addEventListener("online", look);
  window.addEventListener("pageshow", (event) => event.persisted && window.location.reload());
  const form = part("cancel-form");
  if (form) {
    form.addEventListener("submit", () => {
      leaving = true;
      hang_up();
      part("cancel").disabled = true;
      part("cancel").textContent = "Cancelling…";
    });
  }
})();
