// A session's tracks and words, fetched once. The form of the tracks stands in app/analysing/review_media.py.

const NOT_HEARD = -128;
const PITCH_STEPS = 10; // a hertz

export async function fetchRecording(media) {
  const [tracks, words] = await Promise.all([fetched(media.tracks), fetched(media.words)]);
  return { ...readTracks(await tracks.arrayBuffer()), utterances: await words.json() };
}

async function fetched(address) {
  const answer = await fetch(address, { credentials: "same-origin", cache: "no-store" });
  if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
  return answer;
}

function readTracks(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  const { frames, speakers } = header;
  let offset = 4 + length;
  const next = (Kind) => {
    const values = new Kind(buffer, offset, frames);
    offset += values.byteLength;
    return values;
  };
  const pitch = speakers.map(() => next(Uint16Array));
  const [low, high] = [next(Int8Array), next(Int8Array)];
  const loudness = speakers.map(() => next(Int8Array));
  const voices = new Map(speakers.map((name, i) => [name, { pitch: pitch[i], loudness: loudness[i] }]));
  return { frame: header.frame, frames, low, high, voices };
}

export function isHeard(voice, frame) {
  return voice.loudness[frame] !== NOT_HEARD;
}

// Semitones re 100 Hz, NaN where there is no pitch.
export function semitones(voice, frame) {
  const steps = voice.pitch[frame];
  return steps ? 12 * Math.log2(steps / PITCH_STEPS / 100) : NaN;
}

// A normal that changes slowly, at a time in seconds.
export function normalAt(normal, time) {
  const place = Math.min(Math.max(0, time / normal.every), normal.centre.length - 1);
  const before = Math.floor(place);
  const after = Math.min(before + 1, normal.centre.length - 1);
  return normal.centre[before] + (place - before) * (normal.centre[after] - normal.centre[before]);
}
