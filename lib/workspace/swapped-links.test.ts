import { execFileSync } from 'node:child_process'
import { realpathSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { beforeEach, describe, expect, it } from 'vitest'
import { type TestFolder, useFolder } from '@/lib/core/testing/folder'
import { openInside } from './open-inside'
import { readFolder } from './read-folder'
import { walkFolder } from './walk-folder'

const DAYS = Array.from({ length: 28 }, (_, n) => `memory/2026-01-${String(n + 1).padStart(2, '0')}.md`)
const LAST = 'memory/2026-01-28.md'

describe('a path that is swapped between the walk and the read', () => {
  const root = useFolder()
  let space: TestFolder
  let outside: TestFolder

  beforeEach(() => {
    for (const name of ['space', 'outside']) rmSync(root.at(name), { recursive: true, force: true })
    space = root.below('space')
    outside = root.below('outside')
    space.write(Object.fromEntries(DAYS.map((path) => [path, 'mine'])))
    outside.write(Object.fromEntries(DAYS.map((path) => [path, 'SECRET'])))
  })

  // The walk is done when the call returns; the last files are opened in a later turn of the event loop.
  const readWhile = async (swap: () => void) => {
    const reading = readFolder({ path: space.at(''), shown: 'space', isShared: true })
    swap()
    const { files, refused } = await reading
    return { texts: [...files.values()].map(({ text }) => text), refused: refused.map(({ path }) => path) }
  }

  it('reads a file that stays', async () => {
    expect((await readWhile(() => undefined)).texts).toEqual(DAYS.map(() => 'mine'))
  })

  it('refuses a file that became a link to the outside', async () => {
    const { texts, refused } = await readWhile(() => {
      rmSync(space.at(LAST))
      symlinkSync(outside.at(LAST), space.at(LAST))
    })
    expect(texts).not.toContain('SECRET')
    expect(refused).toContain(LAST)
  })

  it('refuses files whose folder became a link to the outside', async () => {
    const { texts, refused } = await readWhile(() => {
      renameSync(space.at('memory'), space.at('moved'))
      symlinkSync(outside.at('memory'), space.at('memory'))
    })
    expect(texts).not.toContain('SECRET')
    expect(refused).toContain(LAST)
  })

  it('does not wait for a pipe that took the place of a file', async () => {
    const { refused } = await readWhile(() => {
      rmSync(space.at(LAST))
      execFileSync('/usr/bin/env', ['mkfifo', space.at(LAST)])
    })
    expect(refused).toContain(LAST)
  })

  it('still follows a link that stays inside', async () => {
    symlinkSync(space.at(LAST), space.at('AGENTS.md'))
    const handle = await openInside(space.at('AGENTS.md'), realpathSync(space.at('')))
    expect(await handle.readFile('utf8')).toBe('mine')
    await handle.close()
  })

  it('does not list a folder that became a link', () => {
    const walk = walkFolder(space.at(''), realpathSync(space.at('')))
    walk.list('')
    rmSync(space.at('memory'), { recursive: true })
    symlinkSync(outside.at('memory'), space.at('memory'))
    expect(walk.list('memory')).toEqual([])
    expect(walk.refused.map(({ path }) => path)).toContain('memory')
  })
})
