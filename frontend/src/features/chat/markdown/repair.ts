// Mends the last block of a growing answer, so that half-written Markdown is not shown as its own signs. Pure.
import { fenceIn } from './fence';

const LAST_LINE_MARKS = /(?:^|\n)[ \t]{0,3}(?:`{1,2}|~{1,2}|#{1,6}|={1,}|-{1,2}|\*{1,2}|_{1,2})$/;
const ITEM_START = /^[ \t]*(?:(?:>[ \t]?)|(?:[-*+]|\d{1,9}[.)])[ \t]+|#{1,6}[ \t]+)*/;
const TABLE_ROW = /^[ \t]*\|/;
const TABLE_RULE_PART = /^[ \t]*\|[ \t:|-]*$/;

export function repairTail(block: string): string {
  const fence = fenceIn(block);
  if (fence) return fence.closed ? block : block.replace(/\n[ \t]{0,3}(?:`{1,2}|~{1,2})$/, '');
  if (insideFence(block)) return block;
  const table = repairTable(block);
  if (table !== null) return table;
  const bare = block.replace(LAST_LINE_MARKS, '');
  const start = lastStretch(bare);
  return bare.slice(0, start) + closeInline(bare.slice(start));
}

/** A fence inside a list or a quotation: what comes now is code. */
function insideFence(block: string): boolean {
  return (block.match(/^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(?:`{3,}|~{3,})/gm) ?? []).length % 2 === 1;
}

/** A header row without its rule is not a table yet: the rule is added or completed. Null when there is no such header. */
function repairTable(block: string): string | null {
  const lines = block.split('\n');
  const first = lines.findIndex((line) => TABLE_ROW.test(line));
  if (first === -1 || lines.slice(first).some((line, index) => index > 1 && line.trim() !== '')) return null;
  const header = lines[first] ?? '';
  const rule = lines[first + 1] ?? '';
  const cells = header.replace(/\\\|/g, '').trim().replace(/^\|/, '').replace(/\|$/, '').split('|').length;
  if (rule !== '' && !TABLE_RULE_PART.test(rule) && rule.trim() !== '') return null;
  const written = rule.split('|').filter((cell) => /^[ \t]*:?-+:?[ \t]*$/.test(cell)).length;
  if (written === cells) return null;
  const head =
    rule === '' && lines.length === first + 1 ? header.slice(0, lastCell(header)) + closeInline(header.slice(lastCell(header))) : header;
  return [...lines.slice(0, first), head, `|${' --- |'.repeat(cells)}`].join('\n');
}

function lastCell(row: string): number {
  return row.lastIndexOf('|') + 1;
}

/** Where the last paragraph, item, heading or row begins: inline marks do not reach across. */
function lastStretch(text: string): number {
  const paragraph = text.lastIndexOf('\n\n') + 1;
  const lines = text.slice(paragraph).split('\n');
  let start = text.length;
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    const line = lines[index] ?? '';
    start -= line.length;
    const marker = ITEM_START.exec(line)?.[0] ?? '';
    if (TABLE_ROW.test(line)) return start + lastCell(line);
    if (marker.trim() !== '') return start + marker.length;
    start -= 1;
  }
  return paragraph;
}

/** `start` and `end` say where the opening sign stands. */
type Mark = { sign: string; length: number; start: number; end: number };

/** Closes what is open at the end: code, emphasis, strike-through, links. */
export function closeInline(text: string): string {
  const open: Mark[] = [];
  const brackets: number[] = [];
  let at = 0;
  while (at < text.length) {
    const sign = text.charAt(at);
    if (sign === '\\') at += 2;
    else if (sign === '`') {
      const run = runAt(text, at);
      const close = closingRun(text, at + run, run);
      if (close === -1) return closeCode(text, at, run, open);
      at = close + run;
    } else if (sign === '[') {
      brackets.push(at);
      at += 1;
    } else if (sign === ']') {
      const bracket = brackets.pop();
      const end = text.charAt(at + 1) === '(' ? text.indexOf(')', at) : at;
      if (bracket !== undefined && end === -1) return withoutLink(text, bracket, at, open);
      at = Math.max(end, at) + 1;
    } else if (sign === '*' || sign === '_' || sign === '~') {
      const run = runAt(text, at);
      meet(open, text, at, run);
      at += run;
    } else at += 1;
  }
  const bracket = brackets[0];
  if (bracket !== undefined && !text.includes('\n', bracket)) return withoutLink(text, bracket, text.length, open);
  return finish(text, open);
}

function runAt(text: string, at: number): number {
  let end = at;
  while (text.charAt(end) === text.charAt(at)) end += 1;
  return end - at;
}

function closingRun(text: string, from: number, length: number): number {
  for (let at = text.indexOf('`', from); at !== -1; at = text.indexOf('`', at + runAt(text, at))) {
    if (runAt(text, at) === length) return at;
  }
  return -1;
}

function closeCode(text: string, at: number, run: number, open: readonly Mark[]): string {
  const inside = text.slice(at + run);
  if (inside === '') return finish(text.slice(0, at), open);
  const half = /`+$/.exec(inside)?.[0].length ?? 0;
  return finish(half < run ? text + '`'.repeat(run - half) : text, open);
}

/** Closes with a run what it can close, and opens with the rest of it what it can open. */
function meet(open: Mark[], text: string, at: number, run: number): void {
  const sign = text.charAt(at);
  const before = text.charAt(at - 1);
  const after = text.charAt(at + run);
  let used = 0;
  if (before.trim() !== '' && !(sign === '_' && isWord(after))) {
    for (let mark = open.at(-1); mark?.sign === sign && used < run; mark = open.at(-1)) {
      const taken = Math.min(mark.length, run - used);
      used += taken;
      mark.length -= taken;
      if (mark.length === 0) open.pop();
    }
  }
  const length = run - used;
  const fits = sign === '~' ? length === 2 : length > 0 && length <= 3;
  const opens = (after === '' || after.trim() !== '') && !(sign === '_' && isWord(before));
  if (fits && opens) open.push({ sign, length, start: at + used, end: at + run });
}

function isWord(character: string): boolean {
  return /[\p{L}\p{N}]/u.test(character);
}

/** The words of a link whose address has not come yet; nothing of an image. */
function withoutLink(text: string, from: number, to: number, open: readonly Mark[]): string {
  if (text.charAt(from - 1) === '!') {
    return finish(
      text.slice(0, from - 1),
      open.filter(({ end }) => end < from),
    );
  }
  const shifted = open.map((mark) => (mark.start < from ? mark : { ...mark, start: mark.start - 1, end: mark.end - 1 }));
  return finish(text.slice(0, from) + text.slice(from + 1, to), shifted);
}

/** A sign with nothing behind it yet would close into itself, so it is left out. */
function finish(text: string, open: readonly Mark[]): string {
  let kept = text;
  const pending = [...open];
  for (let mark = pending.at(-1); mark && kept.slice(mark.end).trim() === ''; mark = pending.at(-1)) {
    kept = kept.slice(0, mark.start);
    pending.pop();
  }
  if (pending.length === 0) return kept;
  const words = kept.trimEnd();
  const closers = pending.reduceRight((signs, { sign, length }) => signs + sign.repeat(length), '');
  return words + closers + kept.slice(words.length);
}
