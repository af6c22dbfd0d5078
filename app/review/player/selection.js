// A stretch of a voice that somebody draws with Shift held over its lane.

import { element } from "./elements.js";
import { laneArea, laneAt } from "./lanes.js";

const SHORTEST = 0.2; // seconds; less is a click

export class Selection {
  constructor(stage, { view, lanes, select }) {
    this.stage = stage;
    this.view = view;
    this.lanes = lanes;
    this.shown = element("div", { class: "selection", hidden: true });
    stage.append(this.shown);
    stage.addEventListener("pointerdown", (event) => {
      if (event.shiftKey && event.button === 0) this.draw(event, select);
    });
  }

  draw(event, select) {
    event.preventDefault();
    const box = this.stage.getBoundingClientRect();
    const lane = laneAt(box.height, this.lanes(), event.clientY - box.top);
    if (lane === null) return;
    const from = this.timeAt(event.clientX - box.left);
    let stretch = { start: from, end: from };
    this.stage.setPointerCapture(event.pointerId);
    const move = (moved) => {
      const to = this.timeAt(moved.clientX - box.left);
      stretch = { start: Math.min(from, to), end: Math.max(from, to) };
      this.show(stretch, lane);
    };
    const end = () => {
      this.stage.removeEventListener("pointermove", move);
      if (stretch.end - stretch.start < SHORTEST) this.hide();
      else requestAnimationFrame(() => select(stretch, lane.place, this.shown.getBoundingClientRect())); // the pointer that goes up would close a menu
    };
    this.stage.addEventListener("pointermove", move);
    this.stage.addEventListener("lostpointercapture", end, { once: true });
  }

  show({ start, end }, { top, height }) {
    const { left, right } = laneArea(this.stage.clientWidth);
    const view = this.view();
    const at = (time) => left + ((time - view.start) / (view.end - view.start)) * (right - left);
    this.shown.hidden = false;
    Object.assign(this.shown.style, { left: `${at(start)}px`, width: `${at(end) - at(start)}px`, top: `${top}px`, height: `${height}px` });
  }

  hide() {
    this.shown.hidden = true;
  }

  timeAt(x) {
    const { left, right } = laneArea(this.stage.clientWidth);
    const { start, end } = this.view();
    return start + Math.min(1, Math.max(0, (x - left) / (right - left))) * (end - start);
  }
}
