import js from '@eslint/js';
import rxjsX from 'eslint-plugin-rxjs-x';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Imports point one way. By folder of src: where the files that it imports are, besides its own. */
const belowSubject = ['session/', 'connection/', 'config/', 'close/'];
const arrows = {
  close: [],
  config: ['close/'],
  policy: ['config/check', 'close/'],
  connection: ['config/', 'close/'],
  session: ['connection/', 'config/', 'close/'],
  subject: belowSubject,
  operators: ['subject/', 'policy/', ...belowSubject],
  around: ['subject/', ...belowSubject],
  topics: ['subject/', ...belowSubject],
  testing: ['policy/', ...belowSubject],
  angular: ['subject/', ...belowSubject],
  angularTesting: ['angular/', 'testing/'],
};

/** One restriction of imports: the modules by a regular expression, why, and the names that may be imported all the same. */
const not = (regex, message, ...allowImportNames) => ({ regex, message, ...(allowImportNames.length > 0 && { allowImportNames }) });
const mayNotImport = (...patterns) => ({ 'no-restricted-imports': ['error', { patterns }] });

const noOperators = not('^rxjs/', 'This folder uses no operators of RxJS.');
/** By folder: what it may take of rxjs. A folder that is not listed may take everything. */
const rxjs = {
  close: [not('^rxjs(/|$)', 'What a close is does not depend on RxJS.')],
  policy: [not('^rxjs(/|$)', 'A policy is a pure function without RxJS.')],
  config: [noOperators, not('^rxjs$', 'src/config takes one type of RxJS.', 'Observable')],
  connection: [noOperators, not('^rxjs$', 'src/connection uses no operators.', 'Observable', 'ObservableInput', 'Subscriber', 'Subscription', 'from', 'isObservable')],
};
/** By folder: what it may take of the default transport. A folder that is not listed may take nothing. */
const transport = {
  connection: [],
  operators: [not('^#transport$', 'Only src/connection makes transports.', 'bytesRead', 'defaultPage', 'prepare')],
  session: [not('^#transport$', 'Only src/connection makes transports.', 'keepProcess', 'prepare')],
};
const noTransport = [not('^#transport$', 'Only src/connection asks for the default transport.')];
const transportFiles = not('^(\\.|\\.\\./connection)/(node|platform)\\.js$', "Import '#transport': package.json decides which one it is.");
const entryPoint = not('^\\.\\.?/index(\\.js)?$', 'An entry point is for users; import the file itself.');
const sockets = not('^(isomorphic-ws|ws|undici)(/|$)', "Only src/connection/node.ts names a socket; everything else asks '#transport'.");
const builtins = not('^node:', 'The library runs outside Node too.');

const importsOf = ([folder, targets]) => [
  not(`^\\.\\./(?!${targets.join('|') || 'nothing'})`, `src/${folder} imports ${targets.join(', ') || 'nothing'} besides itself.`),
  ...(rxjs[folder] ?? []),
  ...(transport[folder] ?? noTransport),
  transportFiles,
  entryPoint,
];

const platformGlobals = ['process', 'Buffer', 'global', 'setImmediate', 'window', 'self', 'document'];

const globals = (...names) => Object.fromEntries(names.map((name) => [name, 'readonly']));

export default defineConfig([
  globalIgnores(['scripts/consumer/**/*.ts', 'test/runners/**/*.ts', 'examples/angular/src', 'dist', 'coverage', 'etc', 'temp', '.vitest-attachments', 'examples/*/dist', 'site/.pages', 'site/.vitepress/cache', 'site/.vitepress/dist', '**/node_modules']),
  js.configs.recommended,
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts', '**/*.mts'],
    extends: [tseslint.configs.strictTypeChecked, rxjsX.configs.strict],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      'rxjs-x/no-subclass': 'off', // an Observable that is also an Observer is the product
      'rxjs-x/no-ignored-error': 'off', // whether an error is handled is the caller's affair, and tested
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'max-lines': ['error', { max: 380, skipBlankLines: true, skipComments: true }],
      'no-restricted-globals': ['error', ...platformGlobals],
      // Callers in plain JavaScript give anything: a conversion as the standard makes it is not unnecessary because a type says so.
      '@typescript-eslint/no-base-to-string': 'off',
      '@typescript-eslint/no-unnecessary-template-expression': 'off',
      '@typescript-eslint/no-unnecessary-type-conversion': 'off',
      // Whether two types are the same is asked with a parameter that is used once.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      // The base type of CloseEvent is `{}` where no Event is declared.
      '@typescript-eslint/no-generated-empty-object-type': 'off',
    },
  },
  ...Object.entries(arrows).map((arrow) => ({ files: [`src/${arrow[0]}/**/*.ts`], rules: mayNotImport(...importsOf(arrow), sockets, builtins) })),
  // The one file that knows Node.
  { files: ['src/connection/node.ts'], rules: mayNotImport(...importsOf(['connection', arrows.connection])) },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/index.ts', ...Object.keys(arrows).map((folder) => `src/${folder}/**`)],
    rules: mayNotImport(not('^\\.', 'Give this folder its place among the arrows of eslint.config.js.')),
  },
  {
    files: ['src/policy/**/*.ts'],
    rules: { 'no-restricted-globals': ['error', ...platformGlobals, 'setTimeout', 'setInterval', 'queueMicrotask', 'performance', 'Date'] },
  },
  {
    files: ['test/**/*.ts', 'mutation/*.ts', '*.config.ts', 'examples/**/*.ts'],
    rules: {
      'max-lines': ['error', 400],
      // Tests hand in what users should not, and look at what comes out.
      '@typescript-eslint/no-base-to-string': 'off',
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/only-throw-error': 'off',
      '@typescript-eslint/prefer-promise-reject-errors': 'off',
      '@typescript-eslint/restrict-template-expressions': 'off',
      '@typescript-eslint/unbound-method': 'off',
      'rxjs-x/no-floating-observables': 'off',
      'rxjs-x/no-ignored-default-value': 'off',
      'rxjs-x/no-nested-subscribe': 'off',
      'rxjs-x/throw-error': 'off',
    },
  },
  {
    // A model that used the code of the library would share its faults.
    files: ['test/programs/laws/**'],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns: [{ regex: '/src/', message: 'The laws share no code with src.', allowTypeImports: true }] }] },
  },
  {
    files: ['test/types/**'],
    rules: {
      '@typescript-eslint/ban-ts-comment': ['error', { 'ts-expect-error': false }], // the test's title says why
      '@typescript-eslint/no-deprecated': 'off',
      '@typescript-eslint/no-unnecessary-type-assertion': 'off',
      '@typescript-eslint/no-unused-vars': 'off',
      'rxjs-x/no-unbound-methods': 'off',
    },
  },
  {
    files: ['**/*.js', '**/*.mjs', '**/*.cjs'],
    languageOptions: {
      globals: globals(
        'process', 'console', 'Buffer', 'URL', 'URLSearchParams', 'fetch', 'performance', 'WebSocket', 'Event', 'EventTarget', 'DOMException',
        'AbortController', 'AbortSignal', 'TextEncoder', 'TextDecoder', 'structuredClone', 'queueMicrotask', 'globalThis',
        'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'window', 'require', 'module',
      ),
    },
  },
  { files: ['test/runners/jest-*/*.test.cjs'], languageOptions: { globals: globals('afterEach', 'describe', 'expect', 'jest', 'test') } },
  { files: ['scripts/mocks/jest.test.cjs'], languageOptions: { globals: globals('afterEach', 'expect', 'test') } },
]);
