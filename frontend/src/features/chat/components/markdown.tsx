// An answer's Markdown as elements. Finished blocks are never parsed again; the last one of a growing answer is mended.
// Knows nothing of messages. HTML stays text, remote images never load, and a link opens only where its address says.
import { createContext, memo, use, useState, type ComponentProps } from 'react';
import ReactMarkdown, { type Components, type ExtraProps } from 'react-markdown';
import rehypeSanitize, { defaultSchema } from 'rehype-sanitize';
import remarkGfm from 'remark-gfm';

import { opens } from '../markdown/address';
import { growBlocks, withDefinitions } from '../markdown/blocks';
import { mayHoldFormula, withDollars } from '../markdown/dollars';
import { fenceIn } from '../markdown/fence';
import { remarkHtmlAsText } from '../markdown/html-as-text';
import { repairTail } from '../markdown/repair';
import { useWords } from '../words/use-words';
import { CodeBlock } from './code-block';
import { Formula } from './formula';
import { useFormulas } from './formula-loader';
import { Link, LinkPresses } from './link';
import { Table } from './table';

export type MarkdownProps = { text: string; growing: boolean };

const SCHEMA = {
  ...defaultSchema,
  protocols: { ...defaultSchema.protocols, href: ['http', 'https', 'mailto'] },
  attributes: { ...defaultSchema.attributes, code: [['className', /^language-./, 'math-inline', 'math-display']] },
} satisfies typeof defaultSchema;

export const Markdown = memo(function Markdown({ text, growing }: MarkdownProps) {
  const [before, setBefore] = useState(() => growBlocks(null, text));
  const split = before.text === text ? before : growBlocks(before, text);
  if (split !== before) setBefore(split);
  const { blocks } = split;
  const definitions = split.definitions.filter(Boolean).join('\n');
  return (
    <LinkPresses>
      {blocks.map((block, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- blocks are only ever added at the end: their place is their name
        <Block key={index} source={block} definitions={definitions} growing={growing && index === blocks.length - 1} />
      ))}
    </LinkPresses>
  );
});

/** For code within a list or a quotation, which grows with the block that it stands in. */
const GrowingContext = createContext(false);

type BlockProps = { source: string; definitions: string; growing: boolean };

const Block = memo(function Block({ source, definitions, growing }: BlockProps) {
  const text = growing ? repairTail(source) : source;
  const fence = fenceIn(text);
  const formulas = useFormulas(fence === null && mayHoldFormula(source));
  return (
    <div className="md-block" data-growing={growing || undefined}>
      {fence ? (
        <CodeBlock code={fence.code.replace(/\n$/, '')} info={fence.language} growing={growing && !fence.closed} />
      ) : (
        <GrowingContext value={growing}>
          <ReactMarkdown
            remarkPlugins={formulas ? [...PLUGINS, formulas.remarkMath] : PLUGINS}
            rehypePlugins={[[rehypeSanitize, SCHEMA]]}
            components={COMPONENTS}
          >
            {withDefinitions(formulas ? withDollars(text) : text, definitions)}
          </ReactMarkdown>
        </GrowingContext>
      )}
    </div>
  );
});

const PLUGINS = [remarkGfm, remarkHtmlAsText];
const COMPONENTS: Components = { a: MarkdownLink, code: InlineCode, img: ImageAddress, pre: Pre, table: Table };

type HastNode = NonNullable<ExtraProps['node']>;

/** An address within this page is none. */
function MarkdownLink({ href, children }: ComponentProps<'a'> & ExtraProps) {
  return opens(href) ? <Link href={href}>{children}</Link> : <>{children}</>;
}

/** An image that loads tells its server who reads the answer, so only its address is shown. */
function ImageAddress({ src, alt }: ComponentProps<'img'> & ExtraProps) {
  const t = useWords();
  const address = typeof src === 'string' ? src : '';
  if (!opens(address)) return alt ? <span>{alt}</span> : null;
  return <Link href={address}>{alt ? t('markdown.imageOf', { description: alt, address }) : t('markdown.image', { address })}</Link>;
}

/** The parser gives formulas as code of a class of their own. */
function InlineCode({ node, children }: ComponentProps<'code'> & ExtraProps) {
  return node && hasClass(node, 'math-inline') ? <Formula source={textOf(node)} display={false} /> : <code>{children}</code>;
}

function Pre({ node }: ComponentProps<'pre'> & ExtraProps) {
  const code = node?.children.find((child) => child.type === 'element');
  if (!code || code.type !== 'element') return null;
  if (hasClass(code, 'math-display')) return <Formula source={textOf(code)} display />;
  return <CodeBlock code={textOf(code).replace(/\n$/, '')} info={languageOfClass(code)} growing={use(GrowingContext)} />;
}

function textOf(node: HastNode): string {
  return node.children.map((child) => (child.type === 'text' ? child.value : child.type === 'element' ? textOf(child) : '')).join('');
}

function classesOf({ properties }: HastNode): string[] {
  return Array.isArray(properties['className']) ? properties['className'].map(String) : [];
}

function hasClass(node: HastNode, name: string): boolean {
  return classesOf(node).includes(name);
}

function languageOfClass(node: HastNode): string {
  const name = classesOf(node).find((each) => each.startsWith('language-'));
  return name?.slice('language-'.length) ?? '';
}
