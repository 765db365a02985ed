import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isActiveAt } from './active-hours'
import { bundleHash } from './bundle-hash'
import { chunkText } from './chunk-text'
import { budgetOf, fitText, MARKER } from './fit-text'
import { isEmptyHeartbeat } from './folder-bundle'
import { pauseMs } from './folder-cache'
import { fuseRanks } from './fuse-ranks'
import { dayOf, isTimeZone, localTime, timeBlock } from './local-time'
import { buildIndex, searchWords } from './smart-index'
import { readConfig } from './workspace-config'

const HALF = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/

describe('fitting', () => {
  it.each([
    [19_999, false, 19_999],
    [20_000, false, 20_000],
    [20_001, true, 20_000],
    [500_000, true, 20_000],
  ])('%i characters', (length, isCut, result) => {
    const fitted = fitText('x'.repeat(length), 20_000)
    expect(fitted.isCut).toBe(isCut)
    expect(fitted.text).toHaveLength(result)
    expect(fitted.text.endsWith('\n\n[... content truncated for prompt size ...]')).toBe(isCut)
  })

  it('never cuts inside a pair', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 120 }),
        fc.integer({ min: MARKER.length, max: 120 }),
        (text, most) => {
          const fitted = fitText(text, most).text
          return !HALF.test(fitted) && fitted.length <= most
        },
      ),
    )
    expect(fitText('😀'.repeat(10_001), 20_000).text).toHaveLength(19_999 + (MARKER.length % 2 === 0 ? 1 : 0))
  })

  it('spends a total in order: whole, cut, left out', () => {
    const admit = budgetOf(100)
    expect(admit('a'.repeat(40))).toMatchObject({ state: 'whole' })
    const cut = admit('b'.repeat(61))
    expect(cut.state).toBe('cut')
    expect(cut.text).toHaveLength(60)
    expect(admit('c')).toEqual({ text: '', state: 'omitted' })
  })

  it('takes a total to the last character', () => {
    const admit = budgetOf(100)
    expect(admit('a'.repeat(100)).state).toBe('whole')
    expect(admit('b').state).toBe('omitted')
  })

  it('leaves out what could only be shown as a marker', () => {
    const admit = budgetOf(100)
    admit('a'.repeat(90))
    expect(admit('b'.repeat(60)).state).toBe('omitted')
    expect(admit('c').state).toBe('omitted')
  })
})

describe('time', () => {
  it.each([
    ['2026-11-21T00:05:00Z', 'UTC', 'Saturday, November 21, 2026', '12:05 AM', '2026-11-21', '2026-11-20'],
    ['2026-11-21T12:00:00Z', 'UTC', 'Saturday, November 21, 2026', '12:00 PM', '2026-11-21', '2026-11-20'],
    ['2026-01-01T02:30:00Z', 'America/New_York', 'Wednesday, December 31, 2025', '9:30 PM', '2025-12-31', '2025-12-30'],
    ['2026-03-29T22:30:00Z', 'Europe/Berlin', 'Monday, March 30, 2026', '12:30 AM', '2026-03-30', '2026-03-29'],
    ['2026-10-25T23:30:00Z', 'Europe/Berlin', 'Monday, October 26, 2026', '12:30 AM', '2026-10-26', '2026-10-25'],
    ['2026-03-08T07:30:00Z', 'America/New_York', 'Sunday, March 8, 2026', '3:30 AM', '2026-03-08', '2026-03-07'],
    ['2028-03-01T10:00:00Z', 'Asia/Kathmandu', 'Wednesday, March 1, 2028', '3:45 PM', '2028-03-01', '2028-02-29'],
  ])('%s in %s', (instant, zone, date, time, today, yesterday) => {
    const at = localTime(new Date(instant), zone)
    expect(timeBlock(at)).toBe(`## Current Time\n\n- **Date:** ${date}\n- **Time:** ${time}\n- **Timezone:** ${zone}`)
    expect([dayOf(at), dayOf(at, 1)]).toEqual([today, yesterday])
  })

  it.each(['Mars/Olympus', '+02:00', '', 'Europe/../Berlin', 'UTC\n', 'x'.repeat(200)])('refuses %j', (zone) => {
    expect(isTimeZone(zone)).toBe(false)
    expect(() => localTime(new Date(0), zone)).toThrow(expect.objectContaining({ code: 'invalid_request' }))
  })

  it.each([
    ['08:00', '18:00', '07:59', false],
    ['08:00', '18:00', '08:00', true],
    ['08:00', '18:00', '18:00', false],
    ['22:00', '06:00', '23:00', true],
    ['22:00', '06:00', '05:59', true],
    ['22:00', '06:00', '12:00', false],
    ['00:00', '24:00', '23:59', true],
    ['09:00', '09:00', '03:00', true],
  ])('%s to %s at %s: %s', (start, end, at, active) => {
    expect(isActiveAt({ start, end, timezone: 'Asia/Tokyo' }, new Date(`2026-11-21T${at}:00+09:00`), 'UTC')).toBe(
      active,
    )
  })

  it('is always active without hours', () => expect(isActiveAt(undefined, new Date(0), 'UTC')).toBe(true))
})

