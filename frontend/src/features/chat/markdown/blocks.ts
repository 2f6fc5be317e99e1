// Cuts Markdown into top-level blocks that can be parsed one by one and, once finished, never again. Pure.
import { closes } from './fence';

const FENCE = /^[ \t]*((?:>[ \t]?)*)((?:[-*+]|\d{1,9}[.)])[ \t]+)?(`{3,}(?=[^`]*$)|~{3,})/;
const LIST_ITEM = /^ {0,3}(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)/m;
const INDENTED = /^(?: {2,}|\t)/;
const DEFINITION = /^ {0,3}\[(?!\^)[^\]\n]+\]:[ \t]*\S.*$/gm;
const FOOTNOTE = /^ {0,3}\[\^[^\]\n]+\]:/m;
const REFERENCE = /\[[^\]\n]+\](?!\()/;

/** `definitions`: of each block, those that stand in it. */
export type Split = { text: string; blocks: string[]; definitions: string[] };

/** Joined, the blocks are the text. What is defined elsewhere (`[name]: address`) is for `withDefinitions` to add. */
export function splitBlocks(text: string): string[] {
  if (FOOTNOTE.test(text)) return [text];
  const blocks: string[] = [];
  let block = '';
  let fence: Fence | null = null;
  let border = false;
  for (const line of linesOf(text)) {
    const blank = line.trim() === '';
    const next = fenceAfter(fence, line);
    // A fence of the top level needs no blank line before or behind it.
    const opens = fence === null && next !== null && !next.nested;
    if (fence === null && !blank && block !== '' && (opens || (border && !continues(block, line)))) {
      blocks.push(block);
      block = '';
    }
    block += line;
    border = fence === null ? blank : next === null && !fence.nested;
    fence = next;
  }
  return block === '' ? blocks : [...blocks, block];
}

/** The blocks of a text that grew: all but the last two of what was there stand as they are, and nothing is read in them again. */
export function growBlocks(before: Split | null, text: string): Split {
  if (before === null || before.blocks.length < 3 || !text.startsWith(before.text)) return splitOf(text, [], []);
  const split = splitOf(text, before.blocks.slice(0, -2), before.definitions.slice(0, -2));
  return split.blocks.some((block, place) => place > before.blocks.length - 3 && FOOTNOTE.test(block)) ? splitOf(text, [], []) : split;
}

function splitOf(text: string, settled: readonly string[], known: readonly string[]): Split {
  const rest = splitBlocks(text.slice(settled.reduce((sum, block) => sum + block.length, 0)));
  return { text, blocks: [...settled, ...rest], definitions: [...known, ...rest.map(definitionsIn)] };
}

/** Link definitions count in the whole text, so a block that refers to one is given them all. */
function definitionsIn(block: string): string {
  return (block.match(DEFINITION) ?? []).join('\n');
}

export function withDefinitions(block: string, definitions: string): string {
  return definitions !== '' && REFERENCE.test(block) ? `${block}\n\n${definitions}` : block;
}

function* linesOf(text: string): Generator<string> {
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline + 1;
    yield text.slice(start, end);
    start = end;
  }
}

function continues(block: string, line: string): boolean {
  return INDENTED.test(line) || (LIST_ITEM.test(block) && LIST_ITEM.test(line));
}

/** `nested`: inside a quotation or an item, so that it ends no block. */
type Fence = { mark: string; quoted: boolean; nested: boolean };

/** The fence that is open behind a line. */
function fenceAfter(fence: Fence | null, line: string): Fence | null {
  const quoted = line.trimStart().startsWith('>');
  if (fence !== null && (!fence.quoted || quoted)) {
    const bare = fence.quoted ? line.replace(/^[ \t]*(?:>[ \t]?)+/, '') : line.trimStart();
    return closes(bare, fence.mark) ? null : fence;
  }
  const [, quote = '', item = '', mark = ''] = FENCE.exec(line.trimEnd()) ?? [];
  if (mark === '') return null;
  return { mark, quoted: quote !== '', nested: quote !== '' || item !== '' || INDENTED.test(line) };
}
