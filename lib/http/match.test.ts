import { describe, expect, it } from 'vitest'
import { matcherOf } from './match'

const match = matcherOf(
  [
    '/',
    '/skills/registry',
    '/skills/[name]/[version]/promote',
    '/skills/[name]',
    '/audit/[seq]',
    '/audit/stats',
    '/files/[...path]',
  ].map((path) => ({ path, target: path })),
)

describe('matcherOf', () => {
  it.each([
    ['/', '/', {}],
    ['/skills/registry', '/skills/registry', {}],
    ['/skills/alpha', '/skills/[name]', { name: 'alpha' }],
    ['/skills/registry/1.0/promote', '/skills/[name]/[version]/promote', { name: 'registry', version: '1.0' }],
    ['/audit/stats', '/audit/stats', {}],
    ['/audit/12', '/audit/[seq]', { seq: '12' }],
    ['/audit/a%20b', '/audit/[seq]', { seq: 'a b' }],
    ['/audit/a%2Fb', '/audit/[seq]', { seq: 'a/b' }],
    ['/files/a/b', '/files/[...path]', { path: ['a', 'b'] }],
  ])('%s → %s', (path, target, params) => {
    expect(match(path)).toEqual({ target, params })
  })

  it.each(['/nope', '/audit', '/audit/', '//audit/stats', '/audit/1/2', '/skills//1/promote', '/skills/a/b'])(
    'finds nothing at %s',
    (path) => {
      expect(match(path)).toBeNull()
    },
  )

  it('says when a URL is not well formed', () => {
    expect(match('/audit/%E0%A4%A')).toBe('malformed')
  })
})
