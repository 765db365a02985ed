import { mkdirSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { useFolder } from '@/lib/core/testing/folder'
import { noteLinks, restoreLinks } from './next-links'

const linked = (from: string, to: string) => {
  mkdirSync(dirname(from), { recursive: true })
  symlinkSync(to, from)
}

describe('links of the build', () => {
  const folder = useFolder()

  it('lead to the same packages wherever npm has put them', () => {
    const built = folder.below('built')
    built.write({
      'node_modules/pg/package.json': '{}',
      'node_modules/@scope/a/package.json': '{}',
      'node_modules/b/node_modules/pg/package.json': '{}',
      'dist/cli.mjs': '',
    })
    linked(built.at('.next/node_modules/pg-1'), '../../node_modules/pg')
    linked(built.at('.next/node_modules/@scope/a-2'), '../../../node_modules/@scope/a')
    linked(built.at('.next/node_modules/pg-3'), '../../node_modules/b/node_modules/pg')
    noteLinks(built.path)

    const app = folder.below('app')
    app.write({
      'node_modules/pg/package.json': 'outer',
      'node_modules/@scope/a/package.json': '{}',
      'node_modules/b/node_modules/pg/package.json': 'inner',
      'node_modules/clasper/dist/next-links.json': readFileSync(built.at('dist/next-links.json'), 'utf8'),
    })
    const clasper = app.below('node_modules/clasper')
    restoreLinks(clasper.path)
    restoreLinks(clasper.path)
    const target = (name: string) => realpathSync(clasper.at('.next/node_modules', name))
    expect(target('pg-1')).toBe(app.at('node_modules/pg'))
    expect(target('@scope/a-2')).toBe(app.at('node_modules/@scope/a'))
    expect(target('pg-3')).toBe(app.at('node_modules/b/node_modules/pg'))
  })

  it('says which package is missing', () => {
    const app = folder.below('broken')
    app.write({ 'dist/next-links.json': '{"gone-1":"gone"}' })
    expect(() => restoreLinks(app.path)).toThrow('The package gone is missing')
    rmSync(app.at('dist/next-links.json'))
    expect(() => restoreLinks(app.path)).not.toThrow()
  })
})
