import { expect, it } from 'vitest'
import { redactValue } from '@/lib/core/redact'
import { withOwnIds } from './own-ids'
import { shownUrl } from './target'

const back = (sent: object) => withOwnIds(redactValue(sent), sent)

it('gives the ids of the caller back as they were sent', () => {
  const ids = { order_id: '4111111111111111', conversation_id: '+4915112345678', id: 'jo@example.com', number_id: 7 }
  const sent = { ...ids, external_id: 'sk-order-2024-0000000000000001', deep: { items: [{ order_id: ids.order_id }] } }
  expect(back(sent)).toEqual(sent)
})

it('redacts everything else', () => {
  const sent = {
    note: 'jo@example.com',
    access_token: 'hunter2',
    customer_id: { mail: 'jo@example.com' },
    valid: 'a@b.example',
  }
  expect(back(sent)).toEqual({
    note: '[EMAIL]',
    access_token: '[REDACTED]',
    customer_id: { mail: '[EMAIL]' },
    valid: '[EMAIL]',
  })
  expect(back(JSON.parse('{"__proto__":{"x":"jo@example.com"}}'))).toEqual(JSON.parse('{"__proto__":{"x":"[EMAIL]"}}'))
})

it('shows no long part of an address, whatever its letters', () => {
  expect(shownUrl('https://x.example/hooks/abcdefghijklmnopqrst/end')).toBe('https://x.example/hooks/…/end')
  expect(shownUrl('https://x.example/12345678901234567890')).toBe('https://x.example/…')
})
