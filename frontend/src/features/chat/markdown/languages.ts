// The languages that code is coloured in, each a chunk of its own, and the names that people give them.
import type { LanguageFn } from 'highlight.js';

type Grammar = {
  label: string;
  grammar: () => Promise<{ default: LanguageFn }>;
  needs: readonly LanguageName[];
  aliases: readonly string[];
};

export type LanguageName =
  | 'bash'
  | 'c'
  | 'cpp'
  | 'csharp'
  | 'css'
  | 'diff'
  | 'dockerfile'
  | 'go'
  | 'ini'
  | 'java'
  | 'javascript'
  | 'json'
  | 'kotlin'
  | 'lua'
  | 'markdown'
  | 'php'
  | 'python'
  | 'r'
  | 'ruby'
  | 'rust'
  | 'sql'
  | 'swift'
  | 'typescript'
  | 'xml'
  | 'yaml';

export const LANGUAGES: Record<LanguageName, Grammar> = {
  bash: { label: 'Shell', grammar: () => import('highlight.js/lib/languages/bash'), needs: [], aliases: ['sh', 'shell', 'zsh', 'console'] },
  c: { label: 'C', grammar: () => import('highlight.js/lib/languages/c'), needs: [], aliases: ['h'] },
  cpp: { label: 'C++', grammar: () => import('highlight.js/lib/languages/cpp'), needs: [], aliases: ['c++', 'cc', 'hpp'] },
  csharp: { label: 'C#', grammar: () => import('highlight.js/lib/languages/csharp'), needs: [], aliases: ['cs', 'c#'] },
  css: { label: 'CSS', grammar: () => import('highlight.js/lib/languages/css'), needs: [], aliases: [] },
  diff: { label: 'Diff', grammar: () => import('highlight.js/lib/languages/diff'), needs: [], aliases: ['patch'] },
  dockerfile: { label: 'Dockerfile', grammar: () => import('highlight.js/lib/languages/dockerfile'), needs: ['bash'], aliases: ['docker'] },
  go: { label: 'Go', grammar: () => import('highlight.js/lib/languages/go'), needs: [], aliases: ['golang'] },
  ini: { label: 'INI', grammar: () => import('highlight.js/lib/languages/ini'), needs: [], aliases: ['toml', 'conf'] },
  java: { label: 'Java', grammar: () => import('highlight.js/lib/languages/java'), needs: [], aliases: [] },
  javascript: {
    label: 'JavaScript',
    grammar: () => import('highlight.js/lib/languages/javascript'),
    needs: [],
    aliases: ['js', 'jsx', 'mjs', 'cjs'],
  },
  json: { label: 'JSON', grammar: () => import('highlight.js/lib/languages/json'), needs: [], aliases: ['json5', 'jsonc'] },
  kotlin: { label: 'Kotlin', grammar: () => import('highlight.js/lib/languages/kotlin'), needs: [], aliases: ['kt', 'kts'] },
  lua: { label: 'Lua', grammar: () => import('highlight.js/lib/languages/lua'), needs: [], aliases: [] },
  markdown: { label: 'Markdown', grammar: () => import('highlight.js/lib/languages/markdown'), needs: [], aliases: ['md', 'mdx'] },
  php: { label: 'PHP', grammar: () => import('highlight.js/lib/languages/php'), needs: [], aliases: [] },
  python: { label: 'Python', grammar: () => import('highlight.js/lib/languages/python'), needs: [], aliases: ['py', 'python3'] },
  r: { label: 'R', grammar: () => import('highlight.js/lib/languages/r'), needs: [], aliases: [] },
  ruby: { label: 'Ruby', grammar: () => import('highlight.js/lib/languages/ruby'), needs: [], aliases: ['rb'] },
  rust: { label: 'Rust', grammar: () => import('highlight.js/lib/languages/rust'), needs: [], aliases: ['rs'] },
  sql: { label: 'SQL', grammar: () => import('highlight.js/lib/languages/sql'), needs: [], aliases: ['postgres', 'postgresql', 'sqlite'] },
  swift: { label: 'Swift', grammar: () => import('highlight.js/lib/languages/swift'), needs: [], aliases: [] },
  typescript: { label: 'TypeScript', grammar: () => import('highlight.js/lib/languages/typescript'), needs: [], aliases: ['ts', 'tsx'] },
  xml: {
    label: 'HTML',
    grammar: () => import('highlight.js/lib/languages/xml'),
    needs: ['css', 'javascript'],
    aliases: ['html', 'svg', 'vue', 'svelte'],
  },
  yaml: { label: 'YAML', grammar: () => import('highlight.js/lib/languages/yaml'), needs: [], aliases: ['yml'] },
};

const BY_NAME = new Map<string, LanguageName>();
for (const name of Object.keys(LANGUAGES) as LanguageName[]) {
  for (const alias of [name, ...LANGUAGES[name].aliases]) BY_NAME.set(alias, name);
}

export function languageOf(info: string): LanguageName | null {
  return BY_NAME.get(info.toLowerCase()) ?? null;
}

/** Those that are drawn instead of coloured. */
const DRAWN = new Map([['mermaid', 'Mermaid']]);

/** What the code block's header says; null where no language is named. */
export function languageLabel(info: string): string | null {
  const language = languageOf(info);
  if (language === null) return info === '' ? null : (DRAWN.get(info.toLowerCase()) ?? info);
  return info.toLowerCase() === language || (language !== 'xml' && language !== 'ini') ? LANGUAGES[language].label : info.toUpperCase();
}
