// The player of the review app: draws first, then tells Python. Python calls `show` again at every change of its data.

import { Card } from "./card.js";
import { clock, element, filled } from "./elements.js";
import { makeFrame, showHeading } from "./frame.js";
import { listenToKeys } from "./keys.js";
import { drawLanes, laneArea } from "./lanes.js";
import { Outbox } from "./outbox.js";
import { Overview } from "./overview.js";
import { readPalette } from "./palette.js";
import { Playback } from "./playback.js";
import { fetchRecording } from "./recording.js";
import { keepPlace, keepSetting, readPlace, readSettings } from "./settings.js";
import { Transcript } from "./transcript.js";

const players = new WeakMap(); // by the element that Streamlit gave
const PAGE_ON = 0.92; // of the view: where playback gets beyond, the view moves on

export function show({ data, parentElement, setStateValue }) {
  let player = players.get(parentElement);
  if (!player) {
    player = new Player(parentElement.querySelector(".player"), data);
    players.set(parentElement, player);
  }
  player.outbox.send = (letters) => setStateValue("outbox", letters);
  player.update(data);
  return () => {
    player.close();
    players.delete(parentElement);
  };
}

class Player {
  constructor(root, data) {
    this.root = root;
    this.data = data;
    this.texts = data.texts;
    this.settings = readSettings();
    this.outbox = new Outbox();
    this.at = readPlace(data.session);
    this.view = { start: 0, end: 1 };
    this.playback = new Playback((time) => this.showTime(time), () => this.showPlaying());
    this.playback.speed = this.settings.speed;
    this.frame = makeFrame(data.texts, {
      previous: () => this.step(-1),
      next: () => this.step(1),
      toggle: () => this.playback.toggle(),
      loop: () => this.toggleLoop(),
      speed: (rate) => this.setSpeed(rate),
      context: (side, seconds) => this.setContext(side, seconds),
    });
    this.overview = new Overview(data.texts, data.duration, { goTo: (time) => this.listenAt(time), goToMoment: (place) => this.goToMoment(place) });
    this.transcript = new Transcript(data.texts, { play: (time) => this.listenAt(time, true) });
    this.card = new Card(data.texts, {
      mark: (mark) => this.mark(mark),
      undo: () => this.undo(),
      note: (text) => this.write({ note: text }, { kind: "WriteNote", text }),
      writing: () => this.showSaved(),
      play: (time) => this.listenAt(time, true),
    });
    this.build();
    this.stopKeys = listenToKeys(this.keys(), () => !this.recording || this.frame.help.open);
    this.watcher = new ResizeObserver(() => this.redraw());
    this.watcher.observe(this.frame.stage);
    this.leave = () => this.card.sendNote();
    window.addEventListener("pagehide", this.leave);
  }

  build() {
    const { frame, texts } = this;
    const heading = element("h3", { class: "part" }, texts.player.transcript);
    const listening = element("div", { class: "listening" }, frame.stage, frame.controls);
    const reading = element("div", { class: "reading" }, heading, this.transcript.root);
    this.root.replaceChildren(
      frame.head,
      frame.spoken,
      this.overview.root,
      element("div", { class: "columns" }, listening, this.card.root, reading),
      frame.help,
    );
    frame.heading.textContent = texts.player.loading;
  }

  keys() {
    const [next, previous] = [{ press: () => this.step(1), repeats: true }, { press: () => this.step(-1), repeats: true }];
    return {
      ArrowRight: next,
      j: next,
      ArrowLeft: previous,
      k: previous,
      " ": { press: () => this.playback.toggle() },
      l: { press: () => this.toggleLoop() },
      a: { press: () => this.mark("agree") },
      d: { press: () => this.mark("dismiss") },
      u: { press: () => this.mark("unsure") },
      z: { press: () => this.undo() },
      "?": { press: () => this.frame.help.showModal() },
    };
  }

  // New data of Python's, or a new theme. What was written here and is on its way stays as it is.
  update(data) {
    const before = this.data;
    this.data = data;
    this.outbox.received(data.received);
    const written = new Map(this.outbox.isEmpty ? [] : (this.moments ?? []).map((one) => [placeName(one), one]));
    const place = new Map(data.speakers.map((one, at) => [one.label, at]));
    const current = this.moments?.[this.at];
    this.moments = data.moments.map((moment) => {
      const { mark, note } = written.get(placeName(moment)) ?? moment;
      return { ...moment, mark, note, voice: place.get(moment.place.speaker) ?? 0 };
    });
    this.names = new Map(data.speakers.map((one) => [one.label, one.name]));
    this.overview.setMoments(this.moments, this.names);
    if (current) this.at = this.moments.findIndex((one) => placeName(one) === placeName(current));
    this.at = Math.min(Math.max(0, this.at), Math.max(0, this.moments.length - 1));
    this.palette = readPalette(this.root, data.speakers);
    data.speakers.forEach((one, at) => this.root.style.setProperty(`--voice-${at}`, this.palette.voices.get(one.label)));
    this.playback.load(data.media.audio);
    const isElsewhere = !current || !this.moments.length || placeName(this.moments[this.at]) !== placeName(current);
    if (!this.recording || before.media.tracks !== data.media.tracks || before.media.words !== data.media.words) this.fetch();
    else if (isElsewhere) this.showMoment();
    else this.refresh(JSON.stringify(before.speakers) !== JSON.stringify(data.speakers));
  }

  async fetch() {
    try {
      this.recording = await fetchRecording(this.data.media);
    } catch (error) {
      this.frame.heading.textContent = filled(this.texts.player.failed, { reason: error.message });
      return;
    }
    this.transcript.fill(this.recording.utterances, this.data.speakers);
    this.showMoment();
    this.root.dataset.ready = "true";
  }

