import { describe, expect, it } from 'vitest'
import { isProblem } from '@/lib/shared/problem'
import { checkFiles, isLeftOut, pathFault } from './check-files'

const file = (path: string, bytes: Uint8Array = Buffer.from('x')) => ({ path, bytes })

const refusedFor = (act: () => unknown): string => {
  try {
    act()
  } catch (error) {
    if (isProblem(error) && error.code === 'invalid_request') return JSON.stringify(error.details)
    throw error
  }
  return 'taken'
}

describe('a path', () => {
  it.each([
    ['', 'has no name'],
    ['/etc/passwd', 'is an absolute path'],
    ['C:/windows/x', 'is an absolute path'],
    ['..', 'leads out'],
    ['../x', 'leads out'],
    ['a/../../x', 'leads out'],
    ['a/..', 'leads out'],
    ['a\\..\\x', 'backslash'],
    ['name:b', 'colon'],
    ['a//b', 'plainly'],
    ['a/./b', 'plainly'],
    ['a/', 'plainly'],
    ['a\0b', 'null byte'],
    ['a\nb', 'no name may hold'],
    ['a\u202eb', 'no name may hold'],
    ['a\ud800b', 'no name may hold'],
    ['name. ', 'dot or a space'],
    ['folder./x', 'dot or a space'],
    ['n'.repeat(256), 'too long'],
    [Array.from({ length: 10 }, () => 'n'.repeat(120)).join('/'), 'too long'],
    [Array.from({ length: 17 }, () => 'd').join('/'), 'deeper'],
  ])('%j is refused: %s', (path, reason) => expect(pathFault(path)).toContain(reason))

  it.each([
    ['AGENTS.md'],
    ['skills/a b/SKILL.md'],
    ['souls/größe.md'],
    ['a/..b'],
    ['...x'],
    ['📦/x'],
    ['n'.repeat(255)],
  ])('%s is taken', (path) => expect(pathFault(path)).toBeNull())

  it.each([
    ['.env', true],
    ['a/.git/config', true],
    ['node_modules/a/index.js', true],
    ['skills/a/node_modules/b', true],
    ['.boot-complete', true],
    ['.agents/skills/a/SKILL.md', false],
    ['.agents/skills/a/.git/config', true],
    ['.agents/secret', true],
    ['skills/a/SKILL.md', false],
  ])('%s is left out: %s', (path, isOut) => expect(isLeftOut(path)).toBe(isOut))
})

describe('the files of a version', () => {
  it('are refused all at once, each with its reason', () => {
    const told = refusedFor(() => checkFiles([file('../a'), file('/b'), file('big', Buffer.alloc(1_048_577))]))
    for (const reason of ['leads out', 'absolute', 'larger than 1 MiB']) expect(told).toContain(reason)
  })

  it.each([
    ['twice', ['a', 'a'], 'is there twice'],
    ['in two cases', ['Skills/a', 'skills/A'], 'case'],
    ['in two cases of their folders', ['Souls/a.md', 'souls/b.md'], 'case'],
    ['in two ways to write one letter', ['\u00e9', 'e\u0301'], 'case'],
    ['as a file and as a folder', ['a', 'a/b'], 'a file and a folder'],
  ])('are refused where a name is there %s', (_, paths, reason) =>
    expect(refusedFor(() => checkFiles(paths.map((path) => file(path))))).toContain(reason),
  )

  it('are 10,000 and 64 MiB at most', () => {
    const many = (count: number) => Array.from({ length: count }, (_, at) => file(`f/${at}`))
    expect(checkFiles(many(10_000)).files).toHaveLength(10_000)
    expect(refusedFor(() => checkFiles(many(10_001)))).toContain('at most 10000 files')
    const large = Array.from({ length: 65 }, (_, at) => file(`f/${at}`, Buffer.alloc(1_048_576)))
    expect(checkFiles(large.slice(1)).files).toHaveLength(64)
    expect(refusedFor(() => checkFiles(large))).toContain('64 MiB')
  })

  it('leave hidden ones out with a word, whatever those are', () => {
    const hidden = [file('.git/a', Buffer.alloc(2_000_000)), file('.git/HEAD'), file('.git/head')]
    const { files, warnings } = checkFiles([file('a'), ...hidden])
    expect(files.map(({ path }) => path)).toEqual(['a'])
    expect(warnings.join()).toContain('.git/HEAD')
    expect(refusedFor(() => checkFiles([file('.git/../../x')]))).toContain('leads out')
  })
})
