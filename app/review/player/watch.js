// Sees whether somebody wrote about the session in another tab: asks every few seconds while the page is in sight, and
// never while something of this tab is unsent or under somebody's hands.

const EVERY = 2000; // milliseconds

export class Watch {
  // written(): the state of the edits that is shown here; isIdle(): whether new data may come; look(): ask for them
  constructor(address, calls) {
    Object.assign(this, { address, ...calls });
    this.timer = setInterval(() => this.ask(), EVERY);
    this.onSight = () => this.ask();
    document.addEventListener("visibilitychange", this.onSight);
  }

  get mayAsk() {
    return document.visibilityState === "visible" && this.isIdle();
  }

  async ask() {
    if (!this.mayAsk || this.isAsking) return;
    this.isAsking = true;
    try {
      const answer = await fetch(this.address, { credentials: "same-origin", cache: "no-store" });
      // A session that is there no more has no state: the page that comes then says so.
      const state = answer.ok ? await answer.json() : null;
      if (state !== this.written() && this.mayAsk) this.look();
    } catch {
      // the server is away: it is asked again
    } finally {
      this.isAsking = false;
    }
  }

  close() {
    clearInterval(this.timer);
    document.removeEventListener("visibilitychange", this.onSight);
  }
}
