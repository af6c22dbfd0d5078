// The player of the review app: draws first, then tells Python, which sends new data at every change.

import { Card } from "./card.js";
import { clock, filled } from "./elements.js";
import { arranged, makeFrame, showHeading, showPlaying } from "./frame.js";
import { keysOf, listenToKeys } from "./keys.js";
import { MomentChoice } from "./moment_choice.js";
import { Moments } from "./moments.js";
import { Outbox } from "./outbox.js";
import { Overview } from "./overview.js";
import { readPalette } from "./palette.js";
import { Playback } from "./playback.js";
import { PuttingRight } from "./putting_right.js";
import { fetchRecording } from "./recording.js";
import { SessionNote } from "./session_note.js";
import { keepSetting, readSettings } from "./settings.js";
import { Tools } from "./tools.js";
import { Transcript } from "./transcript.js";
import { View } from "./view.js";
import { Watch } from "./watch.js";
import { Voices } from "./voices.js";

export class Player {
  constructor(root, data) {
    this.root = root;
    this.data = data;
    this.texts = data.texts;
    this.settings = readSettings();
    this.outbox = new Outbox();
    this.moments = new Moments(data.session);
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
    this.view = new View(this.frame, data.duration);
    this.overview = new Overview(data.texts, data.duration, { goTo: (time) => this.listenAt(time), goToMoment: (place) => this.goToMoment(place) });
    this.transcript = new Transcript(data.texts, {
      play: (time) => this.listenAt(time, true),
      edit: () => this.playback.pause(),
      correct: (...word) => this.right.correct(...word),
      give: (line, beside) => this.right.askWhose(line, beside),
    });
    this.card = new Card(data.texts, {
      mark: (mark) => this.mark(mark),
      undo: () => this.undo(),
      note: (text, moment) => this.write(moment, { note: text }, { kind: "WriteNote", text }),
      writing: () => this.showSaved(),
      tag: (tags, moment) => this.write(moment, { tags }, { kind: "TagMoment", tags }),
      play: (time) => this.listenAt(time, true),
      remove: () => this.remove(),
    });
    const scene = { view: () => this.view.stretch, lanes: () => this.lanes(), speakers: () => this.data.speakers, duration: data.duration, ask: data.ask };
    this.right = new PuttingRight(data.texts, this.frame.stage, scene, {
      put: (edit, remember) => this.put(edit, remember),
      showLines: (...lines) => this.transcript.showLines(...lines),
      leave: () => this.transcript.root.focus({ preventScroll: true }),
    });
    this.choice = new MomentChoice(data.texts, data, { changed: () => this.chooseMoments() });
    this.voices = new Voices(data.texts, {
      name: (speaker, name) => this.put({ kind: "NameVoice", speaker, name }),
      role: (speaker, role) => this.put({ kind: "SetRole", speaker, role }),
      swap: (one, other) => this.put({ kind: "SwapVoices", one, other }),
      hear: (sample) => this.playback.hear(sample),
    });
    this.sessionNote = new SessionNote(data.texts, {
      write: (text) => this.put({ kind: "WriteNote", text, moment: null }),
      writing: () => this.showSaved(),
    });
    this.tools = new Tools([this.choice, this.voices, this.sessionNote]);
    this.tools.bar.append(this.frame.keys);
    this.overview.foot.append(this.tools.bar);
    root.replaceChildren(...arranged(this.frame, data.texts, this));
    this.stopKeys = listenToKeys(keysOf(this), () => !this.recording || this.frame.help.open || this.right.menu.isOpen);
    this.watcher = new ResizeObserver(() => this.redraw());
    this.watcher.observe(this.frame.stage);
    this.watch = new Watch(data.ask.written, { written: () => this.data.written, isIdle: () => this.isIdle, look: () => this.look() });
    this.leave = () => this.sendNotes();
    window.addEventListener("pagehide", this.leave);
  }

  // New data of Python's, or a new theme. What was written here and is on its way stays as it is.
  update(data) {
    const before = this.data;
    this.data = data;
    this.outbox.received(data.received);
    this.moments.take(data, this.outbox.isEmpty);
    this.names = new Map(data.speakers.map((one) => [one.label, one.name]));
    this.palette = readPalette(this.root, data.speakers);
    data.speakers.forEach((one, at) => this.root.style.setProperty(`--voice-${at}`, this.palette.voices.get(one.label)));
    this.voices.show(data.speakers);
    this.choice.setVoices(data.speakers);
    this.choice.setTags(this.moments.tags);
    this.card.tags.offer(data.tags);
    this.sessionNote.note.show(data.note);
    this.playback.load(data.media.audio);
    const hasNewVoices = JSON.stringify(before.speakers) !== JSON.stringify(data.speakers);
    if (this.recording && hasNewVoices) this.fillTranscript();
    this.chooseMoments();
    const addresses = `${data.media.tracks} ${data.media.words}`;
    if (this.fetching !== addresses) this.fetch(addresses);
  }

  async fetch(addresses) {
    this.fetching = addresses;
    try {
      const recording = await fetchRecording(this.data.media);
      if (this.fetching !== addresses) return; // put right once more meanwhile
      const isFirst = !this.recording;
      this.recording = recording;
      this.drawn = undefined;
      this.fillTranscript();
      if (isFirst) this.showMoment();
      else this.refresh();
    } catch (error) {
      this.fetching = undefined;
      this.frame.heading.textContent = filled(this.texts.player.failed, { reason: error.message });
      return;
    }
    this.root.dataset.ready = "true";
  }

  fillTranscript() {
    this.right.alike.leave();
    this.transcript.fill(this.recording.utterances, this.data.speakers);
    this.transcript.markMoment(this.moments.current);
  }

