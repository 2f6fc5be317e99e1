// Formulas in the several ways that models write them, as the one way that the parser reads. Pure.

/** Code keeps what stands in it: fences, and runs of backticks. */
const CODE = /^(?: {0,3})(`{3,}|~{3,})[\s\S]*?(?:^ {0,3}\1|$(?![\s\S]))|(`+)(?!`)[\s\S]*?[^`]\2(?!`)/gm;
const SIGN = /(?<!\\)(?:\\\\)*(?:\$|\\\(|\\\[)/;
const DISPLAY = /(?<!\\)\\\[([\s\S]+?)(?<!\\)\\\]/g;
/** A formula that has a line for itself stands on it, though the parser takes only fences of dollars for that. */
const LINE = /^([ \t]*)\$\$(?!\$)([^\n$]+)\$\$[ \t]*$/gm;
const INLINE = /(?<!\\)\\\(([^\n]+?)(?<!\\)\\\)/g;
/** A price is no formula: nothing opens before a space, and nothing closes behind a space or before a digit. */
const DOLLARS = /\\.|\$\$[\s\S]+?\$\$|\$(?![\s$])((?:\\.|[^$\\\n])*?(?:\\.|[^$\\\s]))\$(?![\d$])|\$/g;

/** Whether there may be a formula in a text: the parser for them is fetched then. */
export function mayHoldFormula(text: string): boolean {
  return SIGN.test(text);
}

/** `\(…\)` and `\[…\]` between dollars, and single dollars escaped. */
export function withDollars(block: string): string {
  let result = '';
  let at = 0;
  for (const code of block.matchAll(CODE)) {
    result += outside(block.slice(at, code.index)) + code[0];
    at = code.index + code[0].length;
  }
  return result + outside(block.slice(at));
}

function outside(text: string): string {
  return text
    .replace(LINE, (_, indent: string, formula: string) => ['$$', formula.trim(), '$$'].map((line) => indent + line).join('\n'))
    .replace(DOLLARS, (found, formula: string | undefined) => (found === '$' && formula === undefined ? '\\$' : found))
    .replace(DISPLAY, (_, formula: string) => `\n$$\n${formula.trim()}\n$$\n`)
    .replace(INLINE, (_, formula: string) => `$${formula.trim()}$`);
}
