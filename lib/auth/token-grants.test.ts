import { SignJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import { fixedClock } from '../core/clock'
import { verifyTenantToken } from './hmac-token'
import { tokenGrants } from './token-grants'

describe('what a tenant token narrows', () => {
  test.each<[Record<string, unknown>, object | null]>([
    [{}, {}],
    [{ allowed_tools: [] }, { allowedTools: [] }],
    [{ allowed_tools: '' }, { allowedTools: [] }],
    [{ allowed_tools: '*' }, { allowedTools: '*' }],
    [{ allowed_tools: ['a', '*'] }, { allowedTools: '*' }],
    [{ allowed_tools: ['ns:*', ' b ', ''] }, { allowedTools: ['ns:*', 'b'] }],
    [{ allowed_tools: 'a, b c' }, { allowedTools: ['a', 'b', 'c'] }],
    [{ allowed_tools: null }, null],
    [{ allowed_tools: 4 }, null],
    [{ allowed_tools: { a: true } }, null],
    [{ allowed_tools: ['a', 4] }, null],
    [{ allowed_models: [] }, {}],
    [{ allowed_models: '*' }, {}],
    [{ allowed_models: ['openai/*'] }, { allowedModels: ['openai/*'] }],
    [{ allowed_models: false }, null],
    [{ allowed_models: Array(501).fill('m') }, null],
    [{ allowed_skills: [] }, {}],
    [{ allowed_skills: ['refunds'] }, { allowedSkills: ['refunds'] }],
    [{ allowed_skills: 7 }, null],
    [{ agent_role: 'support' }, { agentRole: 'support' }],
    [{ agent_role: ['support'] }, null],
    [{ max_tokens: 5 }, { maxTokens: 5 }],
    [{ max_tokens: 0 }, null],
    [{ max_tokens: '5' }, null],
    [{ budget_remaining: 0 }, { budgetRemaining: 0 }],
    [{ budget_remaining: -3 }, { budgetRemaining: 0 }],
    [{ budget_remaining: 0.0000019 }, { budgetRemaining: 1 }],
    [{ budget_remaining: '1' }, null],
    [{ budget_remaining: null }, null],
  ])('%j', (claims, expected) => {
    expect(tokenGrants(claims)).toEqual(expected)
  })

  test('claims that cannot be read make the token no token', async () => {
    const clock = fixedClock(new Date('2026-01-01T00:00:00Z'))
    const rules = { secret: 't'.repeat(40), algorithm: 'HS256' } as const
    const signed = (claims: object) =>
      new SignJWT({ tenant_id: 'acme', user_id: 'u', ...claims })
        .setProtectedHeader({ alg: 'HS256' })
        .setExpirationTime(clock.now().getTime() / 1000 + 60)
        .sign(new TextEncoder().encode(rules.secret))
    const verified = async (claims: object) => verifyTenantToken(await signed(claims), rules, clock)
    expect((await verified({ allowed_tools: ['a'] })).grants).toEqual({ allowedTools: ['a'] })
    expect((await verified({})).grants).toEqual({})
    for (const claims of [{ allowed_tools: 4 }, { max_tokens: 'many' }, { budget_remaining: {} }])
      await expect(verified(claims)).rejects.toMatchObject({ code: 'missing_credentials' })
  })
})
