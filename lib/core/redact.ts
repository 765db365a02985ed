// The door that every text passes on its way into traces, logs, audit, error replies and webhooks.
import { counted } from './redaction/masking'
import { spansOf } from './redaction/value'

export { createStreamRedactor } from './redaction/stream'
export { redactText, redactValue } from './redaction/value'

export const findings = (text: string) => counted(spansOf(text))
