// A small menu beside what it is about: arrows move in it, Enter or a click chooses, Escape or a click elsewhere leaves.

import { element } from "./elements.js";

const EDGE = 8; // pixels, the least to the edge of the window

export class Menu {
  constructor() {
    this.root = element("div", { class: "menu", role: "menu", popover: "auto" });
    this.root.addEventListener("keydown", (event) => this.onKey(event));
    this.root.addEventListener("toggle", (event) => {
      if (event.newState === "closed") this.onClose?.();
    });
  }

  get isOpen() {
    return this.root.matches(":popover-open");
  }

  // items: [{label, press}]; beside: a DOMRect of the window.
  open(title, items, beside, onClose) {
    this.onClose = onClose;
    this.root.setAttribute("aria-label", title);
    this.root.replaceChildren(element("p", { class: "menu-title" }, title), ...items.map((item) => this.item(item)));
    this.root.showPopover();
    const { width, height } = this.root.getBoundingClientRect();
    const isBelow = beside.bottom + height + EDGE < window.innerHeight;
    this.root.style.left = `${Math.max(EDGE, Math.min(beside.left, window.innerWidth - width - EDGE))}px`;
    this.root.style.top = `${isBelow ? beside.bottom + 4 : Math.max(EDGE, beside.top - height - 4)}px`;
    this.items[0].focus();
  }

  get items() {
    return [...this.root.querySelectorAll("button")];
  }

  item({ label, press }) {
    const choose = () => {
      this.root.hidePopover();
      press();
    };
    return element("button", { type: "button", role: "menuitem", tabindex: "-1", onclick: choose }, label);
  }

  onKey(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    event.stopPropagation();
    if (event.key === "Tab") this.root.hidePopover();
    if (step === undefined) return;
    event.preventDefault();
    const place = this.items.indexOf(this.root.getRootNode().activeElement);
    this.items[(place + step + this.items.length) % this.items.length].focus();
  }
}
