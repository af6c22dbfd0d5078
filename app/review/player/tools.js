// What is folded away until somebody asks for it: a row of buttons, and beneath it the one part that is open.

import { button, element } from "./elements.js";

export class Tools {
  constructor(parts) {
    this.parts = parts; // each with a title, and a root to show
    this.buttons = parts.map((part, place) => {
      part.root.id = `tool-${place}`;
      part.root.hidden = true;
      return button(part.title, () => this.toggle(part), { class: "tool", "aria-expanded": "false", "aria-controls": part.root.id });
    });
    this.bar = element("div", { class: "tools" }, ...this.buttons);
    this.root = element("div", { class: "tool-parts" }, ...parts.map((part) => part.root));
  }

  toggle(part) {
    this.parts.forEach((one, place) => {
      one.root.hidden = one !== part || !one.root.hidden;
      this.buttons[place].setAttribute("aria-expanded", String(!one.root.hidden));
    });
  }

  rename(part, title) {
    const shown = this.buttons[this.parts.indexOf(part)];
    shown.textContent = title;
    shown.setAttribute("aria-label", title);
    shown.title = title;
  }
}
