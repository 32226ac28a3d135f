// The board of a group set: what the server told is drawn, moved about, and told back step by step.

import { MoveDialog } from "./board/choosing.js";
import { DeleteDialog, keepTeam } from "./board/deleting.js";
import { Dragging } from "./board/dragging.js";
import { Drawing } from "./board/drawing.js";
import { RandomDialog, TeamsDialog } from "./board/filling.js";
import { Finding } from "./board/finding.js";
import { listenToKeys } from "./board/keys.js";
import { Steps } from "./board/memory.js";
import { Panel } from "./board/panel.js";
import { Saving } from "./board/saving.js";
import { Selection, listenToPointer } from "./board/selecting.js";
import { NOWHERE, State } from "./board/state.js";
import { Stepping } from "./board/stepping.js";
import { Walking } from "./board/walking.js";
import { Watching, pictureOf, whatChanged } from "./board/watching.js";
import { named } from "./board/words.js";

class Board {
  constructor(root, facts) {
    const dialog = (name) => document.getElementById(`${name}-dialog`);
    this.root = root;
    this.state = new State(facts);
    this.drawing = new Drawing(root, this.state);
    this.walking = new Walking(this.drawing);
    this.selection = new Selection(() => this.show());
    this.finding = new Finding(root.querySelector("[data-find]"), this.state, this.drawing);
    this.stepping = new Stepping(this, new Steps(root.dataset.board, facts.epoch));
    this.saving = this.#saving(facts.version);
    this.moveDialog = new MoveDialog(dialog("move"), this);
    this.random = new RandomDialog(dialog("random"), this);
    this.newTeams = new TeamsDialog(dialog("teams"), this);
    this.deleting = new DeleteDialog(dialog("delete"), this);
    this.dragging = new Dragging(this);
    this.panel = new Panel(this);
    listenToPointer(root, this.selection);
    listenToKeys(this);
    this.finding.form.addEventListener("input", () => this.show());
    this.finding.show();
    this.show();
  }

