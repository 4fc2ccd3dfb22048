import { fileURLToPath } from 'node:url';
import { mergeConfig } from 'vitest/config';
import config from './vitest.config.js';

/** Which branches the tests reach that look for mutants. The provider is installed in this folder, beside Stryker, not in the root. */
export default mergeConfig(config, {
  test: {
    reporters: ['default'],
    coverage: {
      enabled: true,
      provider: 'custom',
      customProviderModule: fileURLToPath(new URL('./node_modules/@vitest/coverage-v8/dist/index.js', import.meta.url)),
      include: ['src/**/*.ts'],
      exclude: ['src/{angular,angularTesting,testing}/**'],
      reportsDirectory: 'temp/coverage',
      reportOnFailure: true,
      reporter: ['text', 'json'],
      thresholds: { branches: 95 },
    },
  },
});
