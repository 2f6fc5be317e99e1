// Shows the HTML in Markdown as the text it is, so that an answer about HTML loses no word. Pure.

type Node = { type: string; value?: string; children?: Node[] };

const BREAK = /^<br\s*\/?>$/i;
const FLOW = new Set(['root', 'blockquote', 'listItem']);

/** Models break lines in tables with `<br>`: that one keeps its meaning. */
export function remarkHtmlAsText() {
  return (tree: Node): void => visit(tree);
}

function visit(node: Node): void {
  if (!node.children) return;
  const isFlow = FLOW.has(node.type);
  node.children = node.children.map((child) => (child.type === 'html' ? plain(child.value ?? '', isFlow) : child));
  node.children.forEach(visit);
}

function plain(value: string, isBlock: boolean): Node {
  if (BREAK.test(value.trim())) return isBlock ? { type: 'paragraph', children: [] } : { type: 'break' };
  const text: Node = { type: 'text', value };
  return isBlock ? { type: 'paragraph', children: [text] } : text;
}
