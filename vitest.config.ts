import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  resolve: {
    alias: [
      { find: /^@\//, replacement: here('./') },
      { find: 'server-only', replacement: here('./node_modules/server-only/empty.js') },
    ],
  },
  test: {
    include: [
      '{app,components,lib,prisma,examples}/**/*.test.{ts,tsx}',
      'e2e/{api,clients,stress}/**/*.test.ts',
      '*.test.ts',
    ],
    globalSetup: ['lib/core/testing/global-setup.ts'],
    pool: 'forks',
    // Mutable state lives in the kernel, which every suite installs for itself: modules are loaded once per worker.
    isolate: false,
    maxWorkers: 2,
    retry: Number(process.env['CLASPER_TEST_RETRIES'] ?? 0),
    testTimeout: 20_000,
    hookTimeout: 60_000,
    sequence: { hooks: 'list' },
    allowOnly: false,
  },
})
