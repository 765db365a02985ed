import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { wireText } from '../http/wire'
import { RiskQuestion, RiskReply, riskScore } from './contract/risk'
import { RISK_LEVELS, type RiskInput, riskLevelOf, SENSITIVITIES, SKILL_STATES, scoreRisk } from './risk'
import { answerRisk } from './score-risk'

describe('the score', () => {
  test.each<[string, RiskInput, number, string]>([
    [
      'a draft that mails personal data',
      {
        toolCount: 3,
        toolNames: ['task_list', 'send_email', 'search'],
        skillState: 'draft',
        temperature: 1.2,
        dataSensitivity: 'pii',
      },
      54,
      'high',
    ],
    ['nothing at all', { toolCount: 0 }, 15, 'low'],
    [
      'the worst of a run',
      {
        toolCount: 20,
        skillState: 'deprecated',
        temperature: 2,
        dataSensitivity: 'pii',
        customFlags: ['a', 'b', 'c', 'd', 'e'],
      },
      81,
      'critical',
    ],
  ])('%s', (_, input, score, level) => {
    expect(scoreRisk(input)).toMatchObject({ score, level })
  })

  test.each([
    [0, 'low'],
    [24, 'low'],
    [25, 'medium'],
    [49, 'medium'],
    [50, 'high'],
    [74, 'high'],
    [75, 'critical'],
    [100, 'critical'],
  ])('%i is %s', (score, level) => {
    expect(riskLevelOf(score)).toBe(level)
  })

  test('different tools, different risk', () => {
    const of = (...toolNames: string[]) => scoreRisk({ toolCount: toolNames.length, toolNames }).score
    expect(of('a', 'mail:SEND_EMAIL')).toBeGreaterThan(of('a', 'b'))
    expect(of('a', 'b')).toBeGreaterThan(of('a'))
    expect(scoreRisk({ toolCount: 1, toolNames: ['Run_Command'] }).factors.tool_breadth).toBe(35)
  })

  test('tests and pins of a skill count, down to nothing', () => {
    const maturity = (over: Partial<RiskInput>) => scoreRisk({ toolCount: 0, ...over }).factors.skill_maturity
    expect(SKILL_STATES.map((skillState) => maturity({ skillState }))).toEqual([60, 30, 10, 0, 80])
    expect(maturity({ skillTested: true, skillPinned: true })).toBe(20)
    expect(maturity({ skillState: 'approved', skillTested: true })).toBe(0)
  })

  test('an external agent adds its own', () => {
    const adapter = { riskClass: 'medium', capabilities: 3, isFromMarketplace: true } as const
    expect(scoreRisk({ toolCount: 0, adapter }).factors.adapter).toBe(75)
    const worst = { riskClass: 'critical', capabilities: 50, externalNetwork: true, elevatedPrivileges: true } as const
    expect(scoreRisk({ toolCount: 0, adapter: worst }).factors.adapter).toBe(100)
  })

  test('it stays in its bounds and never falls when more is asked for', () => {
    const input = fc.record({
      toolCount: fc.nat(10_000),
      temperature: fc.double({ min: 0, max: 2, noNaN: true }),
      skillState: fc.constantFrom(...SKILL_STATES),
      dataSensitivity: fc.constantFrom(...SENSITIVITIES),
      customFlags: fc.array(fc.string(), { maxLength: 10 }),
    })
    fc.assert(
      fc.property(input, (one) => {
        const { score, level } = scoreRisk(one)
        expect(Number.isInteger(score) && score >= 0 && score <= 100).toBe(true)
        expect(RISK_LEVELS).toContain(level)
        expect(scoreRisk({ ...one, toolCount: one.toolCount + 1 }).score).toBeGreaterThanOrEqual(score)
      }),
    )
  })
})

describe('the answer', () => {
  const ask = (body: object) => RiskReply.parse(answerRisk(RiskQuestion.parse(body)))

  test('carries the numbers, what weighs and what helps', () => {
    const reply = ask({ tool_count: 3, tool_names: ['send_email'], skill_state: 'draft', temperature: 1.2 })
    expect(reply).toEqual({
      status: 'ok',
      risk_score: 34,
      risk_level: 'medium',
      factors: {
        tool_breadth: 65,
        skill_maturity: 60,
        model_volatility: 60,
        data_sensitivity: 0,
        custom_factors: 0,
        adapter: 0,
      },
      risk_factors: ['3 tools offered, among them send_email', 'The skill is draft', 'The temperature is 1.2'],
      recommendations: expect.arrayContaining(['Lower the temperature.']),
    })
  })

  test('has its alias with camelCase factors', () => {
    const reply = ask({ tool_count: 0 })
    expect(JSON.parse(wireText(riskScore, reply, true))).toEqual({
      ...reply,
      risk: {
        score: 15,
        level: 'low',
        factors: {
          toolBreadth: 0,
          skillMaturity: 50,
          modelVolatility: 35,
          dataSensitivity: 0,
          customFactors: 0,
          adapter: 0,
        },
        riskFactors: reply.risk_factors,
        recommendations: reply.recommendations,
      },
    })
  })

  test.each([
    {},
    { tool_count: -1 },
    { tool_count: 1.5 },
    { tool_count: '3' },
    { tool_count: 0, temperature: 2.1 },
    { tool_count: 0, temperature: null },
    { tool_count: 0, data_sensitivity: 'secret' },
    { tool_count: 0, skill_state: 'new' },
    { tool_count: 0, tool_names: 'a' },
    { tool_count: 0, custom_flags: [1] },
  ])('%j is refused', (body) => {
    expect(RiskQuestion.safeParse(body).success).toBe(false)
  })
})
