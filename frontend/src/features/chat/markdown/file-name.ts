// What a block of code is called when it is kept as a file. Pure.
import { languageOf, type LanguageName } from './languages';

const ENDINGS: Record<LanguageName, string> = {
  bash: 'sh',
  c: 'c',
  cpp: 'cpp',
  csharp: 'cs',
  css: 'css',
  diff: 'diff',
  dockerfile: 'dockerfile',
  go: 'go',
  ini: 'ini',
  java: 'java',
  javascript: 'js',
  json: 'json',
  kotlin: 'kt',
  lua: 'lua',
  markdown: 'md',
  php: 'php',
  python: 'py',
  r: 'r',
  ruby: 'rb',
  rust: 'rs',
  sql: 'sql',
  swift: 'swift',
  typescript: 'ts',
  xml: 'html',
  yaml: 'yaml',
};

/** Names of languages that are endings of files as well, and say more than the language that stands for them. */
const OWN = new Set('cc h hpp conf csv cjs jsx json5 jsonc kts mdx mjs patch svelte svg tex toml tsv tsx txt vue xml yml zsh'.split(' '));

const OTHERS = new Map([
  ['latex', 'tex'],
  ['mermaid', 'mmd'],
]);

export function fileName(info: string): string {
  const name = info.toLowerCase();
  const language = languageOf(name);
  const ending = OWN.has(name) ? name : ((language && ENDINGS[language]) ?? OTHERS.get(name) ?? 'txt');
  return `code.${ending}`;
}
