// Fenced code by its lines alone, so that a growing block of code is never parsed as Markdown. Pure.

const OPEN = /^( {0,3})(`{3,}|~{3,})[ \t]*([^\n]*)$/;

export type Fence = { language: string; code: string; closed: boolean };

/** The fence that a block consists of; null when the block is, or holds, anything else. */
export function fenceIn(block: string): Fence | null {
  const lines = block.split('\n');
  const [, indent = '', mark = '', info = ''] = OPEN.exec(lines[0] ?? '') ?? [];
  if (mark === '' || (mark.startsWith('`') && info.includes('`'))) return null;
  const end = lines.findIndex((line, index) => index > 0 && closes(line, mark));
  if (end !== -1 && lines.slice(end + 1).some((line) => line.trim() !== '')) return null;
  const code = lines.slice(1, end === -1 ? undefined : end).map((line) => unindent(line, indent.length));
  return { language: info.trim().split(/[\s{]/, 1)[0] ?? '', code: code.join('\n'), closed: end !== -1 };
}

export function closes(line: string, mark: string): boolean {
  const trimmed = line.trim();
  return trimmed.length >= mark.length && trimmed === mark.charAt(0).repeat(trimmed.length) && !/^ {4}/.test(line);
}

function unindent(line: string, width: number): string {
  const spaces = /^ */.exec(line)?.[0].length ?? 0;
  return line.slice(Math.min(spaces, width));
}
