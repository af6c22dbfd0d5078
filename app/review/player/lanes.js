// Two lanes, one a voice: pitch around its own normal, then sound and loudness. The shift is shaded, the reply outlined.

import { freshCanvas, rem } from "./palette.js";
import { clock, filled } from "./elements.js";
import { isHeard, normalAt, semitones } from "./recording.js";

const GUTTER = 5.5; // rem, left of the lanes: the name and the scale
const MOST_LANES = 3;
const AXIS = 1.6; // rem, beneath the lanes
const GAP = 0.7; // rem, between two lanes
const LOWEST = -9; // semitones from the voice's own normal
const HIGHEST = 11;
const GRID = [-6, 6]; // semitones
const SOFTEST = -22; // dB from the voice's own normal
const LOUDEST = 14;
const LONGEST_JUMP = 7; // semitones between frames; beyond, a line would join two voices' octaves
const SMOOTHED = 10; // frames before and after, of loudness: a syllable
const PITCH_SHARE = 0.56; // of a lane's height
const TICKS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600]; // seconds
const TICK_WIDTH = 5; // rem, the least between two

export function laneArea(width) {
  return { left: GUTTER * rem(), right: width - 0.5 * rem() };
}

// The lane at a height of the canvas: its place from the top, and where it lies; null between two and beneath them.
export function laneAt(canvasHeight, count, y) {
  const height = laneHeightOf(canvasHeight, Math.min(count, MOST_LANES));
  const place = Math.floor(y / (height + GAP * rem()));
  const top = place * (height + GAP * rem());
  return place < Math.min(count, MOST_LANES) && y - top <= height ? { place, top, height } : null;
}

export function drawLanes(canvas, scene) {
  const { context, width, height } = freshCanvas(canvas);
  const unit = rem();
  const { left, right } = laneArea(width);
  const { view } = scene;
  const x = (time) => left + ((time - view.start) / (view.end - view.start)) * (right - left);
  const voices = scene.speakers.slice(0, MOST_LANES);
  const laneHeight = laneHeightOf(height, voices.length);
  context.font = `${0.875 * unit}px ${scene.palette.font}`;
  voices.forEach((speaker, place) => {
    const top = place * (laneHeight + GAP * unit);
    const box = { left, right, top, bottom: top + laneHeight, x, unit };
    drawLane(context, scene, speaker, box);
  });
  drawAxis(context, scene, { x, top: height - AXIS * unit, unit, width: right - left });
}

function laneHeightOf(height, count) {
  return (height - AXIS * rem() - GAP * rem() * (count - 1)) / count;
}

function drawLane(context, scene, speaker, box) {
  const { palette, recording, moment } = scene;
  const colour = palette.voices.get(speaker.label);
  const voice = recording.voices.get(speaker.label);
  const normals = scene.normals[speaker.label] ?? {};
  const header = box.top + 1.7 * box.unit;
  const middle = header + (box.bottom - header) * PITCH_SHARE;
  context.fillStyle = faint(palette.ink, 0.05);
  context.fillRect(box.left, box.top, box.right - box.left, box.bottom - box.top);
  nameLane(context, palette, speaker.name, box, colour);
  if (moment && moment.place.speaker === speaker.label) shade(context, scene, box, moment, colour);
  if (voice) {
    const pitchBox = { ...box, top: header, bottom: middle };
    const soundBox = { ...box, top: middle + 0.2 * box.unit, bottom: box.bottom - 0.2 * box.unit };
    drawScale(context, scene, pitchBox, soundBox, normals.pitch, colour);
    clipped(context, pitchBox, () => drawPitch(context, scene, pitchBox, voice, normals.pitch, colour));
    clipped(context, soundBox, () => drawSound(context, scene, soundBox, voice, normals.loudness, colour));
  }
  if (moment?.reply?.speaker === speaker.label) outline(context, scene, box, moment.reply, colour);
}

function nameLane(context, palette, name, box, colour) {
  context.fillStyle = colour;
  context.fillRect(box.left - 0.3 * box.unit, box.top, 0.3 * box.unit, box.bottom - box.top);
  context.fillStyle = palette.ink;
  context.font = `600 ${1.125 * box.unit}px ${palette.font}`;
  context.textBaseline = "middle";
  context.textAlign = "right";
  context.fillText(name, box.left - 0.7 * box.unit, box.top + 0.95 * box.unit, box.left - 0.7 * box.unit);
}

function shade(context, scene, box, moment, colour) {
  const [from, to] = [box.x(moment.place.start), box.x(moment.place.end)];
  context.fillStyle = faint(colour, scene.palette.isDark ? 0.28 : 0.18);
  context.fillRect(from, box.top, Math.max(2, to - from), box.bottom - box.top);
  label(context, scene, box, from, scene.texts.kinds[moment.place.kind] ?? moment.place.kind);
}

function outline(context, scene, box, reply, colour) {
  const [from, to] = [box.x(reply.start), box.x(reply.end)];
  context.strokeStyle = colour;
  context.lineWidth = 2.5;
  context.setLineDash([7, 5]);
  context.strokeRect(from, box.top + 1.5, Math.max(3, to - from), box.bottom - box.top - 3);
  context.setLineDash([]);
  label(context, scene, box, from, scene.texts.lanes.reply);
}

function label(context, scene, box, at, text) {
  context.fillStyle = scene.palette.ink;
  context.font = `600 ${box.unit}px ${scene.palette.font}`;
  context.textBaseline = "middle";
  context.textAlign = "left";
  const widest = box.right - context.measureText(text).width - 0.3 * box.unit;
  context.fillText(text, Math.max(box.left, Math.min(at + 0.5 * box.unit, widest)), box.top + 0.95 * box.unit);
}