  #saving(version) {
    const token = this.root.querySelector("[name=csrfmiddlewaretoken]").value;
    return new Saving(this.root.dataset, token, version, {
      onAnswer: (answer) => this.#hear(answer),
      onState: (state, error) => this.#savingIs(state, error),
    });
  }

  // Everything but chips and cards: counts, buttons, the bar, the stop of the Tab key.
  show() {
    this.drawing.mark(this.selection);
    this.panel.show();
    this.walking.refresh();
  }

  showMoves(moves, focused) {
    this.drawing.showMoves(moves);
    this.finding.showMoves(moves);
    this.show();
    if (focused) {
      this.walking.focusStudent(focused);
    }
  }

  // All cards and chips anew: after teams came or went.
  redraw(focused) {
    this.drawing.draw();
    this.dragging.attach();
    this.finding.show();
    this.show();
    if (focused && this.state.people.has(focused)) {
      this.walking.focusStudent(focused);
    }
  }

  // Where a team is, or was.
  focusTeam(team) {
    const list = this.drawing.lists.get(team);
    const keep = this.drawing.awayCards.get(team)?.querySelector("[data-keep]");
    if (list) {
      this.walking.focus(list.querySelector(".chip:not([hidden])") ?? list);
    } else {
      (keep ?? this.walking.stop)?.focus();
    }
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
      this.stepping.take({ moves });
    } else if (ids.some((id) => this.state.person(id).team !== team)) {
      this.say("Locked: unlock to move.");
    }
  }

  // Two students of different teams change places.
  swap(ids) {
    if (!this.canSwap(ids)) {
      this.say("Choose two students of different teams to swap them.");
      return;
    }
    const [one, other] = ids;
    const place = (id) => this.state.person(id).team;
    const moves = [
      { student: one, before: place(one), to: place(other) },
      { student: other, before: place(other), to: place(one) },
    ];
    const sentence = `${named(this.state, [one])} and ${named(this.state, [other])} swapped.`;
    this.stepping.take({ moves, whole: true, sentence });
  }

  canSwap(ids) {
    const places = new Set(ids.map((id) => this.state.person(id).team));
    return ids.length === 2 && places.size === 2 && !ids.some((id) => this.state.isHeld(id));
  }

  // What brings everybody back to where Canvas has them; whoever is locked stays.
  movesBack() {
    const home = (person) => (this.state.teams.has(person.live) ? person.live : NOWHERE);
    return [...this.state.people.values()]
      .map((person) => ({ student: person.id, before: person.team, to: home(person) }))
      .filter((one) => one.before !== one.to && !this.state.holds(one));
  }

  putBack() {
    const moves = this.movesBack();
    if (moves.length > 0) {
      const who = named(this.state, moves.map((one) => one.student));
      this.stepping.take({ moves, sentence: `${who} put back to where Canvas has them.` });
    }
  }

  deleteTeam(team) {
    if (team !== NOWHERE) {
      this.deleting.ask(team);
    }
  }

  keepTeam(team) {
    keepTeam(this, team);
  }

  lock(ids) {
    if (ids.length > 0) {
      const locked = this.#lock("people", ids);
      ids.forEach((id) => this.drawing.show(id));
      this.show();
      this.saving.saveLocks({ students: ids, locked });
      this.say(`${named(this.state, ids)} ${locked ? "locked" : "unlocked"}.`);
    }
  }

  lockTeam(team) {
    if (team !== NOWHERE) {
      const locked = this.#lock("teams", [team]);
      this.state.membersOf(team).forEach((id) => this.drawing.show(id));
      this.drawing.showTeam(team);
      this.show();
      this.saving.saveLocks({ teams: [team], locked });
      this.say(`${this.state.nameOf(team)} ${locked ? "locked" : "unlocked"}.`);
    }
  }

  // All of them locked, or unlocked where all are.
  #lock(kind, ids) {
    const locks = this.state.locks[kind];
    const lock = ids.some((id) => !locks.has(id));
    const held = { by: this.root.dataset.me, at: new Date().toISOString() };
    ids.forEach((id) => (lock ? locks.set(id, locks.get(id) ?? { id, ...held }) : locks.delete(id)));
    return lock;
  }

  #hear(answer) {
    const told = answer.refused ? this.stepping.hear(answer) : "";
    const differs = "waiting" in answer && answer.waiting !== this.state.waiting();
    if (!this.saving.busy && (!answer.known || differs)) {
      this.refresh(told).catch(() => {});
    }
  }

  async #savingIs(state, error) {
    this.panel.saving(state);
    if (state === "refused") {
      this.say(error.message);
      await this.refresh();
    }
  }

  // What others changed meanwhile. Nothing is asked while a step of ours is on its way, and nothing
  // is shown while somebody is being dragged, or a dialog is open. `told`: what was just said.
  async refresh(told = "") {
    if (this.#inHand()) {
      return;
    }
    const facts = await this.saving.facts();
    if (facts && !this.#inHand()) {
      const before = pictureOf(this.state);
      this.load(facts);
      const sentence = whatChanged(before, this.state);
      if (sentence) {
        this.say(`${told} ${sentence}`.trim());
      }
    }
  }

  #inHand() {
    const open = document.querySelector("dialog[open]") !== null;
    return this.saving.busy || this.dragging.busy || open;
  }

  load(facts) {
    const focused = this.walking.student;
    const { steps } = this.stepping;
    this.saving.version = facts.version;
    this.state.load(facts);
    if (facts.epoch !== steps.epoch) {
      steps.begin(facts.epoch);
    }
    this.selection.ids = new Set(this.selection.list.filter((id) => this.state.people.has(id)));
    this.redraw(focused);
  }
}

const root = document.querySelector("[data-board]");
const board = new Board(root, JSON.parse(document.getElementById("board-facts").textContent));
root.removeAttribute("aria-busy");
performance.mark("board-usable");

// A page that comes back from the browser's memory has a button that says it is busy.
addEventListener("pageshow", (event) => event.persisted && location.reload());

new Watching(board, Number(root.dataset.look));
