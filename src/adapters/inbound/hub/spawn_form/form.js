// What the form is more with JavaScript: only the chosen offer's fields are sent, offers can be searched
// and filtered, times are those of the user's own clock. Without it everything can be chosen, too.
(() => {
  "use strict";
  const form = document.getElementById("ms-form");
  const find = document.getElementById("ms-find");
  const chosen = document.getElementById("ms-chosen");
  const cards = [...form.querySelectorAll(".ms-card")].map((card) => ({
    card,
    radio: card.querySelector("[name=offer]"),
    text: plain(card.textContent),
  }));

  function plain(text) {
    return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  }

  // -- the chosen offer's fields: others are off, so that they are neither sent nor in the way

  function fieldsOf(card) {
    return card.querySelector(":scope > .ms-fields");
  }

  // what many offers have in common is in the page once
  function bring(card, radio) {
    const shared = document.getElementById(card.dataset.fields);
    if (!shared || fieldsOf(card)) return;
    const fields = shared.content.firstElementChild.cloneNode(true);
    for (const each of fields.querySelectorAll("[id], [name], [for]")) {
      if (each.hasAttribute("name")) each.setAttribute("name", each.getAttribute("name") + radio.value);
      for (const name of ["id", "for", "aria-describedby", "data-until"]) {
        const value = each.getAttribute(name);
        if (value) each.setAttribute(name, value.replaceAll("ms-any", radio.id));
      }
    }
    card.append(fields);
  }

  function show() {
    chosen.hidden = true;
    for (const { card, radio } of cards) {
      if (radio.checked) {
        bring(card, radio);
        chosen.hidden = !find;
        chosen.firstElementChild.textContent = card.querySelector(".ms-name > bdi").textContent;
      }
      const fields = fieldsOf(card);
      if (fields) fields.disabled = fields.hidden = !radio.checked;
    }
    tellTimes();
  }

  form.addEventListener("change", ({ target }) => {
    if (target.name !== "offer") return;
    show();
    // the fields above it are gone, and it may have moved with them
    target.closest(".ms-card").scrollIntoView({ block: "nearest" });
  });

  // -- times of this clock

  function until(minutes) {
    const now = new Date();
    const end = new Date(now.getTime() + minutes * 60000);
    if (isNaN(end)) return "";
    const time = { hour: "numeric", minute: "2-digit" };
    if (end.toDateString() === now.toDateString()) return end.toLocaleTimeString([], time);
    const day = minutes < 6 * 24 * 60 ? { weekday: "long" } : { year: "numeric", month: "short", day: "numeric" };
    return end.toLocaleString([], { ...day, ...time });
  }

  function tellTimes() {
    for (const time of form.querySelectorAll("time[data-minutes]")) {
      tell(time, until(Number(time.dataset.minutes)));
    }
    for (const field of form.querySelectorAll("[data-until]")) {
      const time = document.getElementById(field.dataset.until);
      const text = Number(field.value) > 0 ? until(Number(field.value)) : "";
      time.parentElement.hidden = !text;
      tell(time, text);
    }
  }

  function tell(time, text) {
    if (text && time.textContent !== text) time.textContent = text;
  }

  form.addEventListener("input", tellTimes);

  // -- search and filters

  function searching() {
    const count = document.getElementById("ms-count");
    const [words, ...filters] = find.querySelectorAll("input, select");
    let later;

    function filter() {
      const sought = plain(words.value).split(/\s+/).filter(Boolean);
      let matches = 0;
      for (const { card, text } of cards) {
        const fits =
          sought.every((word) => text.includes(word)) &&
          filters.every(({ value, dataset }) => !value || card.dataset[dataset.by] === value);
        matches += fits;
        card.hidden = !fits;
      }
      return matches ? `${matches} of ${cards.length} offers` : "No offer matches";
    }

    find.hidden = count.hidden = false;
    count.textContent = filter();
    find.addEventListener("input", () => {
      const text = filter();
      clearTimeout(later);
      // somebody who types hears one number, not one for each letter
      later = setTimeout(() => (count.textContent = text), 250);
    });
    words.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
    });
  }

  // -- the rest of the page, which comes after the form

  addEventListener("DOMContentLoaded", () => {
    const bar = document.querySelector(".feedback-container");
    const wrong = document.querySelector(".spawn-error-msg");
    if (find && bar) {
      // what would be started may be out of sight
      bar.prepend(chosen);
      bar.querySelector("button")?.setAttribute("aria-describedby", chosen.id);
    }
    if (wrong) {
      wrong.tabIndex = -1;
      wrong.focus();
    } else if (new URLSearchParams(location.search).has("offer")) {
      form.querySelector("[name=offer]:checked")?.scrollIntoView({ block: "center" });
    }
  });

  show();
  if (find) searching();
  setInterval(tellTimes, 20000);
  // somebody who comes back by the browser's button finds a form that can be sent again
  addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
})();
