// The moments of a session: all that Python told, those that are shown, and the one that somebody is at. What was marked
// or removed here counts at once, until Python's answer has it.

import { keepPlace, readPlace } from "./settings.js";

export class Moments {
  constructor(session) {
    this.session = session;
    this.at = readPlace(session);
    this.all = [];
    this.shown = [];
    this.removed = new Set();
  }

  get current() {
    return this.shown[this.at];
  }

  // isSettled: nothing that was written here is on its way, so what Python told is all there is.
  take({ moments, speakers }, isSettled) {
    if (isSettled) this.removed.clear();
    const written = new Map(isSettled ? [] : this.all.map((one) => [nameOf(one), one]));
    const voices = new Map(speakers.map((one, place) => [one.label, place]));
    this.isSettled = isSettled;
    this.all = moments
      .filter((one) => !this.removed.has(nameOf(one)))
      .map((moment) => {
        const { mark, note, tags } = written.get(nameOf(moment)) ?? moment;
        return { ...moment, mark, note, tags, voice: voices.get(moment.place.speaker) ?? 0 };
      });
  }

  // Show those that `choice` leaves; says whether another is current than before.
  choose(choice) {
    const before = this.current;
    this.shown = choice.shown(this.all);
    this.at = this.placeAfter(before);
    return nameOf(this.current) !== nameOf(before);
  }

  goTo(place) {
    this.at = place;
    keepPlace(this.session, place);
  }

  // The next answer of Python's may have a moment that is not here now: then that is the one to be at.
  expectAnother() {
    this.known = new Set(this.all.map(nameOf));
  }

  // Something was written about a moment, which may have been told of anew since.
  change(moment, written) {
    const known = this.all.find((one) => nameOf(one) === nameOf(moment));
    if (known) Object.assign(known, written);
  }

  // The tags of all of them, in the order of the alphabet.
  get tags() {
    return [...new Set(this.all.flatMap((one) => one.tags))].sort((one, other) => one.localeCompare(other));
  }

  remove(moment) {
    this.removed.add(nameOf(moment));
    this.all = this.all.filter((one) => one !== moment);
  }

  // Where to be after `before`: at what was expected, at the same moment, else at the next.
  placeAfter(before) {
    const last = Math.max(0, this.shown.length - 1);
    const isAnswer = this.known && this.isSettled;
    const another = isAnswer ? this.shown.findIndex((one) => !this.known.has(nameOf(one))) : -1;
    if (isAnswer) this.known = undefined;
    if (another >= 0) return another;
    if (!before) return Math.min(Math.max(0, this.at), last);
    const same = this.shown.findIndex((one) => nameOf(one) === nameOf(before));
    const next = this.shown.findIndex((one) => one.place.start >= before.place.start);
    return same >= 0 ? same : next >= 0 ? next : last;
  }
}

export function nameOf(moment) {
  return moment ? `${moment.place.speaker} ${moment.place.kind} ${moment.place.start}` : undefined;
}
