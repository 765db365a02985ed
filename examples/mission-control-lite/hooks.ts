import type { Caller } from './agent-token'

// A backend's own rules. `before` may change nothing but may say no: what it returns is the reason of a 403.
// `after` learns what was created; it cannot undo it.
type Before = (
  input: Readonly<Record<string, unknown>>,
  caller: Caller,
) => string | undefined | Promise<string | undefined>
type After = (created: Readonly<Record<string, unknown>>, caller: Caller) => void | Promise<void>

export type Hooked = 'task_create' | 'message_post' | 'document_post'

export type Hooks = { [Name in Hooked as `before_${Name}`]?: Before } & { [Name in Hooked as `after_${Name}`]?: After }

// The rules of this example: no private key ever enters a conversation or a document.
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----/

const holdsNoKey: Before = ({ content }) =>
  PRIVATE_KEY.test(String(content)) ? 'A private key may not be stored here' : undefined

export const HOOKS: Hooks = { before_message_post: holdsNoKey, before_document_post: holdsNoKey }
