import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { SkillHttpTool } from '../skills'
import { httpRequestFor } from './http-request'

const tool = (over: Partial<SkillHttpTool> = {}): SkillHttpTool => ({
  name: 'weather',
  description: 'Weather',
  parameters: { type: 'object' },
  method: 'GET',
  url: 'https://api.example.com/v1/cities/{{city}}?units={{units}}&lang=en',
  headers: {},
  skill: 'weather',
  ...over,
})

const request = (over: Partial<SkillHttpTool>, args: Record<string, unknown>, secrets: Record<string, string> = {}) =>
  httpRequestFor(tool(over), args, 't:c', (name) => secrets[name])

describe('the address', () => {
  test.each<[Partial<SkillHttpTool>, Record<string, unknown>, string]>([
    [{}, { city: 'Zürich', units: 'c' }, 'https://api.example.com/v1/cities/Z%C3%BCrich?units=c&lang=en'],
    [{}, { city: 'a/b?c#d', units: '&x=1' }, 'https://api.example.com/v1/cities/a%2Fb%3Fc%23d?units=%26x%3D1&lang=en'],
    [{}, { city: 'a' }, 'https://api.example.com/v1/cities/a?lang=en'],
    [{}, { city: 4, units: null, days: 3 }, 'https://api.example.com/v1/cities/4?lang=en&days=3'],
    [{ url: 'https://a.example' }, { q: ['x', 1] }, 'https://a.example/?q=%5B%22x%22%2C1%5D'],
    [{ url: 'https://a.example:8443/x#part' }, {}, 'https://a.example:8443/x'],
    [{ url: 'https://a.example/{{ city }}.json' }, { city: '..' }, 'https://a.example/...json'],
  ])('%#', (over, args, url) => {
    expect(request(over, args)).toMatchObject({ method: 'GET', url })
  })

  test.each<[Partial<SkillHttpTool>, Record<string, unknown>, RegExp]>([
    [{}, {}, /city is needed/],
    [{}, { city: '' }, /does not fit/],
    [{}, { city: '..' }, /does not fit/],
    [{}, { city: '.' }, /does not fit/],
    [{ url: 'https://a.example/{{a}}{{b}}/x' }, { a: '.', b: '.' }, /does not fit/],
    [{}, { city: '\ud800' }, /half a letter/],
    [{}, { city: 'x'.repeat(9_000) }, /too long/],
    [{ url: 'https://{{host}}/x' }, { host: 'evil.example' }, /not usable/],
    [{ url: 'https://\t/{{host}}/x' }, { host: 'evil.example' }, /not usable/],
    [{ url: 'https://a\u200bb.example/' }, {}, /not usable/],
    [{ url: 'https://a.example\\@evil.example/' }, {}, /not usable/],
    [{ url: 'https://a.example{{x}}' }, { x: '.evil.example' }, /not usable/],
    [{ url: 'file:///etc/passwd' }, {}, /not usable/],
    [{ url: 'https://a.example/{{constructor}}' }, {}, /constructor is needed/],
  ])('%# is refused', (over, args, reason) => {
    expect(() => request(over, args)).toThrow(reason)
  })

  test('no argument ever leaves its place', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), fc.string({ unit: 'binary' }), (city, units) => {
        let url: URL
        try {
          url = new URL(request({}, { city, units }).url)
        } catch (error) {
          expect(String(error)).toMatch(/does not fit|half a letter|too long/)
          return
        }
        expect(url.origin).toBe('https://api.example.com')
        expect(url.pathname.split('/').slice(0, 3)).toEqual(['', 'v1', 'cities'])
        expect(url.pathname.split('/')).toHaveLength(4)
        expect([...url.searchParams.keys()]).toEqual(['units', 'lang'])
        expect(url.searchParams.get('units')).toBe(units)
      }),
    )
  })
})

describe('body and headers', () => {
  test('what the address does not use is the body', () => {
    const sent = request({ method: 'POST' }, { city: 'a', note: 'n', list: [1], units: null })
    expect(JSON.parse(sent.body ?? '')).toEqual({ note: 'n', list: [1] })
    expect(sent.headers).toMatchObject({ 'content-type': 'application/json', 'idempotency-key': 't:c' })
    expect(request({ method: 'DELETE' }, { city: 'a' }).body).toBeUndefined()
    expect(request({}, { city: 'a' }).headers).not.toHaveProperty('idempotency-key')
  })

  test('secrets are put in late, and known so that they can be hidden', () => {
    const over = { headers: { Authorization: 'Bearer {{secret.WEATHER}}' } }
    const sent = request(over, { city: 'a' }, { WEATHER: 's3cret' })
    expect(sent.headers['authorization']).toBe('Bearer s3cret')
    expect(sent.secrets).toEqual(['s3cret'])
    expect(() => request(over, { city: 'a' })).toThrow('the secret WEATHER is not configured')
    expect(() => request(over, { city: 'a' }, { WEATHER: 'abc' })).toThrow('too short')
    expect(() => request(over, { city: 'a' }, { WEATHER: 'a\r\nx: y' })).toThrow('cannot be sent')
  })

  test('an argument is no secret and reaches no header', () => {
    const over = { headers: { 'x-note': '{{city}}' } }
    expect(request(over, { city: 'a\r\nevil: 1' }).headers['x-note']).toBe('{{city}}')
    expect(request({ url: 'https://a.example/{{city}}' }, { city: '{{secret.X}}' }).url).not.toContain('{{')
  })
})
