import { describe, expect, it } from 'vitest'
import {
  carried,
  countOf,
  type Draft,
  entriesOf,
  NO_DRAFT,
  pathFault,
  remove,
  restore,
  withEndings,
  write,
} from './draft'

const at = (path: string, original: string | null) => ({ base: 'b1', path, original })

describe('a draft', () => {
  it('holds what differs, and nothing once it is written back', () => {
    const one = write(NO_DRAFT, at('SOUL.md', 'old'), 'new')
    expect(one).toEqual({ base: 'b1', changed: { 'SOUL.md': 'new' }, deleted: [] })
    expect(write(one, at('SOUL.md', 'old'), 'old')).toEqual(NO_DRAFT)
  })

  it('keeps an empty file that is new, and forgets a new one that is taken away', () => {
    const one = write(NO_DRAFT, at('a.md', null), '')
    expect(countOf(one)).toBe(1)
    expect(remove(one, 'b1', 'a.md', false)).toEqual(NO_DRAFT)
  })

  it('deletes a saved file with what was written in it, and gives it back as it was', () => {
    const gone = remove(write(NO_DRAFT, at('SOUL.md', 'old'), 'new'), 'b1', 'SOUL.md', true)
    expect(gone).toEqual({ base: 'b1', changed: {}, deleted: ['SOUL.md'] })
    expect(restore(gone, 'SOUL.md')).toEqual(NO_DRAFT)
  })

  it('shows every file with what becomes of it', () => {
    const draft: Draft = { base: 'b1', changed: { 'a.md': 'x', 'new.md': 'y' }, deleted: ['b.md'] }
    expect(entriesOf(['a.md', 'b.md', 'c.md'], draft)).toEqual([
      { path: 'a.md', state: 'changed' },
      { path: 'b.md', state: 'deleted' },
      { path: 'c.md', state: 'same' },
      { path: 'new.md', state: 'added' },
    ])
  })

  it('does not delete again what is gone already', () => {
    const draft: Draft = { base: 'b1', changed: { 'a.md': 'x' }, deleted: ['b.md', 'c.md'] }
    expect(carried(draft, 'b2', ['a.md', 'c.md'])).toEqual({ base: 'b2', changed: { 'a.md': 'x' }, deleted: ['c.md'] })
  })
})

describe('line ends', () => {
  it('are those of the file', () => {
    expect(withEndings('a\r\nb', 'a\nc')).toBe('a\r\nc')
    expect(withEndings('a\nb', 'a\nc')).toBe('a\nc')
    expect(withEndings('a\r\nb\nc', 'a\nb')).toBe('a\nb')
    expect(withEndings(null, 'a\nb')).toBe('a\nb')
  })

  it('so that a file that nobody changed is unchanged', () => {
    expect(write(NO_DRAFT, at('a', 'x\r\ny'), 'x\ny')).toEqual(NO_DRAFT)
  })
})

describe('a path', () => {
  const faulty = ['', '/a', 'a/', 'a//b', '../a', 'a/../b', 'a\\b', '.env', 'a/.git/x', 'node_modules/x', 'SOUL.md']
  for (const path of faulty)
    it(`${path === '' ? 'of nothing' : path} is refused`, () => expect(pathFault(path, ['SOUL.md'])).not.toBeNull())
  for (const path of ['souls/support.md', 'skills/a b/SKILL.md', '.agents/skills/x/SKILL.md', 'gates.yaml'])
    it(`${path} is fine`, () => expect(pathFault(path, ['SOUL.md'])).toBeNull())
})
