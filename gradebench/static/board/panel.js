// The buttons around the board: undo and redo, the count of waiting changes, the bar of the chosen.

import { NOWHERE } from "./state.js";
import { idsOf } from "./selecting.js";
import { people } from "./words.js";

const SAVING = {
  saving: "Saving …",
  saved: "Saved",
  away: "Not saved yet: the server does not answer. Trying again …",
  refused: "Not saved",
};

const SHOWN_FOR = 6000;

export class Panel {
  constructor(board) {
    this.board = board;
    const find = (name) => board.root.querySelector(`[data-${name}]`);
    this.parts = {
      undo: find("undo"),
      redo: find("redo"),
      count: find("waiting"),
      words: find("waiting-words"),
      review: find("review"),
      back: find("put-back"),
      bar: find("bar"),
      chosen: find("chosen"),
      swap: find("swap"),
      lock: find("lock"),
      state: find("saving"),
      told: find("told"),
      all: find("choose-all"),
    };
    this.#listen();
  }

  #listen() {
    const { board, parts } = this;
    const on = (name, act) =>
      board.root.querySelectorAll(`[data-${name}]`).forEach((one) => one.addEventListener("click", act));
    on("undo", () => board.stepping.undo());
    on("redo", () => board.stepping.redo());
    on("put-back", () => this.#confirmPutBack());
    on("move-to", () => board.openMove());
    on("take-out", () => board.move(board.selection.list, NOWHERE));
    on("swap", () => board.swap(board.selection.list));
    on("lock", () => board.lock(board.selection.list));
    on("clear", () => board.selection.clear());
    on("choose-all", () => board.selection.set(idsOf(board.drawing.lists.get(NOWHERE))));
    on("open-random", () => board.random.open());
    on("open-teams", () => board.newTeams.open());
    on("open-keys", () => document.getElementById("keys-dialog").showModal());
    board.root.addEventListener("click", (event) => {
      const at = (name) => event.target.closest(`[data-${name}]`)?.closest("[data-team], [data-away]");
      const [lock, away, keep] = [at("lock-team"), at("delete-team"), at("keep")];
      if (lock) {
        board.lockTeam(Number(lock.dataset.team));
      } else if (away) {
        board.deleteTeam(Number(away.dataset.team));
      } else if (keep) {
        board.keepTeam(Number(keep.dataset.away));
      }
    });
    parts.review.form?.addEventListener("submit", (event) => this.#reviewWhenSaved(event));
    document.querySelectorAll("dialog [data-close]").forEach((button) => {
      button.addEventListener("click", () => button.closest("dialog").close());
    });
  }

  show() {
    const { board, parts } = this;
    const waiting = board.state.waiting();
    parts.count.textContent = waiting;
    parts.words.textContent = waiting === 1 ? "change waits" : "changes wait";
    parts.review.disabled = waiting === 0;
    const { steps } = board.stepping;
    parts.back.disabled = board.movesBack().length === 0;
    parts.undo.disabled = steps.done.length === 0;
    parts.redo.disabled = steps.undone.length === 0;
    parts.undo.title = hint("Undo", steps.done.at(-1));
    parts.redo.title = hint("Redo", steps.undone.at(-1));
    this.#showBar();
  }

  #showBar() {
    const { board, parts } = this;
    const { selection, state } = board;
    parts.bar.hidden = selection.size === 0;
    parts.chosen.textContent = `${people(selection.size)} chosen`;
    parts.swap.disabled = !board.canSwap(selection.list);
    const open = selection.list.some((id) => !state.locks.people.has(id));
    parts.lock.textContent = open ? "Lock" : "Unlock";
    parts.all.disabled = state.size(NOWHERE) === 0;
  }

  // What was just done, for a while.
  tell(sentence) {
    this.parts.told.textContent = sentence;
    clearTimeout(this.telling);
    this.telling = setTimeout(() => this.parts.told.replaceChildren(), SHOWN_FOR);
  }

  saving(state) {
    this.parts.state.textContent = SAVING[state];
    this.parts.state.dataset.state = state;
  }

  #confirmPutBack() {
    const { board } = this;
    const dialog = document.getElementById("back-dialog");
    dialog.querySelector("[data-who]").textContent = people(board.movesBack().length);
    dialog.addEventListener(
      "close",
      () => {
        if (dialog.returnValue === "yes") {
          board.putBack();
        }
      },
      { once: true },
    );
    dialog.returnValue = "";
    dialog.showModal();
  }

  // The plan is made from what the server knows: the last step must be there before.
  #reviewWhenSaved(event) {
    const { board, parts } = this;
    if (board.saving.busy) {
      event.preventDefault();
      board.saving.whenIdle().then(() => parts.review.form.requestSubmit(parts.review));
    }
  }
}

function hint(word, step) {
  return step ? `${word}: ${step.sentence}` : word;
}
