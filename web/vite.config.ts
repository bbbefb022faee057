// How the client is built and, while developing, served. The Rust build calls `vite build --outDir …`.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { compress } from './build/compress.ts';

const server = process.env.PARLOR_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react(), compress()],
  build: {
    target: 'es2022',
    manifest: true,
    // Our own plugin compresses; measuring it again would double the work.
    reportCompressedSize: false,
    // Every browser that we support preloads modules itself.
    modulePreload: { polyfill: false },
    // An inlined asset would be a data: address, which the content policy need not allow.
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // Left alone, what the first screen shares with each later one becomes a file of its own: ten requests where
            // two do. Libraries change more seldom than we do, so they are the second file.
            { name: 'libraries', test: /node_modules[\\/](react|react-dom|scheduler|wouter|regexparam|use-sync-external-store|mitt|virtua|zustand|socket\.io-client|socket\.io-parser|engine\.io-client|engine\.io-parser|@socket\.io)[\\/]/, priority: 2 },
            { name: 'shared', test: /src[\\/]((?:model|sync)[\\/](?!lobby|speed-chat)|store|uploads[\\/](store|words|remembered)|ui[\\/](?!dialog|confirm-dialog|menu-drawn|menu\.module|check)|api|clock|notify|failure|live|routes|screens[\\/]group[\\/](composing|markdown-view|emoji-memory))/, priority: 1 },
            // What the watch screen and what it loads later have in common; else the later parts would hang on the screen.
            { name: 'watch-common', test: /src[\\/](uploads[\\/]kinds|watch[\\/](own-settings|subtitles|store|players[\\/]source)|screens[\\/]watch[\\/](lists|tabs)\.module)/, priority: 1 },
          ],
        },
      },
    },
  },
  server: {
    proxy: {
      '/api': { target: server },
      '/socket.io': { target: server, ws: true },
    },
  },
  test: {
    include: ['src/**/*.test.ts', 'src/**/*.test.tsx'],
    environment: 'node',
    // Time of day is shown in the reader's zone; the tests need one that does not move.
    env: { TZ: 'UTC' },
  },
});
