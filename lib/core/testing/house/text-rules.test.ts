import { describe, expect, it } from 'vitest'
import { CODE_RULES, faultsIn, TEXT_RULES } from './text-rules'

const fault = (path: string, text: string) => faultsIn({ path, text }, [...CODE_RULES, ...TEXT_RULES])

// Spelled in two halves, so that this file does not break the rules it tests.
const planted: [string, string, string][] = [
  ['process.env', 'lib/http/a.ts', `const port = process.${'env'}['PORT']\n`],
  ['process.env', 'lib/cli/a.ts', `const port = process.${'env'}['PORT']\n`],
  ['time of day', 'lib/auth/a.ts', 'const now = new Date()\n'],
  ['time of day', 'components/ui/a.tsx', 'const now = Date.now()\n'],
  ['mutable state', 'lib/auth/a.ts', 'let count = 0\n'],
  ['mutable state', 'lib/auth/a.ts', 'const seen = new Map<string, number>()\n'],
  ['mutable state', 'lib/auth/a.ts', 'export const queue: string[] = []\n'],
  ['more than 300', 'lib/auth/a.ts', 'line\n'.repeat(301)],
  ['escape hatch', 'lib/auth/a.ts', `// @ts-${'ignore'}\n`],
  ['escape hatch', 'lib/auth/a.ts', `const x = y as ${'any'}\n`],
  ['skipped', 'lib/auth/a.test.ts', `it.${'skip'}('x', () => {})\n`],
  ['former product', 'lib/http/a.ts', `headers.set('x-wom${'bat'}-trace', id)\n`],
  ['package registry', 'docs/a.md', `see https://registry.${'npmjs'}.org\n`],
]

const innocent: [string, string][] = [
  ['lib/cli/a.ts', `spawn('node', [], { env: { ...process.${'env'}, A: 'b' } })\n`],
  ['lib/auth/a.ts', "const NAMES = new Set(['a', 'b'])\nconst at = new Date(row.createdAt)\n"],
  ['lib/auth/a.ts', 'const f = () => {\n  let count = 0\n  const seen = new Map()\n}\n'],
  ['lib/auth/a.ts', 'const NONE: ReadonlySet<string> = new Set()\nconst EMPTY: Claims = {}\n'],
  ['lib/auth/a.ts', 'const perHandle = new WeakMap<object, string>()\n'],
  ['e2e/api/a.test.ts', `const rounds = process.${'env'}['ROUNDS']\n`],
  ['lib/auth/a.ts', '// Date.now() is for core/clock.ts only\n'],
  ['lib/core/env.ts', `const name = 'WOM${'BAT'}_PORT'\nconst raw = process.${'env'}\n`],
]

describe('house rules about text', () => {
  it.each(planted)('finds %s in %s', (expected, path, text) => {
    expect(fault(path, text)).toEqual([expect.stringContaining(expected)])
  })

  it.each(innocent)('leaves alone what is allowed in %s', (path, text) => {
    expect(fault(path, text)).toEqual([])
  })
})
