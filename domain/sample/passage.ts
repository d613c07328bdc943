import type { EntityType } from '../redact/index.js';

/** Planted personal data. Offsets are UTF-16 units into the passage's text, `end` exclusive. */
export interface PlantedSpan {
  readonly start: number;
  readonly end: number;
  readonly type: EntityType;
}

export interface Passage {
  readonly text: string;
  readonly spans: readonly PlantedSpan[];
}

/** What fills a slot: text, and the type of personal data that it is, if any. */
export interface SlotValue {
  readonly text: string;
  readonly type?: EntityType;
}

export type Slots = (name: string) => SlotValue;

/** Fills the `{slots}` of a template and notes where personal data went. */
export function fillTemplate(template: string, slots: Slots): Passage {
  const spans: PlantedSpan[] = [];
  let text = '';
  for (const [, literal = '', name] of template.matchAll(/([^{]*)(?:\{(\w+)\})?/gu)) {
    text += literal;
    if (name === undefined) continue;
    const value = slots(name);
    if (value.type !== undefined) {
      spans.push({ start: text.length, end: text.length + value.text.length, type: value.type });
    }
    text += value.text;
  }
  return { text, spans };
}

export function joinPassages(passages: readonly Passage[], separator: string): Passage {
  const spans: PlantedSpan[] = [];
  let text = '';
  passages.forEach((passage, at) => {
    if (at > 0) text += separator;
    const shift = text.length;
    spans.push(
      ...passage.spans.map(({ start, end, type }) => ({
        start: start + shift,
        end: end + shift,
        type,
      })),
    );
    text += passage.text;
  });
  return { text, spans };
}

/** Lower case, character by character and only where the length stays, so that spans stay true. */
export function lowerCasePassage({ text, spans }: Passage): Passage {
  const lower = [...text].map((character) => {
    const small = character.toLowerCase();
    return small.length === character.length ? small : character;
  });
  return { text: lower.join(''), spans };
}

/** The text with `[TYPE]` in place of each span that `isRemoved` names; what a perfect redaction gives. */
export function redactPassage(passage: Passage, isRemoved: (span: PlantedSpan) => boolean): string {
  let text = '';
  let from = 0;
  for (const span of passage.spans) {
    if (!isRemoved(span)) continue;
    text += `${passage.text.slice(from, span.start)}[${span.type}]`;
    from = span.end;
  }
  return text + passage.text.slice(from);
}
