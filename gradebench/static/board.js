// The board of a group set: what the server told is drawn, moved about, and told back step by step.

import { MoveDialog } from "./board/choosing.js";
import { makeDraggable } from "./board/dragging.js";
import { Drawing } from "./board/drawing.js";
import { Finding } from "./board/finding.js";
import { listenToKeys } from "./board/keys.js";
import { Locks, Steps } from "./board/memory.js";
import { Panel } from "./board/panel.js";
import { RandomDialog, TeamsDialog } from "./board/filling.js";
import { Saving } from "./board/saving.js";
import { Selection, listenToPointer } from "./board/selecting.js";
import { NOWHERE, State } from "./board/state.js";
import { Walking } from "./board/walking.js";
import { moved, named } from "./board/words.js";

class Board {
  constructor(root, facts) {
    this.root = root;
    const set = root.dataset.board;
    this.state = new State(facts, new Locks(set));
    this.steps = new Steps(set, facts.epoch);
    this.drawing = new Drawing(root, this.state);
    this.walking = new Walking(this.drawing);
    this.selection = new Selection(() => this.show());
    this.finding = new Finding(root.querySelector("[data-find]"), this.state, this.drawing);
    this.moveDialog = new MoveDialog(document.getElementById("move-dialog"), this);
    this.saving = new Saving(root.dataset, root.querySelector("[name=csrfmiddlewaretoken]").value, {
      onAnswer: (answer) => this.hear(answer),
      onState: (state, error) => this.#savingIs(state, error),
    });
    this.panel = new Panel(this);
    this.random = new RandomDialog(document.getElementById("random-dialog"), this);
    this.newTeams = new TeamsDialog(document.getElementById("teams-dialog"), this);
    listenToPointer(root, this.selection);
    listenToKeys(this);
    makeDraggable(this);
    this.finding.form.addEventListener("input", () => this.show());
    this.finding.show();
    this.show();
  }

  // Everything but chips and cards: counts, buttons, the bar, the stop of the Tab key.
  show() {
    this.drawing.mark(this.selection);
    this.panel.show();
    this.walking.refresh();
  }

  say(sentence) {
    document.getElementById("announcements").textContent = sentence;
    this.panel.tell(sentence);
  }

  // Who an action is about: the chosen ones, else the student who has the focus.
  targets() {
    if (this.selection.size > 0) {
      return this.selection.list;
    }
    return this.walking.student ? [this.walking.student] : [];
  }

  openMove() {
    const ids = this.targets().filter((id) => !this.state.isHeld(id));
    if (ids.length > 0) {
      this.moveDialog.open(ids);
    } else if (this.targets().length > 0) {
      this.say("Locked: unlock to move.");
    }
  }

  move(ids, team) {
    const moves = this.state.movesTo(ids, team);
    if (moves.length > 0) {
      this.take(moves);
    } else if (ids.some((id) => this.state.person(id).team !== team)) {
      this.say("Locked: unlock to move.");
    }
  }

  // Two students of different teams change places.
  swap() {
    const [one, other] = this.targets();
    if (!this.canSwap()) {
      return this.say("Choose two students of different teams to swap them.");
    }
    const place = (id) => this.state.person(id).team;
    const moves = [
      { student: one, before: place(one), to: place(other) },
      { student: other, before: place(other), to: place(one) },
    ];
    return this.take(moves, `${named(this.state, [one])} and ${named(this.state, [other])} swapped.`);
  }

  canSwap() {
    const ids = this.selection.list;
    const places = new Set(ids.map((id) => this.state.person(id).team));
    return ids.length === 2 && places.size === 2 && !ids.some((id) => this.state.isHeld(id));
  }

  // Everybody back to where Canvas has them; locked or not.
  putBack() {
    const ids = [...this.state.people.keys()].filter((id) => this.state.isChanged(id));
    const home = (person) => (this.state.teams.has(person.live) ? person.live : NOWHERE);
    const moves = ids
      .map((id) => this.state.person(id))
      .map((person) => ({ student: person.id, before: person.team, to: home(person) }))
      .filter((one) => one.before !== one.to);
    if (moves.length > 0) {
      this.take(moves, `${named(this.state, ids)} put back to where Canvas has them.`);
    }
  }

