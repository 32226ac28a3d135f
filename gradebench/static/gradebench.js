// The little that pages do by themselves: everything works without it but the live bars and filters.
(() => {
  "use strict";

  const YEAR = 60 * 60 * 24 * 365;

  // Plain words and zone names: nothing in them that a cookie cannot hold as it is.
  function keep(name, value) {
    document.cookie = `${name}=${value}; path=/; max-age=${YEAR}; samesite=lax`;
  }

  // The server writes times in the zone that this cookie names.
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone && !document.cookie.split("; ").includes(`time_zone=${zone}`)) {
    keep("time_zone", zone);
  }

  function isDark() {
    const chosen = document.documentElement.dataset.theme;
    return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  }

  function switchTheme() {
    const theme = isDark() ? "light" : "dark";
    document.documentElement.dataset.theme = theme;
    keep("theme", theme);
  }

  // A live region speaks only when its sentence changes, however often the fragment around it is read.
  function announce() {
    const said = document.querySelector("[data-announce]");
    const region = document.getElementById("announcements");
    if (said && region && region.textContent !== said.dataset.announce) {
      region.textContent = said.dataset.announce;
    }
  }

  // A bar of unknown length is drawn anew each second, and still moves on where it was: all such bars
  // keep the time of the page.
  function keepTime() {
    document.querySelectorAll("progress:indeterminate").forEach((bar) => {
      bar.getAnimations({ subtree: true }).forEach((animation) => {
        animation.startTime = 0;
      });
    });
  }

  // "Choose all" ticks what is shown; the count tells how many are ticked.
  function boxesOf(group) {
    return [...document.querySelectorAll(`input[type=checkbox][data-group="${group}"]`)];
  }

  function count(group) {
    const ticked = boxesOf(group).filter((box) => box.checked).length;
    document.querySelectorAll(`[data-count="${group}"]`).forEach((place) => {
      place.textContent = String(ticked);
    });
    document.querySelectorAll(`[data-needs="${group}"]`).forEach((button) => {
      button.hidden = ticked === 0;
    });
    document.querySelectorAll(`[data-all="${group}"]`).forEach((box) => {
      box.checked = ticked > 0 && ticked === boxesOf(group).length;
      box.indeterminate = ticked > 0 && !box.checked;
    });
  }

  function filterRows(field) {
    const words = field.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    document.querySelectorAll(field.dataset.filters).forEach((row) => {
      const text = (row.dataset.text || row.textContent).toLocaleLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      shown += row.hidden ? 0 : 1;
    });
    const empty = document.querySelector(field.dataset.empty || "#nothing-found");
    if (empty) {
      empty.hidden = shown > 0;
    }
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-switch-theme]")) {
      switchTheme();
    }
    // A menu closes when one clicks elsewhere.
    document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
      if (!menu.contains(event.target)) {
        menu.open = false;
      }
    });
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") {
      return;
    }
    document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });

  document.addEventListener("change", (event) => {
    const box = event.target;
    if (box.dataset.all) {
      boxesOf(box.dataset.all).forEach((other) => {
        if (!other.closest("[hidden]")) {
          other.checked = box.checked;
        }
      });
      count(box.dataset.all);
    } else if (box.dataset.group) {
      count(box.dataset.group);
    } else if (box.matches("[data-submits]")) {
      box.form.requestSubmit();
    }
  });

  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-filters]")) {
      filterRows(event.target);
    }
  });

  // A form that takes a while says so, and is sent once.
  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button && button.dataset.busy) {
      setTimeout(() => {
        button.disabled = true;
        button.textContent = button.dataset.busy;
      });
    }
  });

  // Who comes back by the browser's own button must not find a page that is still sending.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) {
      location.reload();
    }
  });

  document.addEventListener("htmx:afterSwap", keepTime);
  document.addEventListener("htmx:oobAfterSwap", keepTime);
  document.addEventListener("htmx:afterSettle", announce);
  document.addEventListener("DOMContentLoaded", () => {
    keepTime();
    announce();
    // On a phone the tabs are wider than the screen.
    document.querySelector(".tab[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
    new Set([...document.querySelectorAll("[data-group]")].map((box) => box.dataset.group)).forEach(count);
  });
  // The server is away for a moment: the bar stands still and says why.
  document.addEventListener("htmx:sendError", (event) => {
    event.target.querySelectorAll("[data-offline]").forEach((note) => {
      note.hidden = false;
    });
  });
})();
