// Which students are chosen: by click, with Ctrl and Shift for several, by the space bar.

export class Selection {
  constructor(onChange) {
    this.ids = new Set();
    this.anchor = null;
    this.onChange = onChange;
  }

  has(id) {
    return this.ids.has(id);
  }

  get size() {
    return this.ids.size;
  }

  get list() {
    return [...this.ids];
  }

  set(ids) {
    this.ids = new Set(ids);
    this.onChange();
  }

  clear() {
    this.set([]);
  }

  only(id) {
    this.anchor = id;
    this.set(this.size === 1 && this.has(id) ? [] : [id]);
  }

  toggle(id) {
    this.anchor = id;
    const ids = new Set(this.ids);
    if (!ids.delete(id)) {
      ids.add(id);
    }
    this.set(ids);
  }

  // From the one chosen last to this one, in the order in which they stand.
  upTo(id, row) {
    const [start, end] = [row.indexOf(this.anchor), row.indexOf(id)].sort((one, other) => one - other);
    if (start < 0) {
      this.toggle(id);
    } else {
      this.set([...this.ids, ...row.slice(start, end + 1)]);
    }
  }
}

export function listenToPointer(root, selection) {
  let kind = "mouse";
  root.addEventListener("pointerdown", (event) => {
    kind = event.pointerType;
  });
  root.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-student]");
    if (!chip) {
      return;
    }
    const id = Number(chip.dataset.student);
    if (event.shiftKey) {
      selection.upTo(id, idsOf(chip.parentElement));
    } else if (event.ctrlKey || event.metaKey || kind === "touch") {
      selection.toggle(id);
    } else {
      selection.only(id);
    }
  });
}

export function idsOf(list) {
  return [...list.querySelectorAll(".chip:not([hidden])")].map((chip) => Number(chip.dataset.student));
}
