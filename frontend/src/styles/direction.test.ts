// The page names no side by left and right, so that a language that is written from the right turns it round.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

// What is in the middle is so from both sides.
const SIDED_CSS = /^\s*(?:(?:margin|padding|border)-(?:left|right)\b|(?:left|right): (?!50%)|text-align: (?:left|right)|float: )/;
const SIDED_CLASS =
  /(?<![\w-])-?(?:[mp][lr]|left|right)-(?:\d|\[|px|auto)|(?<![\w-])(?:text-(?:left|right)|(?:border|rounded)-[lr])(?![\w])/;

function sided(ending: string, found: RegExp): string[] {
  const paths = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith(ending));
  expect(paths).not.toEqual([]);
  return paths.flatMap((path) =>
    readFileSync(join('src', path), 'utf8')
      .split('\n')
      .flatMap((line, at) => (found.test(line) ? [`${path}:${at + 1}`] : [])),
  );
}

test('no class names a side', () => {
  expect(sided('.tsx', SIDED_CLASS)).toEqual([]);
});

test('no style names a side', () => {
  expect(sided('.css', SIDED_CSS)).toEqual([]);
});
