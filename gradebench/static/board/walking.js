// The arrow keys lead from student to student and from team to team; Tab enters and leaves the board.

import { NOWHERE } from "./state.js";

export class Walking {
  constructor(drawing) {
    this.drawing = drawing;
    this.stop = null;
    drawing.root.addEventListener("focusin", (event) => {
      const place = event.target.closest("[data-student], [data-list]");
      if (place && isPlace(place)) {
        this.#stopAt(place);
      }
    });
  }

  // The chip or the empty list that Tab leads to, besides the list of those without a team: that
  // one scrolls by itself, and must be reached to be scrolled.
  #stopAt(place) {
    if (this.stop !== place) {
      if (this.stop && !("pool" in this.stop.dataset)) {
        this.stop.setAttribute("tabindex", "-1");
      }
      place.setAttribute("tabindex", "0");
      this.stop = place;
    }
  }

  // Tab always finds the board, whatever was filtered or moved away.
  refresh() {
    if (!this.stop?.isConnected || !isShown(this.stop) || !isPlace(this.stop)) {
      const lists = this.lists();
      const first = lists.find((list) => chipsOf(list).length > 0) ?? lists[0];
      if (first) {
        this.#stopAt(chipsOf(first)[0] ?? first);
      }
    }
  }

  // The student who has the focus, or null.
  get student() {
    const chip = document.activeElement?.closest?.("[data-student]");
    return chip ? Number(chip.dataset.student) : null;
  }

  get list() {
    return document.activeElement?.closest?.("[data-list]") ?? null;
  }

  focus(place) {
    if (place) {
      this.#stopAt(place);
      place.focus({ preventScroll: true });
      place.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  }

  focusStudent(id) {
    this.focus(this.drawing.chips.get(id));
  }

  // The lists that are shown, as one reads them: who is in no team first.
  lists() {
    const all = [...this.drawing.lists.entries()];
    const pool = this.drawing.lists.get(NOWHERE);
    const teams = all.filter(([team]) => team !== NOWHERE).map(([, list]) => list);
    return [pool, ...teams].filter(isShown);
  }

  // Up and down within a team, then on to the team above or below.
  step(by) {
    const list = this.list;
    const chips = chipsOf(list);
    const next = chips[chips.indexOf(document.activeElement) + by];
    if (next && chips.length > 0) {
      this.focus(next);
    } else {
      this.#enter(this.neighbour(list, by), by > 0 ? 0 : -1);
    }
  }

  // Sideways to the team before or after, at the same height.
  aside(by) {
    const chips = chipsOf(this.list);
    this.#enter(this.beside(this.list, by), Math.max(0, chips.indexOf(document.activeElement)));
  }

  toEnd(index) {
    this.#enter(this.list, index);
  }

  #enter(list, index) {
    if (list) {
      const chips = chipsOf(list);
      this.focus(chips.at(Math.min(index, chips.length - 1)) ?? list);
    }
  }

  beside(list, by) {
    const lists = this.lists();
    return lists[lists.indexOf(list) + by];
  }

  // The nearest list above (-1) or below (1) in the same column; else the one before or after.
  neighbour(list, by) {
    const here = boxOf(list);
    const column = this.lists()
      .map((one) => ({ one, box: boxOf(one) }))
      .filter(({ one, box }) => one !== list && Math.abs(box.left - here.left) < 24)
      .map(({ one, box }) => ({ one, away: (box.top - here.top) * by }))
      .filter(({ away }) => away > 0)
      .sort((first, second) => first.away - second.away);
    return column[0]?.one ?? this.beside(list, by);
  }
}

export function chipsOf(list) {
  return [...list.querySelectorAll(".chip:not([hidden])")];
}

// The card's box, not the list's: what is in a card far away is not laid out, and is not to be.
function boxOf(list) {
  return list.parentElement.getBoundingClientRect();
}

function isShown(place) {
  return place.closest("[hidden]") === null;
}

// A list is a place to stop at only while nobody is in it.
function isPlace(place) {
  return "student" in place.dataset || chipsOf(place).length === 0;
}
