import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitepress';
import llms from 'vitepress-plugin-llms';
import { slugOf } from '../../scripts/links.mjs';
import { sidebar } from '../sidebar.mjs';

const source = (path) => fileURLToPath(new URL(`../../src/${path}`, import.meta.url));

export default defineConfig({
  title: 'websocket-subject',
  description: 'An RxJS webSocket that tells you how the connection ended, and reconnects by close code.',
  srcDir: '.pages',
  cleanUrls: false,
  lastUpdated: false,
  metaChunk: true,
  markdown: { anchor: { slugify: slugOf }, theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' } },
  themeConfig: {
    nav: [
      { text: 'Guides', link: '/guides/connect' },
      { text: 'Try it', link: '/try' },
      { text: 'Reference', link: '/reference/' },
    ],
    sidebar,
    outline: [2, 3],
    search: { provider: 'local' },
  },
  vite: {
    // The examples run the library from its sources, as a page does.
    resolve: {
      alias: [
        { find: /^websocket-subject$/, replacement: source('index.ts') },
        { find: /^websocket-subject\/testing$/, replacement: source('testing/index.ts') },
        { find: '#transport', replacement: source('connection/platform.ts') },
      ],
    },
    plugins: [llms({ ignoreFiles: ['changelog.md', 'decisions.md'] })],
    build: { chunkSizeWarningLimit: 4_000 },
  },
});
