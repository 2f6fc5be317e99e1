import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { CodeBlock } from './code-block';

afterEach(cleanup);

const lines = (count: number) => Array.from({ length: count }, (_, number) => `line ${number + 1}`).join('\n');
const shown = (container: HTMLElement) => container.querySelector('pre')?.textContent;

describe('a long block', () => {
  it('is folded above 40 lines until all of them are asked for', async () => {
    const { container } = render(<CodeBlock code={lines(41)} info="" growing={false} />);
    expect(shown(container)).toBe(lines(40));
    await userEvent.click(screen.getByRole('button', { name: 'Show all 41 lines' }));
    expect(shown(container)).toBe(lines(41));
    expect(screen.queryByRole('button', { name: /^Show all/ })).toBeNull();
  });

  it('is whole at 40 lines, and where it was watched as it grew', () => {
    expect(shown(render(<CodeBlock code={lines(40)} info="" growing={false} />).container)).toBe(lines(40));
    const { container, rerender } = render(<CodeBlock code={lines(50)} info="" growing />);
    expect(shown(container)).toBe(lines(50));
    rerender(<CodeBlock code={lines(60)} info="" growing={false} />);
    expect(shown(container)).toBe(lines(60));
  });

  it('is downloaded whole, under a name that fits its language', async () => {
    const kept: Blob[] = [];
    const names: string[] = [];
    Object.assign(URL, { createObjectURL: (blob: Blob) => kept.push(blob) && 'blob:x', revokeObjectURL: () => undefined });
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      names.push(this.download);
    });
    render(<CodeBlock code={lines(50)} info="python" growing={false} />);
    await userEvent.click(screen.getByRole('button', { name: 'Download' }));
    expect(names).toEqual(['code.py']);
    expect(await kept[0]?.text()).toBe(lines(50));
  });
});

describe('values in a fence', () => {
  it('are a table with a way to their text and back', async () => {
    const { container } = render(<CodeBlock code={'name,watts\n"Lamp, large",12'} info="csv" growing={false} />);
    expect([...container.querySelectorAll('th, td')].map((cell) => cell.textContent)).toEqual(['name', 'watts', 'Lamp, large', '12']);
    await userEvent.click(screen.getByRole('button', { name: 'Show as text' }));
    expect(shown(container)).toBe('name,watts\n"Lamp, large",12');
    await userEvent.click(screen.getByRole('button', { name: 'Show as table' }));
    expect(container.querySelector('table')).not.toBeNull();
  });

  it('are text while they come, and where they are no table', () => {
    expect(render(<CodeBlock code={'a,b\n1,2'} info="csv" growing />).container.querySelector('table')).toBeNull();
    expect(render(<CodeBlock code={'a,b\n1,2,3'} info="csv" growing={false} />).container.querySelector('table')).toBeNull();
  });
});
