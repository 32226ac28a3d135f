// The keys of the board. Letters work only while a student or an empty team has the focus.

import { NOWHERE } from "./state.js";
import { idsOf } from "./selecting.js";

export function listenToKeys(board) {
  const { root, walking, selection } = board;

  const letters = {
    " ": (id) => id && selection.toggle(id),
    Enter: () => board.openMove(),
    m: () => board.openMove(),
    s: () => board.swap(board.selection.list),
    l: () => board.lock(board.targets()),
    Delete: () => board.move(board.targets(), NOWHERE),
    Escape: () => selection.clear(),
    Home: () => walking.toEnd(0),
    End: () => walking.toEnd(-1),
    "/": () => root.querySelector("input[type=search]").focus(),
  };

  const arrows = {
    ArrowUp: { walk: () => walking.step(-1), list: (from) => walking.neighbour(from, -1) },
    ArrowDown: { walk: () => walking.step(1), list: (from) => walking.neighbour(from, 1) },
    ArrowLeft: { walk: () => walking.aside(-1), list: (from) => walking.beside(from, -1) },
    ArrowRight: { walk: () => walking.aside(1), list: (from) => walking.beside(from, 1) },
  };

  // Alt and an arrow take the student along; Shift and an arrow choose on the way.
  function arrow(event) {
    const { walk, list } = arrows[event.key];
    const id = walking.student;
    if (event.altKey) {
      const to = list(walking.list);
      if (to) {
        board.move(board.targets(), Number(to.dataset.list));
      }
      return;
    }
    if (event.shiftKey && id && !selection.has(id)) {
      selection.toggle(id);
    }
    walk();
    if (event.shiftKey && walking.student && !selection.has(walking.student)) {
      selection.toggle(walking.student);
    }
  }

  function withControl(key, event) {
    if (key === "z") {
      return event.shiftKey ? board.stepping.redo() : board.stepping.undo();
    }
    if (key === "y") {
      return board.stepping.redo();
    }
    if (key === "a" && walking.list) {
      return selection.set([...selection.list, ...idsOf(walking.list)]);
    }
    return false;
  }

  document.addEventListener("keydown", (event) => {
    if (event.target.closest("input, select, textarea, dialog")) {
      return;
    }
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (event.ctrlKey || event.metaKey) {
      if (withControl(key, event) !== false) {
        event.preventDefault();
      }
      return;
    }
    if (!event.target.matches?.("[data-student], [data-list]")) {
      if (key === "Escape" && root.contains(event.target)) {
        selection.clear();
      }
      return;
    }
    if (key in arrows) {
      event.preventDefault();
      arrow(event);
    } else if (key === "l" && event.shiftKey) {
      event.preventDefault();
      board.lockTeam(Number(walking.list.dataset.list));
    } else if (key === "Delete" && event.shiftKey) {
      event.preventDefault();
      board.deleteTeam(Number(walking.list.dataset.list));
    } else if (key in letters && !event.altKey) {
      event.preventDefault();
      letters[key](walking.student);
    }
  });
}
