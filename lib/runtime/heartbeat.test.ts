import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judgeAnswer, judgeRespond } from './heartbeat'
import { createHoldBack } from './hold-back'

const plain = { isHeartbeat: false, maxAckChars: 300 }
const beat = { isHeartbeat: true, maxAckChars: 300 }
const LONG = 'x'.repeat(301)

describe('HEARTBEAT_OK', () => {
  it.each([
    ['alone, any run', '  HEARTBEAT_OK\n', plain, { suppressed: true, text: '' }],
    ['alone, heartbeat run', 'HEARTBEAT_OK', beat, { suppressed: true, text: '' }],
    ['short rest in a heartbeat run', 'HEARTBEAT_OK all quiet', beat, { suppressed: true, text: 'all quiet' }],
    ['short rest before it', 'all quiet. HEARTBEAT_OK', beat, { suppressed: true, text: 'all quiet.' }],
    ['long rest in a heartbeat run', `HEARTBEAT_OK ${LONG}`, beat, { suppressed: false, text: LONG }],
    ['at an edge in another run', 'HEARTBEAT_OK done', plain, { suppressed: false, text: 'done' }],
    ['in the middle', 'say HEARTBEAT_OK to it', beat, { suppressed: false, text: 'say HEARTBEAT_OK to it' }],
    ['a longer word', 'HEARTBEAT_OKAY', plain, { suppressed: false, text: 'HEARTBEAT_OKAY' }],
    ['not there', 'an answer', beat, { suppressed: false, text: 'an answer' }],
  ])('%s', (_, answer, run, expected) => expect(judgeAnswer(answer, run)).toMatchObject(expected))

  it('a structured answer beats the text', () => {
    expect(judgeRespond({ notify: false, notificationText: 'loud' })).toMatchObject({ suppressed: true })
    expect(judgeRespond({ notify: true, notificationText: ' look ' })).toMatchObject({
      suppressed: false,
      text: 'look',
    })
    expect(judgeRespond({ notify: true, notificationText: ' ' })).toMatchObject({ suppressed: true })
  })
})

const streamed = (parts: readonly string[]): { text: string; mostHeld: number } => {
  const hold = createHoldBack()
  let given = ''
  let text = ''
  let mostHeld = 0
  for (const part of parts) {
    given += part
    text += hold.push(part)
    mostHeld = Math.max(mostHeld, given.trim().length - text.length)
  }
  return { text: text + hold.end(), mostHeld }
}

const word = fc.constantFrom('HEARTBEAT_OK', 'HEART', 'BEAT_OK', ' ', 'a', 'OK', '_', 'Hello there', '\n', 'H')

describe('the hold-back of a stream', () => {
  it('lets nothing of a token alone out, however it is cut', () => {
    for (let at = 1; at < 12; at++)
      expect(streamed(['HEARTBEAT_OK'.slice(0, at), 'HEARTBEAT_OK'.slice(at)]).text).toBe('')
  })

  it.each([
    [['HEARTBEAT', '_OK fine'], 'fine'],
    [['fine ', 'HEART', 'BEAT_OK', '\n'], 'fine '],
    [['HEART', 'Y'], 'HEARTY'],
    [['a HEARTBEAT_OK', ' b'], 'a HEARTBEAT_OK b'],
    [['HEARTBEAT_OK', 'AY'], 'HEARTBEAT_OKAY'],
  ])('%j gives %j', (parts, expected) => expect(streamed(parts).text).toBe(expected))

  it('says in the end what the judge says, in any cut of any text', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), (parts) => {
        const whole = parts.join('')
        const once = judgeAnswer(whole, plain)
        const { text } = streamed(parts)
        const expected = once.suppressed ? '' : once.text.trim()
        // A token at either end: the judge strips the first, the stream both.
        expect([expected, judgeAnswer(expected, plain).text.trim()]).toContain(text.trim())
      }),
    )
  })
})
