// Teams that are deleted on the board, and kept after all. Canvas hears of it by a plan.

import { NOWHERE } from "./state.js";
import { people } from "./words.js";

export class DeleteDialog {
  constructor(dialog, board) {
    this.dialog = dialog;
    this.board = board;
    dialog.addEventListener("close", () => {
      if (dialog.returnValue === "yes" && board.state.teams.has(this.team)) {
        this.#delete(this.team);
      }
    });
  }

  // Asks when somebody is in the team.
  ask(team) {
    const { state } = this.board;
    const members = state.membersOf(team);
    if (state.locks.teams.has(team) || members.some((id) => state.isHeld(id))) {
      this.board.say("Locked: unlock to delete the team.");
    } else if (members.length === 0) {
      this.#delete(team);
    } else {
      this.#open(team, members);
    }
  }

  #open(team, members) {
    const { state } = this.board;
    const worked = members.filter((id) => state.person(id).work).length;
    const part = (name) => this.dialog.querySelector(`[data-${name}]`);
    part("team-name").textContent = state.nameOf(team);
    part("who").textContent = people(members.length);
    part("worked").hidden = worked === 0;
    part("worked").textContent = `${worked} of them handed in group work, which stays with the deleted group.`;
    this.team = team;
    this.dialog.returnValue = "";
    this.dialog.showModal();
  }

  #delete(team) {
    const { board } = this;
    const { state } = board;
    const members = state.membersOf(team);
    const facts = state.teams.get(team);
    const out = members.length > 0 ? ` ${people(members.length)} taken out.` : "";
    const what = facts.fresh ? "taken away again" : "is to be deleted";
    board.stepping.take({
      moves: members.map((student) => ({ student, before: team, to: NOWHERE })),
      away: [facts],
      sentence: `${facts.name} ${what}.${out}`,
    });
    board.focusTeam(team);
  }
}

// The team stays, and whoever Canvas has in it and is in no team here comes back into it.
export function keepTeam(board, team) {
  const { state } = board;
  const home = state.liveIn(team).filter((one) => one.team === NOWHERE && !state.isHeld(one.id));
  const facts = state.away.get(team);
  const whom = home.length > 0 ? ` with ${people(home.length)}` : "";
  board.stepping.take({
    moves: home.map((one) => ({ student: one.id, before: NOWHERE, to: team })),
    back: [facts],
    sentence: `${facts.name} stays${whom}.`,
  });
  board.focusTeam(team);
}
