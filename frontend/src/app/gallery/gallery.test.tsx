import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';

import { Gallery } from './gallery';

const UI = join(import.meta.dirname, '../../shared/ui');

afterEach(cleanup);

describe('Gallery', () => {
  it('shows every primitive', () => {
    const shown = ['gallery.tsx', 'parts.tsx', 'fields.tsx', 'tokens.tsx']
      .map((file) => readFileSync(join(import.meta.dirname, file), 'utf8'))
      .join('');
    const exported = readdirSync(UI)
      .filter((file) => file.endsWith('.tsx'))
      .flatMap((file) =>
        [...readFileSync(join(UI, file), 'utf8').matchAll(/^export function ([A-Z]\w+)/gmu)].map((found) => found[1] ?? ''),
      );
    expect(exported.length).toBeGreaterThan(20);
    expect(exported.filter((name) => !shown.includes(`<${name}`))).toEqual([]);
  });

  it('can be drawn without a backend and without a sign-in', () => {
    render(<Gallery />);
    expect(screen.getByRole('heading', { level: 1, name: 'Gallery' })).toBeDefined();
    expect(screen.getByRole('button', { name: 'primary, busy' }).getAttribute('aria-busy')).toBe('true');
  });
});
