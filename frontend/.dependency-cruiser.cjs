// The page's floors as rules: main > app > routes > features > shared. Why: docs/decisions/0001-floors-and-slices.md
/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'features-are-strangers',
      severity: 'error',
      from: { path: '^src/features/([^/]+)/' },
      to: { path: '^src/features/', pathNot: '^src/features/$1/' },
    },
    { name: 'features-know-only-shared', severity: 'error', from: { path: '^src/features/' }, to: { path: '^src/(app|routes)/' } },
    { name: 'routes-are-strangers', severity: 'error', from: { path: '^src/routes/' }, to: { path: '^src/(app|routes)/' } },
    { name: 'shared-knows-nobody', severity: 'error', from: { path: '^src/shared/' }, to: { path: '^src/(app|routes|features)/' } },
    { name: 'ui-is-dumb', severity: 'error', from: { path: '^src/shared/ui/' }, to: { path: '^src/shared/api/' } },
    {
      name: 'four-floors-only',
      severity: 'error',
      from: {},
      to: {
        path: '^src/',
        pathNot: '^src/(app|routes|features|shared|testing|styles)/|^src/(main\\.tsx|service-worker\\.ts|diagram-frame\\.ts)$',
      },
    },
    { name: 'everything-resolves', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.page.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.d.ts', '.css'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'types'],
    },
  },
};
