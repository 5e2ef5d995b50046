// Six floors, arrows only down. A package is entered through its index.ts alone.
const floor = {
  services: '^services/',
  service: '^packages/service/',
  feeds: '^packages/feeds/',
  domain: '^packages/(imports|ledger|mail)/',
  storage: '^packages/(database|bus)/',
  ground: '^packages/(csv|runtime|contracts)/',
};
const above = (...names) => `(${names.map((name) => floor[name]).join('|')})`;
const rule = (name, from, to, comment) => ({ name, comment, severity: 'error', from, to });
const tests = '\\.test\\.ts$';

export default {
  forbidden: [
    rule(
      'ground-is-lowest',
      { path: floor.ground, pathNot: tests },
      { path: above('services', 'service', 'feeds', 'domain', 'storage') },
    ),
    rule(
      'storage-below-domain',
      { path: floor.storage, pathNot: tests },
      { path: above('services', 'service', 'feeds', 'domain') },
    ),
    rule(
      'domain-below-feeds',
      { path: floor.domain, pathNot: tests },
      { path: above('services', 'service', 'feeds') },
    ),
    rule(
      'feeds-below-services',
      { path: floor.feeds, pathNot: tests },
      { path: above('services', 'service') },
    ),
    rule('service-below-services', { path: floor.service, pathNot: tests }, { path: floor.services }),
    rule(
      'services-stay-apart',
      { path: '^services/([^/]+)/', pathNot: `^services/cli/|${tests}` },
      { path: '^services/', pathNot: '^services/$1/' },
    ),
    rule(
      'one-door',
      { path: '^(packages|services)/([^/]+)/' },
      { path: '^(packages|services)/[^/]+/src/(?!index\\.ts$)', pathNot: '^$1/$2/' },
    ),
    rule(
      'ledger-knows-no-files',
      { path: '^packages/ledger/', pathNot: tests },
      { path: '^packages/(imports|mail|csv)/' },
    ),
    rule(
      'kafkajs-in-bus-only',
      { pathNot: '^(packages/(bus|proof|bench)|tests)/' },
      { path: 'node_modules/kafkajs' },
    ),
    rule(
      'testing-for-tests-only',
      { path: '^(packages|services)/', pathNot: `^packages/(testing|checker|proof|bench)/|${tests}` },
      { path: '^packages/(testing|checker|proof|bench)/' },
    ),
    rule(
      'checker-stands-alone',
      { path: '^packages/checker/' },
      { path: '^(packages|services|tests|scripts)/', pathNot: '^packages/checker/' },
      'What judges the product shares no code with it.',
    ),
    rule('no-circles', {}, { circular: true }),
    rule('nothing-unresolved', {}, { couldNotResolve: true }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/dist/' },
    tsConfig: { fileName: 'tsconfig.tests.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
