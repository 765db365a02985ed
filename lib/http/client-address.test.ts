import { expect, it } from 'vitest'
import { clientAddress } from './client-address'

it.each([
  ['203.0.113.9', '1.1.1.1', [], '203.0.113.9'],
  ['::ffff:10.0.0.1', '198.51.100.7, 203.0.113.9', ['10.0.0.1'], '203.0.113.9'],
  ['10.0.0.1', '6.6.6.6, 203.0.113.9, 10.0.0.2', ['10.0.0.1', '10.0.0.2'], '203.0.113.9'],
  ['10.0.0.1', '', ['10.0.0.1'], '10.0.0.1'],
])('peer %s with %s behind %j is %s', (peer, forwarded, trusted, expected) => {
  const headers = new Headers({ 'x-clasper-peer': peer, 'x-forwarded-for': forwarded })
  expect(clientAddress(headers, trusted)).toBe(expected)
})
