// Steps: shown at once, told to the server, undone and done again. Locks are no steps: an undo
// neither sets nor takes away a lock, and whoever is locked meanwhile stays where they are.

import { NOWHERE } from "./state.js";
import { moved } from "./words.js";

const isEmpty = ({ moves, away, back }) => moves.length + away.length + back.length === 0;

export class Stepping {
  constructor(board, steps) {
    this.board = board;
    this.steps = steps;
  }

  // `away`, `back`: teams that are wanted away, and wanted again; `whole`: all moves or none.
  take({ moves, away = [], back = [], whole = false, sentence }) {
    const step = { moves, away, back, whole, sentence: sentence ?? moved(this.board.state, moves) };
    this.steps.add(step);
    this.#carryOut(step);
    this.board.say(step.sentence);
  }

  // Teams that the server made already.
  made(teams, sentence) {
    this.steps.add({ moves: [], away: [], back: teams, whole: false, sentence });
    this.board.show();
    this.board.say(sentence);
  }

  undo() {
    this.#again(this.steps.back(), "Undone", "Nothing to undo.");
  }

  redo() {
    this.#again(this.steps.forth(), "Done again", "Nothing to do again.");
  }

  #again(step, word, nothing) {
    if (!step) {
      this.board.say(nothing);
      return;
    }
    const open = this.#open(step);
    const parts = (one) => one.moves.length + one.away.length + one.back.length;
    if (isEmpty(open)) {
      this.board.say(`Not possible any more, by locks or by later changes: ${step.sentence}`);
    } else {
      this.#carryOut(open);
      const left = parts(step) - parts(open);
      this.board.say(left > 0 ? `${word} in part: ${step.sentence}` : `${word}: ${step.sentence}`);
    }
    this.board.show();
  }

  // What of a step can be done as things are now.
  #open(step) {
    const { state } = this.board;
    const back = step.back.filter((team) => !state.teams.has(team.id));
    const there = new Set([NOWHERE, ...state.teams.keys(), ...back.map((team) => team.id)]);
    let moves = step.moves.filter(
      (one) =>
        state.person(one.student)?.team === one.before && there.has(one.to) && !state.holds(one),
    );
    if (step.whole && moves.length < step.moves.length) {
      moves = [];
    }
    const leaving = new Set(moves.map((one) => one.student));
    const empties = (team) => state.membersOf(team.id).every((id) => leaving.has(id));
    const away = step.away.filter(
      (team) => state.teams.has(team.id) && !state.locks.teams.has(team.id) && empties(team),
    );
    return { ...step, moves, away, back };
  }

  #carryOut(step) {
    const { board } = this;
    const focused = board.walking.student;
    this.#place(step);
    board.saving.save(step);
    if (step.away.length + step.back.length > 0) {
      board.redraw(focused);
    } else {
      board.showMoves(step.moves, focused);
    }
  }

  #place({ moves, away, back }) {
    const { state } = this.board;
    back.forEach((team) => state.bringBack(team));
    moves.forEach((one) => state.place(one.student, one.to));
    away.forEach((team) => state.sendAway(team.id));
  }

  // The server's word: whoever was moved by somebody else meanwhile is where that says. Returns
  // what was said of it.
  hear({ places, refused, refused_teams: kept }) {
    const { board, steps } = this;
    if (refused.length + kept.length === 0) {
      return "";
    }
    steps.forget(new Set(refused.map((one) => one.student)), new Set(kept.map((one) => one.team)));
    const moves = refused
      .filter((one) => !board.saving.isUnderWay(one.student))
      .map(({ student }) => ({ student, to: places[student] ?? NOWHERE }))
      .map((one) => ({ ...one, before: board.state.person(one.student).team }))
      .filter((one) => board.drawing.lists.has(one.to));
    moves.forEach((one) => board.state.place(one.student, one.to));
    board.showMoves(moves, board.walking.student);
    const sentence = notTaken(refused, kept);
    board.say(sentence);
    return sentence;
  }
}

function notTaken(refused, kept) {
  const told = [
    ...refused.map((one) => `${one.name} was not moved: ${one.reason}`),
    ...kept.map((one) => `${one.name} was not deleted: ${one.reason}`),
  ];
  const more = told.length - 1;
  return more > 0 ? `${told[0]} And ${more} more were left as they are.` : told[0];
}
