// Sound: play, pause, loop, stop where the moment ends. Tells the time at every frame while it plays.

const AT_END = 0.06; // seconds before the end that count as there

export class Playback {
  constructor(onTime, onState) {
    this.audio = new Audio();
    this.audio.preload = "metadata"; // an hour is 18 MB: only what is played is fetched
    this.audio.preservesPitch = true;
    this.stretch = null; // {start, end}: what is played, then stopped or looped
    this.loops = false;
    this.onTime = onTime;
    this.audio.addEventListener("play", () => { onState(); this.follow(); });
    this.audio.addEventListener("pause", () => { this.hearsUntil = undefined; onState(); });
    this.audio.addEventListener("seeked", () => onTime(this.time));
    this.audio.addEventListener("timeupdate", () => this.tick()); // where no frames are drawn: a tab in the background
  }

  load(address) {
    if (this.audio.getAttribute("src") !== address) this.audio.src = address;
  }

  get time() {
    return this.audio.currentTime;
  }

  get isPlaying() {
    return !this.audio.paused;
  }

  set speed(rate) {
    this.audio.defaultPlaybackRate = this.audio.playbackRate = rate;
  }

  // Play from one time to another, whatever stretch is set.
  hear({ start, end }) {
    this.go(start);
    this.hearsUntil = end;
    this.audio.play().catch(() => {});
  }

  go(time) {
    this.hearsUntil = undefined;
    this.audio.currentTime = Math.max(0, time);
    this.onTime(Math.max(0, time));
  }

  play() {
    const { stretch, time } = this;
    if (stretch && this.loops && (time < stretch.start || time >= stretch.end - AT_END)) this.go(stretch.start);
    this.stopsAt = stretch && time >= stretch.start && time < stretch.end - AT_END ? stretch.end : Infinity;
    this.audio.play().catch(() => {}); // the browser may refuse before the first click; the button still says Play
  }

  toggle() {
    if (this.isPlaying) this.audio.pause();
    else this.play();
  }

  pause() {
    this.audio.pause();
  }

  set(stretch) {
    this.stretch = stretch;
    this.stopsAt = stretch ? stretch.end : Infinity;
  }

  tick() {
    const { stretch, time, hearsUntil } = this;
    if (this.isPlaying && hearsUntil !== undefined) {
      if (time >= hearsUntil) this.audio.pause();
    } else if (this.isPlaying && stretch && this.loops && time >= stretch.end) this.go(stretch.start);
    else if (this.isPlaying && time >= this.stopsAt) {
      this.audio.pause();
      this.stopsAt = Infinity;
    }
    this.onTime(this.time);
  }

  follow() {
    if (!this.isPlaying) return;
    this.tick();
    this.frame = requestAnimationFrame(() => this.follow());
  }

  close() {
    cancelAnimationFrame(this.frame);
    this.audio.pause();
    this.audio.removeAttribute("src");
    this.audio.load();
  }
}
