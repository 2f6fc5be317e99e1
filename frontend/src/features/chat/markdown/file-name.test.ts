import { expect, it } from 'vitest';

import { fileName } from './file-name';

it.each([
  ['python', 'code.py'],
  ['PY', 'code.py'],
  ['tsx', 'code.tsx'],
  ['toml', 'code.toml'],
  ['ini', 'code.ini'],
  ['html', 'code.html'],
  ['svg', 'code.svg'],
  ['shell', 'code.sh'],
  ['csv', 'code.csv'],
  ['mermaid', 'code.mmd'],
  ['../../etc/passwd', 'code.txt'],
  ['constructor', 'code.txt'],
  ['', 'code.txt'],
])('a block of %j is kept as %s', (info, name) => {
  expect(fileName(info)).toBe(name);
});
