// How the page is built, served while it is worked on, and unit-tested. Knows the backend's port, not its routes' meaning.
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

import { backendOf, DIAGRAM_POLICY, policyFor, WITHOUT_INNER_HTML } from './content-security-policy.ts';

const BACKEND = `http://127.0.0.1:${process.env['OMNIAI_PORT'] ?? '8787'}`;
/** Named by `make static-page`. */
const PAGE_BACKEND = backendOf(process.env['OMNIAI_PAGE_BACKEND']);
const DOORS = [
  'admin',
  'auth',
  'chat',
  'conversations',
  'export',
  'health',
  'import',
  'keeping',
  'memory',
  'messages',
  'metrics',
  'models',
  'providers',
  'ready',
  'search',
  'trash',
  'usage',
  'version',
];

const WORKER = 'service-worker.js';
const MERMAID = fileURLToPath(new URL('./node_modules/@mermaid-js/tiny/dist/mermaid.tiny.js', import.meta.url));
/** Bytes above which the last per cent of compression takes seconds. */
const LARGE = 1_000_000;
const PUBLIC = fileURLToPath(new URL('./public/', import.meta.url));

const BASE =
  /node_modules\/(react|react-dom|scheduler|openapi-fetch)\/|createLucideIcon|src\/shared\/(api|i18n(?!\/words\/es)|lib\/class-names)/;

/** What all who are signed in need, whichever page they are on. */
const WITHIN =
  /@tanstack\/(react-query|query-core)\/|src\/shared\/lib\/(moments|keys|random-id)|src\/features\/(chat|models|usage|conversations)\/words\/(en|use-words)|icons\/(check|copy|chevron-right|chevron-down)\./;

/** 8 kB for what is never drawn. */
const WITHOUT_SCROLL_LOCK = { 'react-remove-scroll': fileURLToPath(new URL('./src/shared/ui/no-scroll-lock.ts', import.meta.url)) };

/** What wouter takes along for versions of React before 18. */
const WITHOUT_SHIM = { 'use-sync-external-store/shim/index.js': 'react' };

/** In the built page only: Vite's development server needs inline scripts. */
function contentSecurityPolicy(): Plugin {
  return {
    name: 'content-security-policy',
    apply: 'build',
    transformIndexHtml: () => [
      { tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content: policyFor(PAGE_BACKEND) }, injectTo: 'head-prepend' },
    ],
  };
}

/** A page that is built for one backend knows it from the start. */
function runtimeConfig(): Plugin {
  return {
    name: 'runtime-config',
    apply: 'build',
    async writeBundle({ dir = '' }) {
      if (PAGE_BACKEND === null) return;
      const apiBaseUrl = PAGE_BACKEND.href.replace(/\/+$/, '');
      await writeFile(join(dir, 'runtime-config.json'), `${JSON.stringify({ apiBaseUrl })}\n`);
    },
  };
}

/** A plain script before the first paint. Named here because Vite would want to bundle one that stands in index.html. */
function themeBeforePaint(): Plugin {
  return {
    name: 'theme-before-paint',
    transformIndexHtml: {
      order: 'post',
      handler: () => [{ tag: 'script', attrs: { src: './theme.js' }, injectTo: 'head' }],
    },
  };
}

/** Lays the compressed forms of each script and style beside it, for the backend to send. GitHub Pages compresses by itself. */
function compressedForms(): Plugin {
  return {
    name: 'compressed-forms',
    apply: 'build',
    async writeBundle({ dir = '' }, bundle) {
      const texts = Object.keys(bundle).filter((name) => /^assets\/.*\.(js|css)$/.test(name));
      const forms = texts.map(async (name) => {
        const file = join(dir, name);
        const text = await readFile(file);
        await writeFile(
          `${file}.br`,
          await promisify(brotliCompress)(text, { params: { [constants.BROTLI_PARAM_QUALITY]: text.length > LARGE ? 9 : 11 } }),
        );
        await writeFile(`${file}.gz`, await promisify(gzip)(text, { level: 9 }));
      });
      await Promise.all(forms);
    },
  };
}

