export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner', './mutation/journal.mjs'],
  vitest: { configFile: 'mutation/vitest.config.ts', related: false },
  coverageAnalysis: 'perTest',
  // A mutant in code that runs when its module is loaded is tested in the second run of `run.mjs`.
  ignoreStatic: process.env.MUTATION_ON_LOAD === undefined,
  ignorePatterns: ['/site', '/examples', '/bench', '/dist', '/temp', '/etc', '/config', '/scripts', '/test/{runners,site,demo,pipeline,page,angular}'],
  tempDirName: 'temp/stryker',
  concurrency: 2,
  // Generous, so that a slow machine kills no mutant: only an endless loop takes that long.
  timeoutMS: 20_000,
  timeoutFactor: 3,
  dryRunTimeoutMinutes: 30,
  reporters: ['clear-text', 'json', 'progress-append-only', 'journal'],
  clearTextReporter: { allowColor: false, allowEmojis: false, logTests: false, reportTests: false },
  jsonReporter: { fileName: 'temp/mutation/report.json' },
};
