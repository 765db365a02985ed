export const PROBLEMS = {
  invalid_request: { status: 400, text: 'The request is not valid.' },
  conflicting_fields: { status: 400, text: 'Two spellings of one field carry different values.' },
  invalid_session_key: { status: 400, text: 'session_key is not of the form user:{userId}:{role}.' },
  user_mismatch: { status: 400, text: 'user_id does not match session_key' },
  task_required: {
    status: 400,
    text: 'Task not specified. Provide task_id, task_title, or set CLASPER_DEFAULT_TASK env var.',
  },
  signature_required: { status: 400, text: 'Telemetry must be signed here.' },
  signature_invalid: { status: 400, text: 'The signature of the telemetry is not valid.' },
  tool_authorization_missing: { status: 400, text: 'A reported tool call was never authorized.' },
  invalid_manifest: { status: 400, text: 'Invalid manifest' },
  version_exists: { status: 400, text: 'Versions are immutable.' },
  no_tests: { status: 400, text: 'Skill has no tests defined' },
  promotion_failed: { status: 400, text: 'Promotion failed' },
  missing_credentials: { status: 401, text: 'A credential is required.' },
  missing_token: { status: 401, text: 'A sign-in or a bearer token is required.' },
  signed_out: { status: 401, text: 'The session has ended. Sign in again.' },
  budget_exhausted: { status: 402, text: 'Budget exceeded' },
  budget_in_flight: { status: 402, text: 'Budget exceeded' },
  request_exceeds_budget: { status: 402, text: 'Budget exceeded' },
  invalid_daemon_key: { status: 403, text: 'Invalid daemon key' },
  invalid_token: { status: 403, text: 'The token is not valid.' },
  missing_claim: { status: 403, text: 'The token lacks a required claim.' },
  no_role: { status: 403, text: 'The identity carries no role that Clasper knows.' },
  permission_denied: { status: 403, text: 'The permission is missing.' },
  tenant_access_denied: { status: 403, text: 'Tenant access denied' },
  workspace_access_denied: { status: 403, text: 'Workspace access denied' },
  policy_denied: { status: 403, text: 'A policy refused this.' },
  adapter_scope_mismatch: { status: 403, text: 'Adapter scope mismatch' },
  adapter_not_registered: { status: 403, text: 'The external agent is not registered.' },
  adapter_disabled: { status: 403, text: 'The external agent is disabled.' },
  capability_not_allowed: { status: 403, text: 'Capability not allowed' },
  approval_required: { status: 403, text: 'A policy asks for an approval.' },
  own_request: { status: 403, text: 'Who asked for an action cannot approve it.' },
  cross_site_refused: { status: 403, text: 'The request did not come from the console.' },
  not_found: { status: 404, text: 'Not found.' },
  method_not_allowed: { status: 405, text: 'The method is not supported here.' },
  idempotency_conflict: { status: 409, text: 'idempotency_key conflict' },
  idempotency_in_progress: { status: 409, text: 'The first call with this key is still running.' },
  version_conflict: { status: 409, text: 'Somebody else changed it first.' },
  environment_locked: { status: 409, text: 'The environment is locked.' },
  promotion_blocked: { status: 409, text: 'A check of the promotion failed.' },
  not_replayable: { status: 409, text: 'The record of this run does not hold enough to run it again.' },
  decision_expired: { status: 409, text: 'Nobody decided in time: it counts as refused.' },
  already_resolved: { status: 409, text: 'It was already resolved.' },
  legal_hold: { status: 409, text: 'A legal hold is set: nothing is deleted while it stands.' },
  trace_exists: { status: 409, text: 'The trace id is taken.' },
  already_consumed: { status: 409, text: 'It was already used.' },
  payload_too_large: { status: 413, text: 'The body is too large.' },
  unsupported_media_type: { status: 415, text: 'The content type is not supported.' },
  rate_limit_exceeded: { status: 429, text: 'Too many requests.' },
  internal_error: { status: 500, text: 'Something failed on our side.' },
  config_error: { status: 500, text: 'The server is not configured for this.' },
  provider_error: { status: 502, text: 'No model answered.' },
  provider_empty: { status: 502, text: 'The model answered with nothing.' },
  provider_invalid_output: { status: 502, text: 'The model did not answer in the asked form.' },
  control_plane_error: { status: 502, text: 'The backend refused or did not answer.' },
  incompatible: { status: 503, text: 'The backend does not speak the contract.' },
  policy_unavailable: { status: 503, text: 'The policies cannot be read, so nothing is permitted.' },
  ledger_unavailable: { status: 503, text: 'The ledger cannot be read, so nothing is spent.' },
  not_configured: { status: 503, text: 'This is not configured.' },
  unavailable: { status: 503, text: 'A part that this needs does not answer.' },
  shutting_down: { status: 503, text: 'The server is shutting down.' },
  cancelled: { status: 499, text: 'The caller left before the answer.' },
  timeout: { status: 504, text: 'The deadline has passed.' },
} as const

export type ProblemCode = keyof typeof PROBLEMS

export const isProblemCode = (text: string): text is ProblemCode => Object.hasOwn(PROBLEMS, text)

type ProblemDetails = Readonly<Record<string, unknown>>

// `body` stands beside error and code in the reply: what was achieved before it failed.
export type ProblemExtras = { cause?: unknown; headers?: Record<string, string>; body?: ProblemDetails }

const BRAND = Symbol.for('clasper.problem')

export class Problem extends Error {
  override readonly name = 'Problem'
  readonly [BRAND] = true
  readonly code: ProblemCode
  readonly details: ProblemDetails | undefined
  readonly headers: Record<string, string> | undefined
  readonly body: ProblemDetails | undefined

  constructor(code: ProblemCode, message?: string, details?: ProblemDetails, extras: ProblemExtras = {}) {
    super(message ?? PROBLEMS[code].text, extras.cause === undefined ? undefined : { cause: extras.cause })
    this.code = code
    this.details = details
    this.headers = extras.headers
    this.body = extras.body
  }
}

export const statusOfProblem = ({ code }: Problem): number => PROBLEMS[code].status

// Several module graphs live in one process, so the class is recognised by its brand.
export const isProblem = (error: unknown): error is Problem =>
  typeof error === 'object' && error !== null && BRAND in error

export const missing = (what: string, id?: string): never => {
  throw new Problem('not_found', `${what[0]?.toUpperCase() ?? ''}${what.slice(1)} not found`, id ? { id } : undefined)
}
