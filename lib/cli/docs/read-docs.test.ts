import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { blocksOf, missingPaths, readDocs, runnable, unknownCommands, untested } from './read-docs'

const root = process.cwd()
const docs = readDocs(root)
const makefile = readFileSync('Makefile', 'utf8')
const targets = [...makefile.matchAll(/^([a-z-]+):/gm)].map(([, name = '']) => name)
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }

it('finds blocks, and what is neither run nor a make target', () => {
  const text = '# A\n\n```sh run\ncurl x\n```\n\n```sh\nmake demo # go\ncurl y\n```\n\n```json\n{}\n```\n'
  const blocks = blocksOf({ path: 'a.md', text })
  expect(blocks.map(({ info, line }) => [info, line])).toEqual([
    ['sh run', 3],
    ['sh', 7],
    ['json', 12],
  ])
  expect(blocks.filter(runnable)).toHaveLength(1)
  expect(blocks.flatMap(untested)).toEqual(['a.md:7: "curl y" is neither run by the check nor a make target.'])
})

it('finds links, paths and commands that lead nowhere', () => {
  const text = 'See [x](nowhere.md), [y](../README.md), `lib/none.ts`, `lib/core`, `make nothing` and npm run nothing.'
  const doc = { path: 'docs/a.md', text }
  expect(missingPaths(root, doc)).toEqual([
    expect.stringContaining('docs/nowhere.md'),
    expect.stringContaining('lib/none.ts'),
  ])
  expect(unknownCommands(doc, targets, Object.keys(scripts))).toHaveLength(2)
})

it.each(docs)('$path names only what exists and shows only commands that are run', (doc) => {
  expect(missingPaths(root, doc)).toEqual([])
  expect(unknownCommands(doc, targets, Object.keys(scripts))).toEqual([])
  expect(blocksOf(doc).flatMap(untested)).toEqual([])
})

it('the README begins with the two commands', () => {
  const readme = docs.find(({ path }) => path === 'README.md')
  const first = readme ? blocksOf(readme)[0] : undefined
  expect(first?.script).toMatch(/^make demo .*\nmake test /)
})
