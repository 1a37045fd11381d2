// What the form is more with JavaScript: only the chosen offer's fields are sent, offers can be searched
// and filtered, times are those of the user's own clock. Without it everything can be chosen, too.
(() => {
  "use strict";
  const form = document.getElementById("ms-form");
  if (!form) return;
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
        if (each.hasAttribute(name)) {
          each.setAttribute(name, each.getAttribute(name).replaceAll("ms-any", radio.id));
        }
      }
    }
    card.append(fields);
  }

  function show() {
    for (const { card, radio } of cards) {
      if (radio.checked) bring(card, radio);
      const fields = fieldsOf(card);
      if (fields) fields.disabled = fields.hidden = !radio.checked;
    }
    name();
    tellTimes();
  }

  form.addEventListener("change", ({ target }) => {
    if (target.name === "offer") show();
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

  const find = document.getElementById("ms-find");
  if (find) {
    const count = document.getElementById("ms-count");
    const [words, ...filters] = find.querySelectorAll("input, select");
    let later;

    const filter = () => {
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
    };

    find.hidden = false;
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

  // -- what would be started: its card may be out of sight

  const bar = document.querySelector(".feedback-container");
  const chosen = document.getElementById("ms-chosen");

  function name() {
    const { card } = cards.find(({ radio }) => radio.checked) ?? {};
    chosen.hidden = !find || !card;
    if (card) chosen.firstElementChild.textContent = card.querySelector(".ms-name > bdi").textContent;
  }

  if (find && bar) {
    bar.prepend(chosen);
    bar.querySelector("button")?.setAttribute("aria-describedby", chosen.id);
  }

  show();
  setInterval(tellTimes, 20000);
  const wrong = document.querySelector(".spawn-error-msg");
  if (wrong) {
    wrong.tabIndex = -1;
    wrong.focus();
  }
  // somebody who comes back by the browser's button finds a form that can be sent again
  addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
})();
