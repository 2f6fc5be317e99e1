import { describe, expect, it } from 'vitest';

import { growBlocks, splitBlocks, withDefinitions } from './blocks';
import { fenceIn } from './fence';

const ANSWER = `# Title

First paragraph
with two lines.
- item one

- item two

  more of two
\`\`\`python
def f():

    return 1
\`\`\`
After the code.

| a | b |
|---|---|
| 1 | 2 |

> quoted
> \`\`\`
> inside
> \`\`\`

1. one

   \`\`\`js
   let x;

   let y;
   \`\`\`

2. two

~~~
\`\`\`
still code

~~~
End.`;

describe('splitBlocks', () => {
  it('loses and adds nothing', () => {
    expect(splitBlocks(ANSWER).join('')).toBe(ANSWER);
  });

  it('keeps lists, fences, tables and quotations whole', () => {
    const blocks = splitBlocks(ANSWER).map((block) => block.trim().split('\n', 1)[0]);
    expect(blocks).toEqual([
      '# Title',
      'First paragraph',
      '```python',
      'After the code.',
      '| a | b |',
      '> quoted',
      '1. one',
      '~~~',
      'End.',
    ]);
  });

  it('treats an open fence as one block, blank lines and all', () => {
    expect(splitBlocks('Text\n\n```js\na\n\nb\n\nc')).toEqual(['Text\n\n', '```js\na\n\nb\n\nc']);
  });

  it('does not split a text with footnotes', () => {
    const text = 'One[^1]\n\nTwo\n\n[^1]: note';
    expect(splitBlocks(text)).toEqual([text]);
  });
});

describe('growBlocks', () => {
  it('finds at every length what splitting from the start finds', () => {
    let grown: ReturnType<typeof growBlocks> | null = null;
    for (let length = 1; length <= ANSWER.length; length += 1) {
      const text = ANSWER.slice(0, length);
      grown = growBlocks(grown, text);
      expect(grown.blocks, `at ${length}`).toEqual(splitBlocks(text));
    }
  });

  it('joins everything again when a footnote comes late', () => {
    const before = growBlocks(null, 'One[^1]\n\nTwo\n\nThree\n\nFour\n\n[^1]');
    const text = `${before.text}: note`;
    expect(before.blocks).toHaveLength(5);
    expect(growBlocks(before, text).blocks).toEqual([text]);
  });

  it('starts anew when the text is another one', () => {
    const before = growBlocks(null, 'a\n\nb\n\nc\n\nd');
    expect(growBlocks(before, 'x\n\ny').blocks).toEqual(['x\n\n', 'y']);
  });
});

describe('definitions', () => {
  it('are given to the blocks that refer to something', () => {
    const { definitions: found } = growBlocks(null, 'See [it].\n\nNo link.\n\n[it]: https://example.org\n');
    const [, , definitions = ''] = found;
    expect(found).toEqual(['', '', '[it]: https://example.org']);
    expect(withDefinitions('See [it].', definitions)).toContain('\n\n[it]: https://example.org');
    expect(withDefinitions('No link.', definitions)).toBe('No link.');
  });
});

describe('fenceIn', () => {
  it('reads language and code, open or closed', () => {
    expect(fenceIn('```ts title="x"\nlet a;\n')).toEqual({ language: 'ts', code: 'let a;\n', closed: false });
    expect(fenceIn('~~~\n```\n~~~\n\n')).toEqual({ language: '', code: '```', closed: true });
  });

  it('is not fooled by inline code or by text behind the fence', () => {
    expect(fenceIn('```not a fence``` really')).toBeNull();
    expect(fenceIn('```\na\n```\ntext')).toBeNull();
    expect(fenceIn('text\n```\na\n```')).toBeNull();
  });
});
