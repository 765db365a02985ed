import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { fingerprintOf, isStamped, stamp, unstamp } from './stamp'

let root = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'stamp-'))
  mkdirSync(join(root, 'app'))
  writeFileSync(join(root, 'app/page.ts'), 'one')
  writeFileSync(join(root, 'app/page.test.ts'), 'one')
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

const print = () => fingerprintOf({ root, entries: ['app', 'missing'], skip: /[.]test[.]ts$/ })

it('changes with the content, the name and the salt, and not with what is skipped', () => {
  const first = print()
  expect(print()).toBe(first)
  writeFileSync(join(root, 'app/page.test.ts'), 'two')
  expect(print()).toBe(first)
  writeFileSync(join(root, 'app/page.ts'), 'two')
  const second = print()
  expect(second).not.toBe(first)
  writeFileSync(join(root, 'app/more.ts'), '')
  expect(print()).not.toBe(second)
  expect(fingerprintOf({ root, entries: ['app'], skip: /^$/, salt: 'a' })).not.toBe(
    fingerprintOf({ root, entries: ['app'], skip: /^$/, salt: 'b' }),
  )
})

it('knows what was stamped', () => {
  const file = join(root, '.cache/stamp')
  expect(isStamped(file, 'x')).toBe(false)
  stamp(file, 'x')
  expect([isStamped(file, 'x'), isStamped(file, 'y')]).toEqual([true, false])
  unstamp(file)
  expect(isStamped(file, 'x')).toBe(false)
})
