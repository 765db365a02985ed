import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { isUuid, uuidv7 } from './id'
import { cursorOf, encodeCursor, wholeOf } from './page'
import { isProblem, Problem } from './problem'
import { PERMISSIONS, permissionsOf, ROLES, rolesWith } from './rbac'
import { stableJson } from './stable-json'

describe('ids', () => {
  it('sort by time and say version 7', () => {
    const ids = [1, 2, 1_700_000_000_000, 1_800_000_000_000].map(uuidv7)
    expect([...ids].sort()).toEqual(ids)
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(ids.every(isUuid)).toBe(true)
  })
})

describe('stable JSON', () => {
  it('does not depend on the order of keys and parses back', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const shuffled = JSON.parse(JSON.stringify(value), (_, item: unknown) =>
          item && typeof item === 'object' && !Array.isArray(item)
            ? Object.fromEntries(Object.entries(item).reverse())
            : item,
        ) as unknown
        expect(stableJson(shuffled)).toBe(stableJson(value))
        expect(JSON.parse(stableJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  it('refuses numbers that JSON does not have', () => {
    expect(() => stableJson({ a: Number.NaN })).toThrow('finite')
  })
})

describe('cursors and numbers from a URL', () => {
  const Cursor = cursorOf(z.tuple([z.number().int()]))
  it('come back as they were issued, anything else is refused', () => {
    expect(Cursor.parse(encodeCursor([12]))).toEqual([12])
    for (const forged of ['', 'x', btoa('[1.5]'), btoa('["1"]'), `${encodeCursor([12])}=`, btoa('[ 12 ]')])
      expect(Cursor.safeParse(forged).success).toBe(false)
  })

  it('are digits alone', () => {
    const Whole = wholeOf(0, 10)
    expect(Whole.parse('7')).toBe(7)
    for (const bad of ['', ' 7', '7 ', '+7', '-1', '1e1', '0x7', '11', '7.0', '٣', ['7']])
      expect(Whole.safeParse(bad).success).toBe(false)
  })
})

describe('problems', () => {
  it('are known by their brand, not by their class', () => {
    expect(isProblem(new Problem('not_found'))).toBe(true)
    expect(isProblem(new Error('x'))).toBe(false)
    expect(isProblem(null)).toBe(false)
  })
})

describe('the permission matrix', () => {
  it('only grows from role to role', () => {
    for (const [i, role] of ROLES.entries()) {
      const before = i === 0 ? [] : permissionsOf(ROLES[i - 1] ?? role)
      expect(permissionsOf(role)).toEqual(expect.arrayContaining(before))
    }
    expect(permissionsOf('admin').length).toBe(Object.keys(PERMISSIONS).length)
    expect(rolesWith('key:manage')).toEqual(['admin'])
  })
})
