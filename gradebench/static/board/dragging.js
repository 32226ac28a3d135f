// Dragging with the mouse or a finger. What SortableJS leaves where is put right by the drawing.

/* global Sortable */

export function makeDraggable(board) {
  board.drawing.lists.forEach((list, team) => {
    Sortable.get(list)?.destroy();
    Sortable.create(list, {
      group: { name: "students", put: () => !board.state.locks.teams.has(team) },
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
      emptyInsertThreshold: 12,
      ghostClass: "chip-lifted",
      dragClass: "chip-dragged",
      onStart: (event) => lift(board, event.item),
      onEnd: (event) => drop(board, event),
    });
  });
}

// Whoever is dragged takes the others along that are chosen with them.
function lift(board, chip) {
  const id = Number(chip.dataset.student);
  if (!board.selection.has(id)) {
    board.selection.set([id]);
  }
  board.selection.list.forEach((one) => board.drawing.chips.get(one).classList.add("chip-lifted"));
  if (Sortable.ghost && board.selection.size > 1) {
    Sortable.ghost.dataset.count = board.selection.size;
  }
}

function drop(board, event) {
  const ids = board.selection.list;
  ids.forEach((one) => board.drawing.chips.get(one).classList.remove("chip-lifted"));
  board.drawing.show(Number(event.item.dataset.student));
  if (event.to !== event.from) {
    board.move(ids, Number(event.to.dataset.list));
    board.selection.clear();
  }
}
