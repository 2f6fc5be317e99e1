// Writes the page's API types from docs/openapi.json; with --check it only tells whether they differ.
import { readFile, writeFile } from 'node:fs/promises';

import openapiTS, { astToString } from 'openapi-typescript';

const DOCUMENT = new URL('../../../docs/openapi.json', import.meta.url);
const TYPES = new URL('../../src/shared/api/generated/schema.d.ts', import.meta.url);

const wanted = `// Generated from docs/openapi.json by \`make client\`. Never edited.\n${astToString(await openapiTS(DOCUMENT))}`;

if (process.argv.includes('--check')) {
  const present = await readFile(TYPES, 'utf8').catch(() => '');
  if (present !== wanted) {
    process.stderr.write('OmniAI: the page’s API types differ from docs/openapi.json. Run: make client\n');
    process.exit(1);
  }
} else {
  await writeFile(TYPES, wanted);
}
