// The house's storeys. Imports point down only, and rooms on the same storey do not see each other.
'use strict';

const storeys = [
  ['foundation'],
  ['record'],
  ['contracts'],
  ['source-kit', 'sink-kit'],
  ['aws', 'state', 'logstore', 'transforms', 'demo'],
  ['sources', 'sinks'],
  ['pipeline', 'runs', 'scripts'],
  ['catalog'],
  ['config'],
  ['api'],
  ['app'],
  ['cli'],
];

const room = (names) => `^src/(${names.join('|')})/`;
const forbidden = storeys.flatMap((names, level) => {
  const above = storeys.slice(level + 1).flat();
  const rules = names
    .filter(() => names.length > 1)
    .map((name) => ({
      name: `${name}-sees-no-sibling`,
      severity: 'error',
      from: { path: room([name]), pathNot: '\\.test\\.ts$' },
      to: { path: room(names.filter((other) => other !== name)) },
    }));
  if (above.length > 0) {
    rules.push({
      name: `${names.join('-and-')}-look-down-only`,
      severity: 'error',
      from: { path: room(names), pathNot: '\\.test\\.ts$' },
      to: { path: room(above) },
    });
  }
  return rules;
});

// Adapters of one kind do not see each other either: what two of them need belongs to their kit.
for (const kind of ['sources', 'sinks', 'transforms']) {
  forbidden.push({
    name: `${kind}-are-independent`,
    severity: 'error',
    from: { path: `^src/${kind}/([^/]+)/`, pathNot: '\\.test\\.ts$' },
    to: { path: `^src/${kind}/[^/]+/`, pathNot: `^src/${kind}/$1/` },
  });
}

module.exports = {
  forbidden: [
    ...forbidden,
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-tests-in-the-product',
      severity: 'error',
      from: { path: '^src/', pathNot: '(\\.test\\.ts$|/testing/)' },
      to: { path: '(\\.test\\.ts$|^test/|^bench/|^src/contracts/testing/)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    parser: 'swc',
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.cjs', '.json'] },
  },
};
