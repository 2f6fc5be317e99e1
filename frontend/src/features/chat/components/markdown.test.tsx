import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';

import { CodeBlock } from './code-block';
import { Markdown } from './markdown';

afterEach(cleanup);

function html(text: string, growing = false): HTMLElement {
  return render(<Markdown text={text} growing={growing} />).container;
}

describe('Markdown', () => {
  it('draws what people write', () => {
    const page = html('# Title\n\nSome **bold** and `code`.\n\n- [x] done\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n');
    expect(page.querySelector('h1')?.textContent).toBe('Title');
    expect(page.querySelector('strong')?.textContent).toBe('bold');
    expect(page.querySelector('input')?.checked).toBe(true);
    expect(page.querySelectorAll('td')).toHaveLength(2);
  });

  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror="alert(1)">',
    '<iframe src="https://evil.test"></iframe>',
    '<a href="javascript:alert(1)">x</a>',
    '<style>body{display:none}</style>',
    '<svg onload=alert(1)>',
    '<form action="https://evil.test"><input name=password></form>',
  ])('makes no element of %s', (hostile) => {
    const page = html(`Before\n\n${hostile}\n\nand inline ${hostile} after`);
    expect(page.querySelector('script,img,iframe,style,svg,form,input,a')).toBeNull();
    expect(page.textContent).toContain(hostile);
  });

  it('shows HTML as it was written, and breaks lines where it says so', () => {
    const page = html('Use <div> here.\n\n| a |\n|---|\n| one<br>two |');
    expect(page.querySelector('p')?.textContent).toBe('Use <div> here.');
    expect(page.querySelectorAll('td br')).toHaveLength(1);
  });

  it.each([
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert(1))',
    '[x](data:text/html,hi)',
    '[x](vbscript:x)',
    '[x](#/admin)',
    '[x](/auth/logout)',
  ])('makes no link of %s', (hostile) => {
    const page = html(hostile);
    expect(page.querySelector('a')).toBeNull();
    expect(page.textContent).toBe('x');
  });

  it('shows the whole address of a link that is pressed, and opens nothing by itself', () => {
    html('[the manual](https://example.org/a?b=c)');
    expect(fireEvent.click(screen.getByRole('link', { name: 'the manual' }))).toBe(false);
    const dialog = screen.getByRole('dialog', { name: 'Open this link?' });
    expect(dialog.textContent).toContain('https://example.org/a?b=c');
    const open = screen.getByRole('link', { name: 'Open' });
    expect(open.getAttribute('href')).toBe('https://example.org/a?b=c');
    expect(open.getAttribute('rel')).toBe('noopener noreferrer');
    fireEvent.click(open);
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('names the address of a link where a browser looks for it', () => {
    const link = html('[the manual](https://example.org/a?b=c)').querySelector('a');
    expect(link?.getAttribute('href')).toBe('https://example.org/a?b=c');
    expect(link?.title).toBe('https://example.org/a?b=c');
    expect(link?.target).toBe('_blank');
    expect(link?.rel).toBe('noopener noreferrer');
  });

  it('never loads an image, and shows its address instead', () => {
    const page = html('![a cat](https://evil.test/p.png?d=secret) ![in](data:image/png;base64,AAAA)');
    expect(page.querySelector('img')).toBeNull();
    expect(page.querySelector('a')?.textContent).toBe('Image: a cat (https://evil.test/p.png?d=secret)');
  });

  it('mends only while the answer grows', () => {
    expect(html('Some **bold te', true).querySelector('strong')?.textContent).toBe('bold te');
    expect(html('Some **bold te').textContent).toBe('Some **bold te');
  });

  it('keeps the elements of finished blocks while the last one grows', () => {
    const { container, rerender } = render(<Markdown text={'One\n\nTwo\n\nThr'} growing />);
    const first = container.querySelector('p');
    rerender(<Markdown text={'One\n\nTwo\n\nThree\n\n```js\nlet a'} growing />);
    expect(container.querySelector('p')).toBe(first);
    const code = container.querySelector('pre');
    rerender(<Markdown text={'One\n\nTwo\n\nThree\n\n```js\nlet a;\n```\n'} growing={false} />);
    expect(container.querySelector('pre')).toBe(code);
    expect(code?.textContent).toBe('let a;');
  });

  it('finds link definitions of other blocks', () => {
    const page = html('See [it][1].\n\nMore.\n\n[1]: https://example.org');
    expect(page.querySelector('a')?.getAttribute('href')).toBe('https://example.org');
  });
});

describe('CodeBlock', () => {
  it('colours without HTML and keeps the text', async () => {
    const code = 'const a = "<b>&amp;</b>"; // note';
    const { container } = render(<CodeBlock code={code} info="js" growing={false} />);
    expect(screen.getByText('JavaScript')).toBeTruthy();
    await waitFor(() => expect(container.querySelector('.hl-keyword')?.textContent).toBe('const'));
    expect(container.querySelector('.hl-string')?.textContent).toBe('"<b>&amp;</b>"');
    expect(container.querySelector('code')?.textContent).toBe(code);
  });

  it('colours scripts inside HTML', async () => {
    const code = '<p class="x">a</p><script>let b = 1;</script>';
    const { container } = render(<CodeBlock code={code} info="html" growing={false} />);
    await waitFor(() => expect(container.querySelector('.hl-keyword')?.textContent).toBe('let'));
    expect(container.querySelector('code')?.textContent).toBe(code);
  });

  it('leaves an unknown language plain', () => {
    const { container } = render(<CodeBlock code="xyzzy" info="zork" growing={false} />);
    expect(screen.getByText('zork')).toBeTruthy();
    expect(container.querySelector('code span')).toBeNull();
  });
});

describe('formulas', () => {
  it('are drawn without HTML, inline and on lines of their own', async () => {
    const page = html('So \\(a^2\\) and $b$:\n\n\\[c = \\frac{1}{2}\\]\n\nfor $5 or $10.');
    await waitFor(() => expect(page.querySelectorAll('.katex')).toHaveLength(3));
    expect(page.querySelectorAll('.formula[data-display]')).toHaveLength(1);
    expect(page.textContent).toContain('for $5 or $10.');
  });

  it('stand in the item, quotation or cell that they were written in', async () => {
    const page = html(
      '1. One:\n   \\[\n   a\n   \\]\n2. Two \\(b\\) and \\[c\\] too\n3. Three\n\n> \\[\n> d\n> \\]\n\n| f |\n|---|\n| \\[e\\] |',
    );
    await waitFor(() => expect(page.querySelectorAll('.katex')).toHaveLength(5));
    expect(page.querySelectorAll('ol')).toHaveLength(1);
    expect([...page.querySelectorAll('ol > li')].map((item) => item.querySelectorAll('.katex').length)).toEqual([1, 2, 0]);
    expect(page.querySelectorAll('li .formula[data-display]')).toHaveLength(2);
    expect(page.querySelectorAll('blockquote .katex, td .katex')).toHaveLength(2);
  });

  it.each(['\\frac{1}', '\\nosuch{x}', '\\href{javascript:alert(1)}{x}', '\\includegraphics{https://evil.test/p.png}'])(
    'stand as they were written, or inert, where %s is no formula to draw',
    async (formula) => {
      const page = html(`Before $${formula}$ after.`);
      await waitFor(() => expect(page.querySelector('.formula')?.textContent).toContain(formula.slice(1, 5)));
      expect(page.querySelector('a, img, [href], [src]')).toBeNull();
    },
  );
});
