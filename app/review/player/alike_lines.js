// All lines of a voice that sound like one of them, given to another voice in one go: which they are is asked for, they
// are shown, and only when somebody says so they are given.

import { button, element, filled } from "./elements.js";

export class AlikeLines {
  // show(speaker, stretches): show these lines of a voice, [] for none; give(giver, taker, stretches); leave(): after it
  constructor({ lines }, { show, give, leave }) {
    Object.assign(this, { texts: lines, show, give, left: leave });
    this.said = element("span", { role: "status" });
    this.yes = button(lines.alike_give, () => this.giveThem(), { class: "alike-give" });
    this.no = button(lines.alike_keep, () => this.leave());
    this.root = element("div", { class: "alike-question", role: "group", "aria-label": lines.alike_title, hidden: true }, this.said, this.yes, this.no);
    this.root.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.leave();
    });
  }

  get isOpen() {
    return !this.root.hidden;
  }

  // line: {start, end, speaker}; taker: {label, name}
  async ask(address, line, taker) {
    this.open(this.texts.alike_asking);
    const asked = { line, taker };
    this.asked = asked;
    const { start, end, speaker } = line;
    const found = await answered(`${address}?${new URLSearchParams({ speaker, start, end })}`);
    if (this.asked !== asked) return; // left meanwhile, or another line was asked about
    if (found?.length > 1) {
      asked.stretches = found;
      this.show(speaker, found);
    }
    this.open(this.sentence(found, taker.name));
  }

  // The line itself is among those that were found; where nothing was, it cannot be told.
  sentence(found, name) {
    if (!found) return this.texts.alike_failed;
    const text = [this.texts.alike_untold, this.texts.alike_none, this.texts.alike_one][found.length] ?? this.texts.alike;
    return filled(text, { n: found.length - 1, name });
  }

  // With nothing to give there is only the way out.
  open(text) {
    this.root.hidden = false;
    this.said.textContent = text;
    this.yes.hidden = !this.asked?.stretches;
    this.no.textContent = this.yes.hidden ? this.texts.alike_close : this.texts.alike_keep;
    this.no.setAttribute("aria-label", this.no.textContent);
    this.no.title = this.no.textContent;
    (this.yes.hidden ? this.no : this.yes).focus();
  }

  giveThem() {
    const { line, taker, stretches } = this.asked;
    this.leave();
    this.give(line.speaker, taker.label, stretches);
  }

  leave() {
    if (!this.isOpen) return;
    this.asked = undefined;
    this.root.hidden = true;
    this.show("", []);
    this.left();
  }
}

// The lines that Python named, null where there was no answer.
async function answered(address) {
  try {
    const answer = await fetch(address, { credentials: "same-origin", cache: "no-store" });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}