  refresh(hasNewVoices) {
    if (hasNewVoices) this.transcript.fill(this.recording.utterances, this.data.speakers);
    this.card.show(this.moments[this.at], this.names);
    this.showHeading();
    this.redraw();
    this.showSaved();
  }

  step(by) {
    const place = this.at + by;
    if (place >= 0 && place < this.moments.length) this.goToMoment(place);
  }

  goToMoment(place) {
    this.card.sendNote();
    this.at = place;
    keepPlace(this.data.session, place);
    this.showMoment();
  }

  // The moment with its context: the lanes, the card, and the sound at its start.
  showMoment() {
    const moment = this.moments[this.at];
    this.view = moment ? this.stretch(moment) : { start: 0, end: Math.min(30, this.data.duration) };
    this.card.show(moment, this.names);
    this.showHeading();
    this.redraw();
    this.showSaved();
    this.transcript.showMoment(moment);
    this.playback.set(moment ? this.view : null);
    this.playback.go(Math.max(0, this.view.start));
    this.root.dataset.moment = String(this.at + 1);
  }

  stretch({ place, reply }) {
    const { before, after } = this.settings;
    const end = Math.max(place.end, reply?.end ?? 0) + after;
    return { start: Math.max(0, Math.min(place.start, reply?.start ?? Infinity) - before), end: Math.min(end, this.data.duration) };
  }

  showHeading() {
    const moment = this.moments[this.at];
    const name = moment && (this.names.get(moment.place.speaker) ?? moment.place.speaker);
    showHeading(this.frame, this.texts, { moment, name, at: this.at, all: this.moments.length });
    this.overview.choose(this.at);
  }

  redraw() {
    if (!this.recording) return;
    const { speakers, normals } = this.data;
    const { recording, palette, view, texts } = this;
    const voices = speakers.filter((one) => one.role === "partner" || recording.voices.has(one.label));
    drawLanes(this.frame.lanes, { view, moment: this.moments[this.at], speakers: voices, normals, recording, palette, texts });
    const key = `${this.overview.strip.clientWidth} ${palette.ground} ${[...palette.voices.values()]}`;
    if (key !== this.drawn) this.overview.draw({ recording, speakers, palette });
    this.drawn = key;
    this.showTime(this.playback.time);
  }

  showTime(time) {
    if (!this.recording) return;
    const { view, frame } = this;
    const length = view.end - view.start;
    const isBeyond = time > view.start + PAGE_ON * length && view.end < this.data.duration;
    if (this.playback.isPlaying && isBeyond && !(this.playback.stretch && time < this.playback.stretch.end)) this.moveView(time - 0.1 * length);
    const { left, right } = laneArea(frame.stage.clientWidth);
    const share = (time - this.view.start) / length;
    frame.playhead.hidden = share < 0 || share > 1;
    frame.playhead.style.transform = `translateX(${left + share * (right - left)}px)`;
    const shown = `${clock(time)} / ${clock(this.data.duration)}`;
    if (frame.time.textContent !== shown) frame.time.textContent = shown;
    this.overview.place(time, this.view);
    this.transcript.follow(time, this.playback.isPlaying);
  }

  moveView(start) {
    const length = this.view.end - this.view.start;
    const from = Math.max(0, Math.min(start, this.data.duration - length));
    this.view = { start: from, end: from + length };
    this.redraw();
  }

  // Listen somewhere else than at the moment: the view goes there, too.
  listenAt(time, isToPlay = false) {
    if (time < this.view.start || time > this.view.end) this.moveView(time - 1);
    this.playback.go(time);
    this.transcript.follow(time, true);
    if (isToPlay && !this.playback.isPlaying) this.playback.play();
  }

  showPlaying() {
    const { play } = this.frame;
    const text = this.playback.isPlaying ? this.texts.player.pause : this.texts.player.play;
    play.textContent = text;
    play.setAttribute("aria-label", text);
    play.title = text;
    this.root.dataset.playing = String(this.playback.isPlaying);
  }

  toggleLoop() {
    this.playback.loops = !this.playback.loops;
    this.frame.loop.setAttribute("aria-pressed", String(this.playback.loops));
  }

  setSpeed(rate) {
    this.playback.speed = rate;
    keepSetting("speed", rate);
  }

  setContext(side, seconds) {
    this.settings[side] = seconds;
    keepSetting(side, seconds);
    this.showMoment();
  }

  mark(mark) {
    const moment = this.moments[this.at];
    if (!moment) return;
    const changed = moment.mark === mark ? null : mark; // the same key again takes the mark off
    this.write({ mark: changed }, { kind: "MarkMoment", mark: changed });
  }

  write(change, edit) {
    const moment = this.moments[this.at];
    if (!moment) return;
    Object.assign(moment, change);
    this.card.showWritten(moment);
    this.overview.showMark(this.at, moment.mark);
    this.outbox.put({ ...edit, moment: moment.place });
    this.showSaved();
  }

  // Only the library knows what was written last, in this tab or another: its answer is drawn when it comes.
  undo() {
    this.card.sendNote();
    this.outbox.put({ kind: "Undo" });
    this.showSaved();
  }

  showSaved() {
    const { unsaved, saved } = this.texts.player;
    const isSaved = this.outbox.isEmpty && !this.card.isWriting;
    this.root.dataset.saved = String(isSaved);
    this.card.showState(isSaved ? (this.outbox.sent ? saved : "") : unsaved);
  }

  close() {
    this.stopKeys();
    this.watcher.disconnect();
    window.removeEventListener("pagehide", this.leave);
    this.playback.close();
  }
}

function placeName({ place }) {
  return `${place.speaker} ${place.kind} ${place.start}`;
}
