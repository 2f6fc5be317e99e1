// The chat's own answer text on a page by itself: takes in every payload at every split, and tells what became of it.
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';

import { useMarkdown } from '../../src/features/chat/components/markdown-loader';
import { TextPart } from '../../src/features/chat/components/parts/text';
import { reduceTurn, type Turn, type TurnAction } from '../../src/features/chat/stream/reduce-turn';
import type { Outcome } from './outcome';

const ELEMENTS = new Set(
  'div p span h1 h2 h3 h4 h5 h6 ul ol li blockquote pre code em strong del a table thead tbody tr th td section br hr input sup figure figcaption button'.split(
    ' ',
  ),
);
/** KaTeX and the icons draw with these, and they carry no text of an answer but as text. */
const DRAWN = '.katex, .lucide';
const SETTLING_MS = 2000;
const LOADS = /^(?:src|srcset|srcdoc|poster|background|data|action|formaction|ping|xlink:href|on.*)$/i;
const LINK = /^(?:https?:\/\/|mailto:)/i;

const place = document.createElement('main');
document.body.append(place);

const failures: string[] = [];
const fail = (error: unknown) => failures.push(String(error));
const hits = new Set<number>();
window.hit = (payload) => hits.add(payload);

/** All of them whole, for as long as loading and running may take; then each at every split. */
window.takeIn = async (payloads, everySplit): Promise<Outcome> => {
  await useMarkdown.load();
  const whole = payloads.map((payload) => [payload, '']);
  const marks = await grow(whole, SETTLING_MS);
  let splits = 0;
  for (const payload of everySplit ? payloads : []) {
    const bytes = new TextEncoder().encode(payload);
    const answers = [...bytes.keys()].map((cut) => [textOf(bytes.slice(0, cut)), textOf(bytes.slice(cut))]);
    marks.push(...(await grow(answers, 0)));
    splits += answers.length;
  }
  await pause(SETTLING_MS);
  return { splits, hits: [...hits], marks: [...new Set(marks)], failures };
};

/** A model server that cuts within a character sends a sign of replacement on both sides of the cut. */
function textOf(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

/** All answers side by side, each with its first delta, then with its second, then at its end. */
async function grow(answers: readonly string[][], settling: number): Promise<string[]> {
  const marks: string[] = [];
  const root = createRoot(place, { onUncaughtError: fail, onCaughtError: fail });
  let turns = answers.map(() => told(null, { type: 'begun', origin: { kind: 'ask', question: '', key: 'k' }, at: 0 }));
  for (const step of [0, 1, 2]) {
    turns = turns.map((turn, index) => (step < 2 ? told(turn, delta(step + 1, answers[index]?.[step] ?? '')) : turn));
    // oxlint-disable-next-line react/no-array-index-key -- the answers are of one number: their place is their name
    flushSync(() => root.render(turns.map((turn, index) => <TextPart key={index} text={turn.text} growing={step < 2} />)));
    marks.push(...marksIn(place));
  }
  press();
  await pause(settling);
  root.unmount();
  return marks;
}

function told(turn: Turn | null, action: TurnAction): Turn {
  const next = reduceTurn(turn, action);
  if (next === null) throw new Error('There is no turn');
  return next;
}

function delta(id: number, text: string): TurnAction {
  return { type: 'received', events: [{ id, event: { type: 'delta', data: { text } } }], at: 0 };
}

function marksIn(container: Element): string[] {
  const marks: string[] = [];
  for (const element of container.querySelectorAll('*')) {
    if (!ELEMENTS.has(element.localName) && element.closest(DRAWN) === null) marks.push(`<${element.localName}>`);
    for (const { name, value } of element.attributes) {
      const link = name === 'href' && !LINK.test(value);
      if (link || LOADS.test(name) || (name === 'style' && value.includes('url('))) marks.push(`${name}="${value}"`);
    }
  }
  return marks;
}

/** Links that would run something are pressed. */
function press(): void {
  for (const link of document.querySelectorAll('a, area')) {
    const address = link.getAttribute('href') ?? link.getAttribute('xlink:href') ?? '';
    if (URL.parse(address, document.baseURI)?.protocol === 'javascript:') link.dispatchEvent(new MouseEvent('click', { bubbles: true }));
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
