import { expect, it } from 'vitest'
import { pathOfFile, tableOf } from './route-table'

it.each([
  ['(api)/traces/[id]/label/route.ts', '/traces/[id]/label'],
  ['ops/(console)/page.tsx', '/ops'],
  ['(api)/health/route.ts', '/health'],
  ['page.tsx', '/'],
])('%s answers at %s', (file, path) => {
  expect(pathOfFile(file)).toBe(path)
})

it('names every route, page and file once', () => {
  const text = tableOf({ routes: ['(api)/health/route.ts'], pages: ['/ops'], files: ['/icon.svg'] })
  expect(text).toContain("import * as r0 from './(api)/health/route'")
  expect(text).toContain('{ path: "/health", module: r0 }')
  expect(text).toContain('"/ops"')
  expect(text).toContain('"/icon.svg"')
})
