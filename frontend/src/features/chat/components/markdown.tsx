// An answer's Markdown as elements. Finished blocks are never parsed again; the last one of a growing answer is mended.
// Knows nothing of messages. HTML stays text, remote images never load, and a link opens only where its address says.
import { memo, useState, type ComponentProps } from 'react';
import ReactMarkdown, { type Components, type ExtraProps } from 'react-markdown';
import rehypeSanitize, { defaultSchema } from 'rehype-sanitize';
import remarkGfm from 'remark-gfm';

import { definitionsIn, growBlocks, withDefinitions } from '../markdown/blocks';
import { fenceIn } from '../markdown/fence';
import { remarkHtmlAsText } from '../markdown/html-as-text';
import { repairTail } from '../markdown/repair';
import { useWords } from '../words/use-words';
import { CodeBlock } from './code-block';

export type MarkdownProps = { text: string; growing: boolean };

const SCHEMA = { ...defaultSchema, protocols: { ...defaultSchema.protocols, href: ['http', 'https', 'mailto'] } };
const ABSOLUTE = /^(?:https?:\/\/|mailto:)/i;

export const Markdown = memo(function Markdown({ text, growing }: MarkdownProps) {
  const [before, setBefore] = useState(() => growBlocks(null, text));
  const split = before.text === text ? before : growBlocks(before, text);
  if (split !== before) setBefore(split);
  const { blocks } = split;
  const definitions = definitionsIn(text);
  return blocks.map((block, index) => (
    // oxlint-disable-next-line react/no-array-index-key -- blocks are only ever added at the end: their place is their name
    <Block key={index} source={block} definitions={definitions} growing={growing && index === blocks.length - 1} />
  ));
});

type BlockProps = { source: string; definitions: string; growing: boolean };

const Block = memo(function Block({ source, definitions, growing }: BlockProps) {
  const fence = fenceIn(growing ? repairTail(source) : source);
  return (
    <div className="md-block" data-growing={growing || undefined}>
      {fence ? (
        <CodeBlock code={fence.code.replace(/\n$/, '')} info={fence.language} growing={growing && !fence.closed} />
      ) : (
        <ReactMarkdown remarkPlugins={[remarkGfm, remarkHtmlAsText]} rehypePlugins={[[rehypeSanitize, SCHEMA]]} components={COMPONENTS}>
          {withDefinitions(growing ? repairTail(source) : source, definitions)}
        </ReactMarkdown>
      )}
    </div>
  );
});

const COMPONENTS: Components = { a: Link, img: ImageAddress, pre: Pre, table: Table };

type HastNode = NonNullable<ExtraProps['node']>;

/** The whole address is in the title, so that it can be read before it opens. An address within this page is none. */
function Link({ href, children }: ComponentProps<'a'> & ExtraProps) {
  if (href === undefined || !ABSOLUTE.test(href)) return <>{children}</>;
  return (
    <a href={href} title={href} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
}

/** An image that loads tells its server who reads the answer, so only its address is shown. */
function ImageAddress({ src, alt }: ComponentProps<'img'> & ExtraProps) {
  const t = useWords();
  const address = typeof src === 'string' ? src : '';
  if (!ABSOLUTE.test(address)) return alt ? <span>{alt}</span> : null;
  return (
    <a href={address} title={address} target="_blank" rel="noopener noreferrer">
      {alt ? t('markdown.imageOf', { description: alt, address }) : t('markdown.image', { address })}
    </a>
  );
}

function Pre({ node }: ComponentProps<'pre'> & ExtraProps) {
  const code = node?.children.find((child) => child.type === 'element');
  if (!code || code.type !== 'element') return null;
  return <CodeBlock code={textOf(code).replace(/\n$/, '')} info={languageOfClass(code)} growing={false} />;
}

function Table({ children }: ComponentProps<'table'> & ExtraProps) {
  const t = useWords();
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls sideways must be reachable by key
    <section className="md-table" tabIndex={0} aria-label={t('markdown.table')}>
      <table>{children}</table>
    </section>
  );
}

function textOf(node: HastNode): string {
  return node.children.map((child) => (child.type === 'text' ? child.value : child.type === 'element' ? textOf(child) : '')).join('');
}

function languageOfClass({ properties }: HastNode): string {
  const names = Array.isArray(properties['className']) ? properties['className'] : [];
  return (
    names
      .map(String)
      .find((name) => name.startsWith('language-'))
      ?.slice('language-'.length) ?? ''
  );
}
