import { secretsKey } from '@/lib/auth'
import { assertOutboundUrl, isOutboundError } from '@/lib/core/http-client'
import { kernel } from '@/lib/core/kernel'
import { redactText } from '@/lib/core/redact'
import { seal, unseal } from '@/lib/core/sealed'
import { Problem } from '@/lib/shared/problem'

// All of it may be secret: an address often is a password of its own.
export type Target = { url: string; secret: string | null; headers: Readonly<Record<string, string>> }

const ownerOf = (tenantId: string, id: string) => `webhook:${tenantId}:${id}`

export const sealTarget = (tenantId: string, id: string, target: Target): string =>
  seal(secretsKey(), ownerOf(tenantId, id), JSON.stringify(target))

export const openTarget = (tenantId: string, id: string, sealed: string | null): Target | null => {
  const text = unseal(secretsKey(), ownerOf(tenantId, id), sealed)
  return text === null ? null : (JSON.parse(text) as Target)
}

const MAX_SHOWN = 300

const MAX_WORD = 20

const isKeyLike = (segment: string): boolean =>
  segment.length >= MAX_WORD || (segment.length >= 12 && /\d/.test(segment) && /[a-z]/i.test(segment))

const shownSegment = (segment: string): string => (isKeyLike(segment) ? '…' : segment)

/** The address as it may be shown: no user, no query, no segment that looks like a key. */
export const shownUrl = (text: string, redact: (text: string) => string = redactText): string => {
  if (!URL.canParse(text)) return '(not an address)'
  const url = new URL(text)
  const path = url.pathname.split('/').map(shownSegment).join('/')
  return `${url.protocol}//${url.host}${redact(path)}${url.search === '' ? '' : '?…'}`.slice(0, MAX_SHOWN)
}

export const allowsPrivate = (): boolean => kernel().env.CLASPER_WEBHOOK_ALLOW_PRIVATE

/** Refuses at once what could never be delivered; where a name leads is seen when it is called. */
export const assertDeliverable = (url: string): void => {
  try {
    assertOutboundUrl(url, allowsPrivate())
  } catch (error) {
    throw new Problem('invalid_request', isOutboundError(error) ? error.message : undefined, {
      formErrors: [],
      fieldErrors: { 'webhook.url': [isOutboundError(error) ? error.message : 'is not usable'] },
    })
  }
}