function drawScale(context, scene, pitchBox, soundBox, normal, colour) {
  const y = heightOf(pitchBox, LOWEST, HIGHEST);
  const { texts, palette } = scene;
  if (normal) {
    context.fillStyle = faint(colour, palette.isDark ? 0.26 : 0.16);
    context.fillRect(pitchBox.left, y(normal.spread), pitchBox.right - pitchBox.left, y(-normal.spread) - y(normal.spread));
  }
  context.strokeStyle = faint(palette.ink, 0.14);
  context.lineWidth = 1;
  for (const line of GRID) level(context, pitchBox, y(line));
  context.fillStyle = faint(palette.ink, 0.78);
  context.textAlign = "right";
  context.textBaseline = "middle";
  context.font = `${0.85 * pitchBox.unit}px ${palette.font}`;
  const edge = pitchBox.left - 0.7 * pitchBox.unit;
  for (const line of GRID) {
    context.fillText(filled(texts.lanes.semitones, { n: line > 0 ? `+${line}` : `−${-line}` }), edge, y(line));
  }
  context.fillText(texts.lanes.normal, edge, y(0));
  context.fillText(texts.lanes.sound, edge, (soundBox.top + soundBox.bottom) / 2);
}

function drawPitch(context, scene, box, voice, normal, colour) {
  const y = heightOf(box, LOWEST, HIGHEST);
  context.strokeStyle = colour;
  context.lineWidth = 2.5;
  context.lineJoin = "round";
  context.lineCap = "round";
  context.beginPath();
  let before = NaN;
  for (const frame of framesOf(scene)) {
    const time = frame * scene.recording.frame;
    const offset = semitones(voice, frame) - (normal ? normalAt(normal, time) : 0);
    if (Math.abs(offset - before) <= LONGEST_JUMP) context.lineTo(box.x(time), y(offset));
    else if (!Number.isNaN(offset)) context.moveTo(box.x(time), y(offset));
    before = offset;
  }
  context.stroke();
}

function drawSound(context, scene, box, voice, normal, colour) {
  const { recording } = scene;
  const centre = (box.top + box.bottom) / 2;
  const half = (box.bottom - box.top) / 2 / 128;
  context.fillStyle = faint(colour, 0.38);
  const columns = new Map();
  for (const frame of framesOf(scene)) {
    if (!isHeard(voice, frame)) continue;
    const column = Math.round(box.x(frame * recording.frame));
    const [low, high] = columns.get(column) ?? [0, 0];
    columns.set(column, [Math.min(low, recording.low[frame]), Math.max(high, recording.high[frame])]);
  }
  const step = Math.max(1, Math.ceil(box.x(recording.frame) - box.x(0)));
  for (const [column, [low, high]] of columns) {
    context.fillRect(column, centre - high * half, step, Math.max(1, (high - low) * half));
  }
  drawLoudness(context, scene, box, voice, normal, colour);
}

function drawLoudness(context, scene, box, voice, normal, colour) {
  const y = heightOf(box, SOFTEST, LOUDEST);
  context.strokeStyle = colour;
  context.lineWidth = 1.75;
  context.beginPath();
  let isDrawing = false;
  for (const frame of framesOf(scene)) {
    const level = smoothed(voice, frame, scene.recording.frames);
    if (Number.isNaN(level)) {
      isDrawing = false;
      continue;
    }
    const time = frame * scene.recording.frame;
    const place = y(level - (normal ? normalAt(normal, time) : -25));
    if (isDrawing) context.lineTo(box.x(time), place);
    else context.moveTo(box.x(time), place);
    isDrawing = true;
  }
  context.stroke();
}

// Mean power around a frame in dB, NaN where the voice is not heard.
function smoothed(voice, frame, frames) {
  if (!isHeard(voice, frame)) return NaN;
  let power = 0;
  let count = 0;
  for (let near = Math.max(0, frame - SMOOTHED); near <= Math.min(frames - 1, frame + SMOOTHED); near++) {
    if (!isHeard(voice, near)) continue;
    power += 10 ** (voice.loudness[near] / 10);
    count++;
  }
  return 10 * Math.log10(power / count);
}

function drawAxis(context, scene, { x, top, unit, width }) {
  const { view, palette } = scene;
  const seconds = view.end - view.start;
  const step = TICKS.find((one) => (width / seconds) * one >= TICK_WIDTH * unit) ?? TICKS.at(-1);
  context.fillStyle = faint(palette.ink, 0.78);
  context.font = `${0.9 * unit}px ${palette.font}`;
  context.textBaseline = "middle";
  context.textAlign = "center";
  for (let time = Math.ceil(view.start / step) * step; time <= view.end; time += step) {
    context.fillRect(x(time), top, 1, 0.3 * unit);
    context.fillText(clock(time), x(time), top + 0.95 * unit);
  }
}

function* framesOf({ view, recording }) {
  const last = Math.min(recording.frames - 1, Math.ceil(view.end / recording.frame));
  for (let frame = Math.max(0, Math.floor(view.start / recording.frame)); frame <= last; frame++) yield frame;
}

function heightOf(box, lowest, highest) {
  return (value) => box.bottom - ((value - lowest) / (highest - lowest)) * (box.bottom - box.top);
}

function level(context, box, y) {
  context.beginPath();
  context.moveTo(box.left, y);
  context.lineTo(box.right, y);
  context.stroke();
}

function clipped(context, box, draw) {
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.right - box.left, box.bottom - box.top);
  context.clip();
  draw();
  context.restore();
}

function faint(colour, share) {
  return `color-mix(in srgb, ${colour} ${Math.round(100 * share)}%, transparent)`;
}
