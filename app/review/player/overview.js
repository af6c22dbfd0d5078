// The whole session as a strip: who is heard when, every moment as a mark, where we are. A click goes there.

import { layInRows } from "./bead_rows.js";
import { clock, element, filled, shape } from "./elements.js";
import { freshCanvas, rem } from "./palette.js";
import { isHeard } from "./recording.js";

export class Overview {
  constructor(texts, duration, { goTo, goToMoment }) {
    this.texts = texts;
    this.duration = duration;
    this.goToMoment = goToMoment;
    this.canvas = element("canvas", { "aria-hidden": "true" });
    this.window = element("div", { class: "window" });
    this.playhead = element("div", { class: "playhead" });
    this.marks = element("div", { class: "marks" });
    this.strip = element("div", { class: "strip" }, this.canvas, this.window, this.playhead);
    const legend = element("p", { class: "legend", "aria-hidden": "true" }, ...Object.entries(texts.verdicts).map(([verdict, said]) => element("span", {}, shape(verdict), said)));
    this.foot = element("div", { class: "foot" }, legend);
    this.root = element(
      "div",
      { class: "overview", role: "group", "aria-label": texts.player.overview_long, title: texts.player.overview_long },
      this.marks,
      this.strip,
      this.foot,
    );
    this.strip.addEventListener("pointerdown", (event) => {
      const { left, width } = this.strip.getBoundingClientRect();
      goTo(((event.clientX - left) / width) * this.duration);
    });
  }

  draw({ recording, speakers, palette }) {
    this.layMarks(); // there may be another width
    const { context, width, height } = freshCanvas(this.canvas);
    const middle = height / 2;
    const voices = speakers.map((one) => [recording.voices.get(one.label), palette.voices.get(one.label)]);
    for (let column = 0; column < width; column++) {
      const first = Math.floor((column / width) * recording.frames);
      const last = Math.max(first + 1, Math.floor(((column + 1) / width) * recording.frames));
      const { low, high, heard } = columnOf(recording, voices, first, last);
      context.fillStyle = heard ?? palette.ink;
      context.globalAlpha = heard ? 0.85 : 0.2;
      context.fillRect(column, middle - (high * middle) / 128, 1, Math.max(1, ((high - low) * middle) / 128));
    }
  }

  // One mark a moment, made anew only when there are other moments or names.
  setMoments(moments, names) {
    const key = JSON.stringify([moments.map((one) => [one.place, one.verdict, one.voice]), [...names], this.duration]);
    if (key !== this.key) {
      this.marks.replaceChildren(...moments.map((moment, place) => this.mark(moment, place, names)));
      this.places = moments.map((moment) => moment.place.start / this.duration);
      this.layMarks();
    }
    this.key = key;
    this.chosen = undefined;
    moments.forEach((moment, place) => this.showMark(place, moment.mark));
  }

  layMarks() {
    layInRows(this.marks, [...this.marks.children], this.places ?? [], rem());
  }

  showMark(place, mark) {
    const shown = this.marks.children[place];
    for (const name of ["agree", "dismiss", "unsure"]) shown.classList.toggle(name, name === mark);
  }

  choose(place) {
    this.chosen?.removeAttribute("aria-current");
    this.chosen = this.marks.children[place];
    this.chosen?.setAttribute("aria-current", "true");
  }

  mark(moment, place, name) {
    const { kinds, verdicts, player } = this.texts;
    const what = filled(player.subtitle, {
      time: clock(moment.place.start),
      name: name.get(moment.place.speaker) ?? moment.place.speaker,
      kind: kinds[moment.place.kind] ?? moment.place.kind,
    });
    // The keys step through the moments, so the marks are for the pointer and need no place in the order of Tab.
    const made = element(
      "button",
      {
        type: "button",
        class: "mark",
        tabindex: "-1",
        title: `${what}: ${verdicts[moment.verdict]}`,
        "aria-label": `${what}: ${verdicts[moment.verdict]}`,
        onpointerdown: (event) => event.preventDefault(),
        onclick: () => this.goToMoment(place),
      },
      shape(moment.verdict),
    );
    made.style.left = `${(100 * moment.place.start) / this.duration}%`;
    made.style.setProperty("--voice", `var(--voice-${moment.voice})`);
    return made;
  }

  place(time, view) {
    this.playhead.style.left = `${(100 * time) / this.duration}%`;
    this.window.style.left = `${(100 * Math.max(0, view.start)) / this.duration}%`;
    this.window.style.width = `${(100 * (view.end - Math.max(0, view.start))) / this.duration}%`;
  }
}

function columnOf(recording, voices, first, last) {
  let [low, high, most, heard] = [0, 0, 0, null];
  const counts = voices.map(() => 0);
  for (let frame = first; frame < last; frame++) {
    low = Math.min(low, recording.low[frame]);
    high = Math.max(high, recording.high[frame]);
    voices.forEach(([voice], place) => {
      if (voice && isHeard(voice, frame)) counts[place]++;
    });
  }
  counts.forEach((count, place) => {
    if (count > most) [most, heard] = [count, voices[place][1]];
  });
  return { low, high, heard };
}
