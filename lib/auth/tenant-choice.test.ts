import { expect, it } from 'vitest'
import { chooseTenant } from './tenant-choice'

const everywhere = { tenantId: 'a', allowedTenants: '*' } as const

it.each(['../etc', 'a b', 'x'.repeat(129), 'ü'])('%j is no tenant, not even for a star', (query) =>
  expect(() => chooseTenant(everywhere, { query })).toThrowError(
    expect.objectContaining({ code: 'tenant_access_denied' }),
  ),
)

it('a star opens what is one', () => expect(chooseTenant(everywhere, { query: 'b' })).toBe('b'))