describe('an empty heartbeat file', () => {
  it.each([
    ['# Title\n\n## More\n', true],
    ['', true],
    ['#', true],
    ['# Title\r\n\r\n', true],
    ['# Title\n- [ ] look', false],
    ['#tag', false],
    ['    # code', false],
    [undefined, false],
  ])('%j: %s', (text, isEmpty) => expect(isEmptyHeartbeat(text)).toBe(isEmpty))
})

describe('chunks', () => {
  it('keeps paragraphs together up to 1200 characters', () => {
    expect(chunkText(`${'a'.repeat(600)}\n\n${'b'.repeat(598)}\n\nc`)).toEqual([
      `${'a'.repeat(600)}\n\n${'b'.repeat(598)}`,
      'c',
    ])
  })

  it('cuts a long paragraph with 200 characters of overlap', () => {
    const text = Array.from({ length: 300 }, (_, at) => `word${at}`).join(' ')
    const chunks = chunkText(text)
    expect(chunks.every((chunk) => chunk.length <= 1200)).toBe(true)
    expect(chunks[1]?.startsWith(chunks[0]?.slice(-200) ?? '!')).toBe(true)
    expect(chunks.map((chunk, at) => (at === 0 ? chunk : chunk.slice(200))).join('')).toBe(text)
  })

  it('ends, and cuts no pair, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 4000, minLength: 1000 }), (text) => {
        for (const chunk of chunkText(text)) expect(HALF.test(chunk) || chunk.length > 1200).toBe(false)
      }),
      { numRuns: 40 },
    )
  })
})

describe('the index', () => {
  const index = buildIndex(
    [],
    new Map([
      ['MEMORY.md', 'The alpha project ships in May.\n\nBeta waits for alpha.'],
      ['memory/2026-01-01.md', 'Nothing of note.'],
      ['AGENTS.md', 'alpha alpha alpha'],
    ]),
    new Date(0),
  )

  it.each(['what is alpha', "what's alpha?", 'alpha', '"alpha" OR (beta', 'tell me: alpha - now!', 'ALPHA*'])(
    '%j finds alpha, in memory alone',
    (query) => expect(searchWords(index.memory, query)[0]).toBe('MEMORY.md#0'),
  )

  it.each(['', '???', '__proto__', 'constructor', '*', '\u0000'])('%j finds nothing and breaks nothing', (query) => {
    expect(searchWords(index.memory, query)).toEqual([])
  })

  it('answers any sentence', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (query) => Array.isArray(searchWords(index.memory, query))))
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) =>
        searchWords(index.memory, `${before} alpha ${after}`).includes('MEMORY.md#0'),
      ),
    )
  })
})

describe('small rules', () => {
  it('fuses ranks: high in both beats highest in one', () => {
    expect(
      fuseRanks([
        ['a', 'b', 'c'],
        ['d', 'b', 'e'],
      ])[0],
    ).toBe('b')
    expect(fuseRanks([[], []])).toEqual([])
    expect(fuseRanks([['b'], ['a']])).toEqual(['a', 'b'])
  })

  it('hashes the sorted lines', () => {
    const files = [
      { path: 'b', sha256: '2' },
      { path: 'a', sha256: '1' },
    ]
    expect(bundleHash(files)).toBe('2bc11e86e8348c7c62f11e681435b5d013a262e5a9f3b8ce61c25831a516a45e')
    expect(bundleHash([])).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  })

  it.each([
    [1, 0],
    [64, 0],
    [65, 250],
    [5_000, 500],
    [10_000, 900],
  ])('looks at %i paths every %i ms', (paths, ms) => expect(pauseMs(paths)).toBe(ms))

  it.each([
    ['active_hours: {start: "08:00", end: "18:00", timezone: Europe/Berlin}', 0, true],
    ['active_hours: {start: "8", end: "18:00"}', 1, false],
    ['active_hours: {start: "08:00", end: "18:00", timezone: Mars}', 1, false],
    ['a: [', 1, false],
    ['- list', 1, false],
    ['', 0, false],
  ])('reads config %j', (text, warnings, hasHours) => {
    const config = readConfig(text)
    expect(config.warnings).toHaveLength(warnings)
    expect(config.activeHours !== undefined).toBe(hasHours)
  })

  it('knows what is configured', () => {
    const { hasKey } = readConfig('mail: {enabled: true, host: "", port: 0, off: false}')
    expect(
      ['mail', 'mail.enabled', 'mail.port', 'mail.host', 'mail.off', 'mail.x', 'toString', 'mail.constructor'].map(
        hasKey,
      ),
    ).toEqual([...[true, true, true], ...[false, false, false, false, false]])
  })
})
