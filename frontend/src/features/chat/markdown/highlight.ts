// Highlighting without HTML: highlight.js writes its scopes into a small tree that React draws. Loaded on first use.
import hljs from 'highlight.js/lib/core';
import type { Emitter, LanguageFn } from 'highlight.js';

import { LANGUAGES, type LanguageName } from './languages';

/** Text, or a scope with what stands in it. */
export type CodeNode = string | { scope: string; children: CodeNode[] };

type Scope = Exclude<CodeNode, string>;

class TreeEmitter implements Emitter {
  readonly root: Scope = { scope: '', children: [] };
  readonly #open: Scope[] = [this.root];

  // The library's types name the first two, its code calls the other two.
  startScope(scope: string): void {
    this.openNode(scope);
  }

  endScope(): void {
    this.closeNode();
  }

  openNode(scope: string): void {
    const node: Scope = { scope, children: [] };
    this.#top.children.push(node);
    this.#open.push(node);
  }

  closeNode(): void {
    if (this.#open.length > 1) this.#open.pop();
  }

  addText(text: string): void {
    if (text === '') return;
    const children = this.#top.children;
    const last = children.at(-1);
    if (typeof last === 'string') children[children.length - 1] = last + text;
    else children.push(text);
  }

  __addSublanguage(emitter: Emitter): void {
    if (emitter instanceof TreeEmitter) this.#top.children.push(...emitter.root.children);
  }

  /** The library asks for HTML after each run; nobody reads it. */
  toHTML(): string {
    return '';
  }

  finalize(): void {
    this.#open.length = 1;
  }

  get #top(): Scope {
    return this.#open.at(-1) ?? this.root;
  }
}

const highlighter = hljs.newInstance();
highlighter.configure({ __emitter: TreeEmitter });

const loading = new Map<LanguageName, Promise<void>>();

/** Loads the language's grammar on its first use. */
export async function highlight(code: string, language: LanguageName): Promise<CodeNode[]> {
  await load(language);
  const { _emitter: emitter, errorRaised } = highlighter.highlight(code, { language, ignoreIllegals: true });
  return emitter instanceof TreeEmitter && !errorRaised ? emitter.root.children : [code];
}

function load(language: LanguageName): Promise<void> {
  const known = loading.get(language);
  if (known) return known;
  const { grammar, needs } = LANGUAGES[language];
  const loaded = Promise.all([grammar(), ...needs.map(load)]).then(([{ default: define }]) => register(language, define));
  loaded.catch(() => loading.delete(language));
  loading.set(language, loaded);
  return loaded;
}

function register(language: LanguageName, define: LanguageFn): void {
  highlighter.registerLanguage(language, define);
}
