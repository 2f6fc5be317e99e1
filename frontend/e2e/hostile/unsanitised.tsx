// Stands in for react-markdown with the sanitiser off: every element and attribute of the text is made, as the text says.
import { memo, useLayoutEffect, useRef } from 'react';
import Markdown, { type ExtraProps, type Options } from 'react-markdown';
import rehypeRaw from 'rehype-raw';

type Node = NonNullable<ExtraProps['node']>;
type Child = Node['children'][number];
type Root = { children: Child[] };

const SVG = 'http://www.w3.org/2000/svg';
const MATH = 'http://www.w3.org/1998/Math/MathML';

/** What was made once the browser would judge the same again. */
const made = new Set<unknown>();

// oxlint-disable-next-line import/no-default-export -- it has the shape of what it stands for
export default memo(function Unsanitised({ children, remarkPlugins }: Options) {
  if (made.has(children)) return null;
  made.add(children);
  return (
    <Markdown
      remarkPlugins={(remarkPlugins ?? []).filter((plugin) => typeof plugin !== 'function' || plugin.name !== 'remarkHtmlAsText')}
      rehypePlugins={[rehypeRaw, asOne]}
      urlTransform={(address) => address}
      components={{ div: Raw }}
    >
      {children}
    </Markdown>
  );
}, isSameText);

function isSameText(before: Options, after: Options): boolean {
  return before.children === after.children;
}

function asOne() {
  return (tree: Root): void => {
    tree.children = [{ type: 'element', tagName: 'div', properties: {}, children: tree.children as Node['children'] }];
  };
}

/** React would refuse much of it, and React is no part of the question here. */
function Raw({ node }: ExtraProps) {
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = place.current;
    for (const child of node?.children ?? []) append(element, child, null);
    return () => element?.replaceChildren();
  }, [node]);
  return <div ref={place} />;
}

function append(parent: Element | DocumentFragment | null, node: Child, space: string | null): void {
  if (node.type === 'text') parent?.append(node.value);
  if (node.type !== 'element') return;
  const own = node.tagName === 'svg' ? SVG : node.tagName === 'math' ? MATH : node.tagName === 'foreignObject' ? null : space;
  const element = own === null ? document.createElement(node.tagName) : document.createElementNS(own, node.tagName);
  for (const [name, value] of Object.entries(node.properties)) {
    attempt(() => element.setAttribute(attributeOf(name), Array.isArray(value) ? value.join(' ') : value === true ? '' : String(value)));
  }
  for (const child of node.children) attempt(() => append(element, child, own));
  attempt(() => parent?.append(element));
}

function attributeOf(property: string): string {
  if (property === 'className') return 'class';
  if (property === 'httpEquiv') return 'http-equiv';
  return property === 'xLinkHref'
    ? 'xlink:href'
    : property.startsWith('data') || property === 'viewBox'
      ? property
      : property.toLowerCase();
}

/** Trusted Types throw, and what stands beside the refused is made all the same. */
function attempt(act: () => void): void {
  try {
    act();
  } catch {
    // Refused by the browser: that is the wall.
  }
}
