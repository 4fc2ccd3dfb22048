// Compares the public surface in dist with etc/*.api.md; with --local it writes them instead. Run after `npm run build`.
import { existsSync, mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { CompilerState, Extractor, ExtractorConfig } from '@microsoft/api-extractor';
import { root } from './packPackage.mjs';

const localBuild = process.argv.includes('--local');
const reports = ['api-extractor.json', ...['operators', 'testing', 'angular', 'angular-testing'].map((entry) => `config/api-extractor.${entry}.json`)];
const configs = reports.map((file) => ExtractorConfig.loadFileAndPrepare(join(root, file)));
const [first, ...others] = configs;
const compilerState = CompilerState.create(first, { additionalEntryPoints: others.map(({ mainEntryPointFilePath }) => mainEntryPointFilePath) });

let failed = false;
for (const config of configs) {
  mkdirSync(config.reportFolder, { recursive: true });
  const missing = !existsSync(config.reportFilePath);
  const result = Extractor.invoke(config, { localBuild, compilerState });
  const verdict = result.apiReportChanged || missing ? (localBuild ? 'written' : 'differs from the surface: review it with `npm run api` and commit it') : 'unchanged';
  console.log(`${relative(root, config.reportFilePath)}: ${verdict}; ${result.errorCount} errors, ${result.warningCount} warnings`);
  failed ||= !result.succeeded || (missing && !localBuild);
}
process.exitCode = failed ? 1 : 0;
