// The stretch of the session that the lanes show: that of a moment with its context, or wherever playback is.

import { drawLanes, laneArea } from "./lanes.js";

const PAGE_ON = 0.92; // of the view: where playback gets beyond, the view moves on
const WITHOUT_MOMENT = 30; // seconds shown where there is no moment

export class View {
  constructor({ lanes, stage, playhead }, duration) {
    Object.assign(this, { lanes, stage, playhead, duration });
    this.start = 0;
    this.end = 1;
  }

  // The moment and its reply, with `before` and `after` seconds of context.
  showMoment(moment, { before, after }) {
    const { place, reply } = moment ?? {};
    this.start = moment ? Math.max(0, Math.min(place.start, reply?.start ?? Infinity) - before) : 0;
    this.end = Math.min(this.duration, moment ? Math.max(place.end, reply?.end ?? 0) + after : WITHOUT_MOMENT);
  }

  get stretch() {
    return { start: this.start, end: this.end };
  }

  get length() {
    return this.end - this.start;
  }

  has(time) {
    return time >= this.start && time <= this.end;
  }

  isLeftBehind(time) {
    return time > this.start + PAGE_ON * this.length && this.end < this.duration;
  }

  move(start) {
    const { length } = this;
    this.start = Math.max(0, Math.min(start, this.duration - length));
    this.end = this.start + length;
  }

  draw(scene) {
    drawLanes(this.lanes, { ...scene, view: this.stretch });
  }

  place(time) {
    const { left, right } = laneArea(this.stage.clientWidth);
    this.playhead.hidden = !this.has(time);
    this.playhead.style.transform = `translateX(${left + ((time - this.start) / this.length) * (right - left)}px)`;
  }
}