  // A step: shown at once, told to the server, and to be undone.
  take(moves, sentence = moved(this.state, moves)) {
    this.steps.add({ moves, sentence });
    this.#carryOut(moves);
    this.say(sentence);
  }

  undo() {
    const step = this.steps.back();
    this.#again(step, step && `Undone: ${step.sentence}`, "Nothing to undo.");
  }

  redo() {
    const step = this.steps.forth();
    this.#again(step, step && `Done again: ${step.sentence}`, "Nothing to do again.");
  }

  #again(step, sentence, nothing) {
    const moves = (step?.moves ?? []).filter(
      (one) => this.state.person(one.student)?.team === one.before && this.drawing.lists.has(one.to),
    );
    if (moves.length > 0) {
      this.#carryOut(moves);
    }
    this.say(step ? sentence : nothing);
    this.show();
  }

  #carryOut(moves) {
    const focused = this.walking.student;
    moves.forEach((one) => this.state.place(one.student, one.to));
    this.saving.save(moves);
    this.#showMoves(moves, focused);
  }

  #showMoves(moves, focused) {
    this.drawing.showMoves(moves);
    this.finding.showMoves(moves);
    this.show();
    if (focused) {
      this.walking.focusStudent(focused);
    }
  }

  lock(ids) {
    const { people } = this.state.locks;
    const lock = ids.some((id) => !people.has(id));
    ids.forEach((id) => (lock ? people.add(id) : people.delete(id)));
    this.state.locks.keep();
    ids.forEach((id) => this.drawing.show(id));
    this.show();
    if (ids.length > 0) {
      this.say(`${named(this.state, ids)} ${lock ? "locked" : "unlocked"}.`);
    }
  }

  lockTeam(team) {
    if (team === NOWHERE) {
      return;
    }
    const { teams } = this.state.locks;
    const lock = !teams.delete(team);
    if (lock) {
      teams.add(team);
    }
    this.state.locks.keep();
    this.state.membersOf(team).forEach((id) => this.drawing.show(id));
    this.drawing.showTeam(team);
    this.show();
    this.say(`${this.state.nameOf(team)} ${lock ? "locked" : "unlocked"}.`);
  }

  // The server's word on a step: whoever was moved by somebody else meanwhile is where that says.
  hear(answer) {
    const strangers = answer.refused.filter((one) => !this.saving.isUnderWay(one.student));
    const moves = strangers
      .map(({ student }) => ({ student, to: answer.places[student] ?? NOWHERE }))
      .map((one) => ({ ...one, before: this.state.person(one.student).team }))
      .filter((one) => this.drawing.lists.has(one.to));
    if (answer.refused.length > 0) {
      this.steps.forget(new Set(answer.refused.map((one) => one.student)));
      moves.forEach((one) => this.state.place(one.student, one.to));
      this.#showMoves(moves, this.walking.student);
      const [first, ...more] = answer.refused;
      const rest = more.length > 0 ? ` So were ${more.length} more.` : "";
      this.say(`${first.name} was not moved: ${first.reason}${rest}`);
    }
  }

  async #savingIs(state, error) {
    this.panel.saving(state);
    if (state === "refused") {
      this.say(error.message);
      await this.refresh();
    }
  }

  // What others changed meanwhile; nothing is asked while a step of ours is on its way.
  async refresh() {
    if (this.saving.busy) {
      return;
    }
    const facts = await this.saving.facts();
    if (!this.saving.busy) {
      this.load(facts);
    }
  }

  load(facts) {
    const focused = this.walking.student;
    this.state.load(facts);
    if (facts.epoch !== this.steps.epoch) {
      this.steps.begin(facts.epoch);
    }
    this.selection.ids = new Set(this.selection.list.filter((id) => this.state.people.has(id)));
    this.drawing.draw();
    makeDraggable(this);
    this.finding.show();
    this.show();
    if (focused && this.state.people.has(focused)) {
      this.walking.focusStudent(focused);
    }
  }
}

const root = document.querySelector("[data-board]");
const board = new Board(root, JSON.parse(document.getElementById("board-facts").textContent));
root.removeAttribute("aria-busy");
performance.mark("board-usable");

// A page that comes back from the browser's memory has a button that says it is busy.
addEventListener("pageshow", (event) => event.persisted && location.reload());

// Back on this page after a look at another: show what changed there.
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") {
    board.refresh().catch(() => {}); // offline: what is shown stays
  }
});
