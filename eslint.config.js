import js from '@eslint/js';
import rxjsX from 'eslint-plugin-rxjs-x';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Arrows only point down: operators -> subject -> policy, close. One entry a folder: what its files may not import, and why. */
const mayNotImport = (...patterns) => ({ 'no-restricted-imports': ['error', { patterns: patterns.map(([regex, message]) => ({ regex, message })) }] });
const rxjs = ['^rxjs(/|$)', 'This folder is free of RxJS, so that another face can stand on it.'];
const sockets = ['^(isomorphic-ws|ws|undici)(/|$)', "Only src/transport names a socket; everything else asks '#transport'."];
const builtins = ['^node:', 'The library runs outside Node too.'];
const defaultTransport = ['^#transport$', 'Only src/subject asks for the default transport.'];
const transportFiles = ['^\\.\\./transport(/|$)', "Import '#transport': package.json decides which one it is."];
const entryPoint = ['^\\.\\.?/(\\.\\./)?index(\\.js)?$', 'An entry point is for users; import the file itself.'];

const globals = (...names) => Object.fromEntries(names.map((name) => [name, 'readonly']));

export default defineConfig([
  globalIgnores(['scripts/consumer/*.ts', 'dist', 'coverage', 'etc', 'temp', '.vitest-attachments', 'examples/*/dist', '**/node_modules']),
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
      'max-lines': ['error', { max: 320, skipBlankLines: true, skipComments: true }],
      'no-restricted-globals': ['error', 'process', 'Buffer', 'global', 'setImmediate', 'window', 'self', 'document'],
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
  { files: ['src/close/**/*.ts'], rules: mayNotImport(rxjs, sockets, builtins, defaultTransport, ['^\\.\\./', 'src/close stands at the bottom: it imports nothing but itself.']) },
  {
    files: ['src/policy/**/*.ts'],
    rules: {
      ...mayNotImport(rxjs, sockets, builtins, defaultTransport, ['^\\.\\./(?!close/)', 'src/policy imports src/close and itself.']),
      'no-restricted-globals': ['error', 'setTimeout', 'setInterval', 'queueMicrotask', 'performance', 'Date'],
    },
  },
  { files: ['src/transport/**/*.ts'], rules: mayNotImport(rxjs, defaultTransport, ['^\\.\\./(?!subject/WebSocketLike)', 'src/transport imports the shape of a socket and nothing else of ours.']) },
  { files: ['src/subject/**/*.ts'], rules: mayNotImport(sockets, builtins, transportFiles, entryPoint, ['^\\.\\./operators(/|$)', 'Operators stand on the subject, not below it.']) },
  { files: ['src/topics/**/*.ts'], rules: mayNotImport(sockets, builtins, defaultTransport, transportFiles, entryPoint, ['^\\.\\./operators(/|$)', 'What stands around a subject uses it as it is.']) },
  { files: ['src/operators/**/*.ts'], rules: mayNotImport(sockets, builtins, defaultTransport, transportFiles, entryPoint) },
  {
    files: ['test/**/*.ts', '*.config.ts', 'examples/**/*.ts'],
    rules: {
      'max-lines': ['error', 400],
      // Tests hand in what users should not, and look at what comes out.
      '@typescript-eslint/no-base-to-string': 'off',
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
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
        'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'window', 'require',
      ),
    },
  },
]);
