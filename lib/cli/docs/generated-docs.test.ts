import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ENV_FIELDS } from '@/lib/core/env-fields'
import { generatedDocs } from './generated-docs'
import { fill } from './markdown'

const root = process.cwd()
const docs = await generatedDocs(root)

describe('generated documentation', () => {
  it.each(docs)('$path is fresh (npm run docs)', ({ path, text }) => {
    expect(existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : '').toBe(text)
  })

  it('lists every setting once and shows no value of a secret', () => {
    const example = docs.find(({ path }) => path === '.env.example')?.text ?? ''
    for (const name of Object.keys(ENV_FIELDS)) expect(example.match(new RegExp(`^#${name}=`, 'gm'))).toHaveLength(1)
    expect(example).toMatch(/^#NEXTAUTH_SECRET=$/m)
  })

  it('replaces only what stands between the marks', () => {
    const text = 'before\n<!-- generated: a -->\nold\n<!-- end of generated -->\nafter'
    expect(fill(text, 'a', 'new')).toBe('before\n<!-- generated: a -->\n\nnew\n\n<!-- end of generated -->\nafter')
    expect(() => fill(text, 'b', 'new')).toThrow('missing')
  })
})