  // Show the moments that were chosen; where the one that was shown is not among them, the next.
  chooseMoments() {
    const isAnother = this.moments.choose(this.choice);
    this.tools.rename(this.choice, this.choice.title);
    this.overview.setMoments(this.moments.shown, this.names);
    if (!this.recording) return;
    if (isAnother) this.showMoment();
    else this.refresh();
  }

  refresh() {
    this.showCard();
    this.showHeading();
    this.redraw();
    this.showSaved();
  }

  showCard() {
    const { choice, player } = this.texts;
    this.card.show(this.moments.current, this.names, this.choice.isNarrow ? choice.none_why : player.no_moments_why);
  }

  step(by) {
    const place = this.moments.at + by;
    if (place >= 0 && place < this.moments.shown.length) this.goToMoment(place);
  }

  goToMoment(place) {
    this.sendNotes();
    this.told = undefined;
    this.moments.goTo(place);
    this.showMoment();
  }

  // The moment with its context: the lanes, the card, and the sound at its start.
  showMoment() {
    const { current, at } = this.moments;
    this.view.showMoment(current, this.settings);
    this.refresh();
    this.transcript.showMoment(current);
    this.playback.set(current ? this.view.stretch : null);
    this.playback.go(this.view.start);
    this.root.dataset.moment = String(at + 1);
  }

  showHeading() {
    const { current: moment, at, shown } = this.moments;
    const { choice, player } = this.texts;
    const name = moment && (this.names.get(moment.place.speaker) ?? moment.place.speaker);
    showHeading(this.frame, this.texts, { moment, name, at, all: shown.length, nothing: this.choice.isNarrow ? choice.none : player.no_moments });
    this.overview.choose(at);
  }

  redraw() {
    if (!this.recording) return;
    const { recording, palette, texts } = this;
    const { speakers, normals } = this.data;
    this.view.draw({ moment: this.moments.current, speakers: this.lanes(), normals, recording, palette, texts });
    const key = `${this.overview.strip.clientWidth} ${palette.ground} ${[...palette.voices.values()]}`;
    if (key !== this.drawn) this.overview.draw({ recording, speakers, palette });
    this.drawn = key;
    this.showTime(this.playback.time);
  }

  lanes() {
    return this.data.speakers.filter((one) => one.role === "partner" || this.recording?.voices.has(one.label));
  }

  showTime(time) {
    if (!this.recording) return;
    const { view, frame, playback } = this;
    const isOfTheStretch = playback.stretch && time < playback.stretch.end;
    if (playback.isPlaying && view.isLeftBehind(time) && !isOfTheStretch) this.moveView(time - 0.1 * view.length);
    view.place(time);
    const shown = `${clock(time)} / ${clock(this.data.duration)}`;
    if (frame.time.textContent !== shown) frame.time.textContent = shown;
    this.overview.place(time, view);
    this.transcript.follow(time, playback.isPlaying);
  }

  moveView(start) {
    this.view.move(start);
    this.redraw();
  }

  // Listen somewhere else than at the moment: the view goes there, too.
  listenAt(time, isToPlay = false) {
    if (!this.view.has(time)) this.moveView(time - 1);
    this.playback.go(time);
    this.transcript.follow(time, true);
    if (isToPlay && !this.playback.isPlaying) this.playback.play();
  }

  showPlaying() {
    showPlaying(this.frame, this.texts, this.playback.isPlaying);
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
    const moment = this.moments.current;
    if (!moment) return;
    const changed = moment.mark === mark ? null : mark; // the same key again takes the mark off
    this.write(moment, { mark: changed }, { kind: "MarkMoment", mark: changed });
  }

  write(moment, change, edit) {
    this.moments.change(moment, change);
    const { at, current } = this.moments;
    if (current) this.card.showWritten(current);
    if (current) this.overview.showMark(at, current.mark);
    this.put({ ...edit, moment: moment.place });
  }

  put(edit, remember) {
    this.told = undefined;
    if (edit.kind === "AddMoment" || edit.kind === "Undo") this.moments.expectAnother();
    this.outbox.put(edit, remember);
    this.showSaved();
  }

  withLine(ask) {
    const line = this.transcript.lineHere(this.playback.time);
    if (!line) return;
    line.shown.scrollIntoView({ block: "nearest" }); // at once, so that the menu opens where the line is
    ask(line, line.shown.firstChild.getBoundingClientRect());
  }

  remove() {
    const moment = this.moments.current;
    if (!moment) return;
    this.card.send();
    this.moments.remove(moment);
    this.put({ kind: "RemoveMoment", moment: moment.place });
    this.told = this.texts.by_hand.removed;
    this.chooseMoments();
  }

  sendNotes() {
    this.card.send();
    this.sessionNote.note.send();
  }

  // Whether all that was written here is on the disk, and nothing is under somebody's hands that new data would take away.
  get isIdle() {
    const { right, transcript, voices } = this;
    return this.isSaved && !right.menu.isOpen && !right.alike.isOpen && !transcript.editor.isOpen && !voices.isBeingNamed;
  }

  get isSaved() {
    return this.outbox.isEmpty && !this.card.note.isWriting && !this.sessionNote.note.isWriting;
  }

  // Only the library knows what was written last, in this tab or another: its answer is drawn when it comes.
  undo() {
    this.sendNotes();
    this.put({ kind: "Undo" });
  }

  showSaved() {
    const { unsaved, saved } = this.texts.player;
    const { isSaved } = this;
    this.root.dataset.saved = String(isSaved);
    this.card.showState(this.told ?? (isSaved ? (this.outbox.sent ? saved : "") : unsaved));
  }

  close() {
    this.stopKeys();
    this.watcher.disconnect();
    this.watch.close();
    window.removeEventListener("pagehide", this.leave);
    this.playback.close();
  }
}