/**
 * The frame that draws diagrams. Its scripts are plain ones: it has no origin, so that a module would be one from elsewhere. The
 * library is heavy (its authors lay it out as one file) and is fetched with the first diagram.
 */
function diagramFrame(): Plugin {
  return {
    name: 'diagram-frame',
    apply: 'build',
    async buildStart() {
      this.emitFile({ type: 'asset', name: 'mermaid.js', source: await readFile(MERMAID) });
    },
    generateBundle(_options, bundle) {
      const scripts = ['mermaid', 'diagram-frame'].map((name) => {
        const file = Object.keys(bundle).find((each) => each.startsWith(`assets/${name}-`) && each.endsWith('.js'));
        return `<script src="./${file ?? ''}"></script>`;
      });
      const head = `<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${DIAGRAM_POLICY}"><title>Diagrams</title>`;
      const body = `<body style="font-family: system-ui, sans-serif">${scripts.join('')}</body>`;
      this.emitFile({
        type: 'asset',
        fileName: 'diagram.html',
        source: `<!doctype html><html lang="en"><head>${head}</head>${body}</html>\n`,
      });
    },
  };
}

/** Tells the service worker what to keep: all that the page is made of, but for fonts, which are kept as they are used, and the frame, which is not its. */
function keptFiles(): Plugin {
  return {
    name: 'kept-files',
    apply: 'build',
    generateBundle: {
      order: 'post',
      async handler(_options, bundle) {
        const worker = bundle[WORKER];
        if (worker?.type !== 'chunk') return;
        const built = Object.values(bundle).filter(({ fileName }) => /^assets\/(?!mermaid-|diagram-frame-).*\.(js|css)$/.test(fileName));
        const laid = (await readdir(PUBLIC)).filter((name) => name !== 'runtime-config.json').toSorted();
        const hash = createHash('sha256').update(bundle['index.html']?.type === 'asset' ? bundle['index.html'].source : '');
        for (const { fileName } of built) hash.update(fileName);
        for (const name of laid) hash.update(await readFile(join(PUBLIC, name)));
        const files = ['', ...laid, ...built.map(({ fileName }) => fileName).toSorted()];
        worker.code = worker.code.replace('THIS_BUILD', JSON.stringify({ version: hash.digest('hex').slice(0, 16), files }));
      },
    },
  };
}

export default defineConfig({
  base: './',
  plugins: [
    react(),
    tailwindcss(),
    themeBeforePaint(),
    contentSecurityPolicy(),
    runtimeConfig(),
    diagramFrame(),
    keptFiles(),
    compressedForms(),
  ],
  resolve: { alias: { ...WITHOUT_INNER_HTML, ...WITHOUT_SCROLL_LOCK, ...WITHOUT_SHIM } },
  server: {
    port: 5173,
    strictPort: true,
    host: 'localhost',
    proxy: { [`^/(${DOORS.join('|')})(/|\\?|$)`]: BACKEND },
  },
  build: {
    // An inlined file would be a data: address, which the policy allows for images alone.
    assetsInlineLimit: 0,
    rolldownOptions: {
      // Radix names its functions by calls that would keep what nobody uses.
      treeshake: { manualPureFunctions: ['__name'] },
      input: { index: 'index.html', 'service-worker': 'src/service-worker.ts', 'diagram-frame': 'src/diagram-frame.ts' },
      // What every page stands on is one file; left alone, each part that two pages share would be a request of its own.
      output: {
        codeSplitting: {
          groups: [
            { name: 'base', test: BASE },
            { name: 'within', test: WITHIN },
          ],
        },
        // Its address stays, so that the browser finds the newer one.
        entryFileNames: ({ name }) => (name === 'service-worker' ? WORKER : 'assets/[name]-[hash].js'),
      },
    },
  },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.{ts,tsx}'],
    restoreMocks: true,
  },
});
