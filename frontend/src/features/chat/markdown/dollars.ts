// Formulas in the several ways that models write them, as the one way that the parser reads. Pure.

/** Code keeps what stands in it: fences, and runs of backticks. */
const CODE = /^(?: {0,3})(`{3,}|~{3,})[\s\S]*?(?:^ {0,3}\1|$(?![\s\S]))|(`+)(?!`)[\s\S]*?[^`]\2(?!`)/gm;
const SIGN = /(?<!\\)(?:\\\\)*(?:\$|\\\(|\\\[)/;
const DISPLAY = /(?<!\\)\\\[([\s\S]+?)(?<!\\)\\\][ \t]*([^\n]?)/g;
/** What a line of an item or a quotation begins with. */
const LEAD = /^[ \t]*(?:>[ \t]*|(?:[-*+]|\d{1,9}[.)])[ \t]+)*/;
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
    result += outside(block.slice(at, code.index), result) + code[0];
    at = code.index + code[0].length;
  }
  return result + outside(block.slice(at), result);
}

function outside(text: string, before: string): string {
  return text
    .replace(LINE, (_, indent: string, formula: string) => ['$$', formula.trim(), '$$'].map((line) => indent + line).join('\n'))
    .replace(DOLLARS, (found, formula: string | undefined) => (found === '$' && formula === undefined ? '\\$' : found))
    .replace(DISPLAY, (_, formula: string, rest: string, at: number, whole: string) => display(formula, rest, before + whole.slice(0, at)))
    .replace(INLINE, (_, formula: string) => `$${formula.trim()}$`);
}

/** A formula on lines of its own stays in the item, the quotation or the cell that it was written in. */
function display(formula: string, rest: string, before: string): string {
  const line = before.slice(before.lastIndexOf('\n') + 1);
  const [lead = ''] = LEAD.exec(line) ?? [];
  if (line.slice(lead.length).startsWith('|')) return `$$${formula.trim()}$$ ${rest}`;
  const next = `\n${lead.replace(/[^>\s]/g, ' ')}`;
  const quotes = new RegExp(`^(?:[ \\t]*>){0,${lead.split('>').length - 1}}`);
  const lines = formula.split('\n').map((each) => each.replace(quotes, '').trim());
  const fenced = ['$$', ...lines.filter(Boolean), '$$'].join(next);
  return (line === lead ? '' : next) + fenced + (rest === '' ? '' : next + rest);
}
