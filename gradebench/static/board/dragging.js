// Dragging with the mouse or a finger. SortableJS lifts and carries; where a drop goes is decided
// here: onto a person of another team, the two swap; anywhere else on a team, it is a move.

/* global Sortable */

import { NOWHERE } from "./state.js";

const NOWHERE_TO_GO = { place: null };
const CUES = { move: "drop-here", swap: "drop-swap", shut: "drop-shut" };

export class Dragging {
  constructor(board) {
    this.board = board;
    this.ids = [];
    this.aim = NOWHERE_TO_GO;
    this.follow = (event) => this.#point(event.clientX, event.clientY);
    this.look = () => this.#point(this.x, this.y);
    this.attach();
  }

  get busy() {
    return this.ids.length > 0;
  }

  // To every list, anew after they were drawn.
  attach() {
    this.board.drawing.lists.forEach((list) => {
      Sortable.get(list)?.destroy();
      Sortable.create(list, {
        group: { name: "students", put: false },
        sort: false,
        draggable: ".chip",
        filter: ".chip-locked",
        preventOnFilter: false,
        // Drawn by the script, so that it looks and works the same with a finger.
        forceFallback: true,
        fallbackOnBody: true,
        fallbackTolerance: 4,
        delay: 200,
        delayOnTouchOnly: true,
        touchStartThreshold: 5,
        scrollSensitivity: 70,
        scrollSpeed: 14,
        ghostClass: "chip-lifted",
        dragClass: "chip-dragged",
        onStart: (event) => this.#lift(event.item),
        onEnd: () => this.#drop(),
      });
    });
  }

  // Whoever is dragged takes the others along that are chosen with them.
  #lift(chip) {
    const { selection, drawing, state } = this.board;
    const id = Number(chip.dataset.student);
    this.forItself = !selection.has(id);
    if (this.forItself) {
      selection.set([id]);
    }
    this.ids = selection.list.filter((one) => !state.isHeld(one));
    this.ids.forEach((one) => drawing.chips.get(one).classList.add("chip-lifted"));
    if (Sortable.ghost && this.ids.length > 1) {
      Sortable.ghost.dataset.count = this.ids.length;
    }
    document.addEventListener("pointermove", this.follow);
    document.addEventListener("scroll", this.look, true);
  }

  #point(x, y) {
    [this.x, this.y] = [x, y];
    const aim = this.#at(x, y);
    if (aim.place !== this.aim.place || aim.kind !== this.aim.kind) {
      this.#cue(this.aim, false);
      this.#cue(aim, true);
    }
    this.aim = aim;
  }

  #cue({ place, kind }, on) {
    place?.classList.toggle(CUES[kind], on);
    if (Sortable.ghost && kind === "swap" && on) {
      Sortable.ghost.dataset.cue = "⇄ swap";
    } else if (Sortable.ghost) {
      delete Sortable.ghost.dataset.cue;
    }
  }

  // What a drop at this place of the window would do.
  #at(x, y) {
    const under = x === undefined ? null : document.elementFromPoint(x, y);
    const card = under?.closest(".board-pool, [data-team]");
    if (!card) {
      return NOWHERE_TO_GO;
    }
    const team = Number(card.dataset.team ?? NOWHERE);
    const { state } = this.board;
    if (this.ids.every((id) => state.person(id).team === team)) {
      return NOWHERE_TO_GO;
    }
    if (state.locks.teams.has(team)) {
      return { place: card, kind: "shut", team };
    }
    const chip = under.closest("[data-student]");
    if (chip && this.#canSwap(Number(chip.dataset.student), team)) {
      return { place: chip, kind: "swap", student: Number(chip.dataset.student) };
    }
    return { place: card, kind: "move", team };
  }

  // One for one, and both in teams: onto the list of those without, one is taken out.
  #canSwap(student, team) {
    const { state } = this.board;
    const [id, ...more] = this.ids;
    return more.length === 0 && team && state.person(id).team && !state.isHeld(student);
  }

  #drop() {
    const { board, ids } = this;
    document.removeEventListener("pointermove", this.follow);
    document.removeEventListener("scroll", this.look, true);
    const aim = this.#at(this.x, this.y);
    this.#cue(this.aim, false);
    [this.ids, this.aim, this.x] = [[], NOWHERE_TO_GO, undefined];
    ids.forEach((one) => board.drawing.chips.get(one)?.classList.remove("chip-lifted"));
    if (aim.kind === "swap") {
      board.swap([ids[0], aim.student]);
    } else if (aim.kind === "move") {
      board.move(ids, aim.team);
    } else if (aim.kind === "shut") {
      board.say(`${board.state.nameOf(aim.team)} is locked.`);
    }
    if (aim.place || this.forItself) {
      board.selection.clear();
    }
  }
}
