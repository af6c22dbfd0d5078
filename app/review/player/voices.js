// The voices: hear each, name it, say that it is the coach's, and swap two that were taken for each other.

import { button, element, filled } from "./elements.js";

export class Voices {
  constructor(texts, { name, role, swap, hear }) {
    Object.assign(this, { texts: texts.voices, name, role, swap, hear });
    this.title = texts.voices.title;
    this.rows = element("div", { class: "voice-rows" });
    this.swaps = element("div", { class: "swaps" });
    this.root = element("section", { class: "part-open voices", "aria-label": this.title }, this.rows, this.swaps);
  }

  // Made anew only where something is another, and never under the hands of somebody who types a name.
  show(speakers) {
    const key = JSON.stringify(speakers);
    if (key === this.key || this.isBeingNamed) return;
    this.key = key;
    this.rows.replaceChildren(...speakers.map((one, place) => this.row(one, place)));
    const pairs = speakers.flatMap((one, place) => speakers.slice(place + 1).map((other) => [one, other]));
    this.swaps.replaceChildren(
      ...pairs.map(([one, other]) => {
        const text = filled(this.texts.swap, { one: one.name, other: other.name });
        return button(text, () => this.swap(one.label, other.label), {}, text);
      }),
    );
  }

  get isBeingNamed() {
    const focused = this.root.getRootNode().activeElement;
    return Boolean(focused?.matches("input[type=text]")) && this.rows.contains(focused);
  }

  row({ label, name, role, sample }, place) {
    const field = element("input", {
      type: "text", value: name, maxlength: 60, "aria-label": filled(this.texts.name, { name }), autocomplete: "off", spellcheck: "false",
      onchange: () => this.name(label, field.value.trim()),
      onkeydown: (event) => {
        if (event.key === "Enter") field.blur();
        if (event.key !== "Escape") return;
        field.value = name;
        field.blur();
      },
    });
    const hear = button(filled(this.texts.hear_long, { name }), () => this.hear(sample), { disabled: sample === null }, this.texts.hear);
    const coach = element("input", {
      type: "checkbox", id: `coach-${place}`, checked: role === "coach", onchange: () => this.role(label, coach.checked ? "coach" : "partner"),
    });
    const label_ = element("label", { for: coach.id, title: filled(this.texts.coach_long, { name }) }, coach, this.texts.coach);
    const row = element("div", { class: "voice-row" }, field, hear, label_);
    row.style.setProperty("--voice", `var(--voice-${place})`);
    return row;
  }
}
