// Takes out of a recorded history what belongs to the machine that recorded it. What a replay
// compares (types, names, ids and order of commands) stays as it was.
import { hostname, homedir, tmpdir } from 'node:os';

const IDENTITY = 'custos';

/** Longest first, so that a folder does not hide what lies in it. */
function replacerOf(replacements) {
  const pairs = [...replacements].sort(([a], [b]) => b.length - a.length);
  // Workers and clients call themselves by host and process.
  const host = hostname().replaceAll(/[^a-z\d]/gi, '\\$&');
  const identity = new RegExp(`\\b(?:${host}-\\d+|\\d+@${host})\\b`, 'g');
  return (text) =>
    pairs.reduce(
      (all, [from, to]) => all.replaceAll(from, to),
      text.replaceAll(identity, IDENTITY),
    );
}

const isPayload = (value) =>
  typeof value.data === 'string' && typeof value.metadata?.encoding === 'string';

function sanitizePayload(payload, replace) {
  const text = Buffer.from(payload.data, 'base64').toString('utf8');
  const clean = replace(text);
  return clean === text ? payload : { ...payload, data: Buffer.from(clean).toString('base64') };
}

function sanitize(value, replace) {
  if (typeof value === 'string') return replace(value);
  if (Array.isArray(value)) return value.map((one) => sanitize(one, replace));
  if (value === null || typeof value !== 'object') return value;
  if (isPayload(value)) return sanitizePayload(value, replace);
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key,
      key === 'identity' ? IDENTITY : sanitize(one, replace),
    ]),
  );
}

/** Every text of a history, those in payloads decoded. */
function* textsOf(value) {
  if (typeof value === 'string') yield value;
  if (value === null || typeof value !== 'object') return;
  if (isPayload(value)) yield Buffer.from(value.data, 'base64').toString('utf8');
  for (const one of Object.values(value)) yield* textsOf(one);
}

/** @throws Error naming what of the machine is still to be read in a history */
function assertClean(history) {
  const machine = [process.cwd(), homedir(), tmpdir()];
  for (const text of textsOf(history)) {
    const found = machine.find((one) => text.includes(one));
    if (found !== undefined) throw new Error(`a history still names ${found}: ${text}`);
  }
}

/**
 * A history, as JSON value, without the machine's paths and names.
 * @param replacements pairs of a text and what takes its place
 */
export function sanitizeHistory(history, replacements) {
  const clean = sanitize(history, replacerOf(replacements));
  assertClean(clean);
  return clean;
}
