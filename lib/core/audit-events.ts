type AuditEventSpec = {
  group: 'runs' | 'skills' | 'money' | 'access' | 'adapters' | 'policy' | 'data'
  means: string
  // The room that writes it, and whether it does so already: the proving test reads this column.
  room: string
  emitted: 'here' | 'later'
  kinds?: readonly string[]
}

// Every type that an audit row may carry. A type that is not declared here cannot be written.
export const AUDIT_EVENTS = {
  agent_execution_started: { group: 'runs', means: 'An agent run began', room: 'runtime', emitted: 'here' },
  agent_execution_completed: {
    group: 'runs',
    means: 'An agent run ended with an answer',
    room: 'runtime',
    emitted: 'here',
  },
  agent_execution_failed: {
    group: 'runs',
    means: 'An agent run ended with an error',
    room: 'runtime',
    emitted: 'here',
  },
  agent_answer_delivered: {
    group: 'runs',
    means: 'An answer that had waited reached the backend, or was refused there',
    room: 'runtime',
    emitted: 'here',
  },
  tool_call_requested: { group: 'runs', means: 'The model asked for a tool', room: 'runtime', emitted: 'here' },
  tool_call_succeeded: { group: 'runs', means: 'A tool call returned a result', room: 'runtime', emitted: 'here' },
  tool_call_failed: { group: 'runs', means: 'A tool call returned an error', room: 'runtime', emitted: 'here' },
  tool_permission_denied: {
    group: 'runs',
    means: 'A tool call was refused by permission',
    room: 'runtime',
    emitted: 'here',
  },
  tool_authorization_requested: {
    group: 'runs',
    means: 'An external agent asked to use a tool',
    room: 'adapters',
    emitted: 'here',
  },
  tool_authorization_granted: {
    group: 'runs',
    means: 'A tool authorization was given',
    room: 'adapters',
    emitted: 'here',
  },
  tool_authorization_denied: {
    group: 'runs',
    means: 'A tool authorization was refused',
    room: 'adapters',
    emitted: 'here',
  },
  tool_authorization_used: {
    group: 'runs',
    means: 'The one use of a tool authorization',
    room: 'adapters',
    emitted: 'here',
  },
  skill_published: { group: 'skills', means: 'A skill version was published', room: 'skills', emitted: 'here' },
  skill_test_run: { group: 'skills', means: 'The tests of a skill were run', room: 'evals', emitted: 'here' },
  skill_state_changed: {
    group: 'skills',
    means: 'A skill version changed its state',
    room: 'skills',
    emitted: 'here',
  },
  skill_deprecated_used: { group: 'skills', means: 'A run used a deprecated skill', room: 'runtime', emitted: 'here' },
  workspace_change: {
    group: 'skills',
    means: 'Versions, pins, promotions and rollbacks of a workspace',
    room: 'workspace',
    emitted: 'here',
    kinds: [
      ...['version_saved', 'version_met', 'pin_set', 'pin_removed', 'canary_set', 'canary_ended', 'canary_promoted'],
      ...['promotion', 'rollback'],
    ],
  },
  budget_warning: {
    group: 'money',
    means: 'Spending crossed the warning threshold',
    room: 'governance',
    emitted: 'here',
  },
  budget_exceeded: { group: 'money', means: 'A budget was used up', room: 'runtime', emitted: 'here' },
  auth_success: { group: 'access', means: 'Somebody signed in or out', room: 'auth', emitted: 'here' },
  auth_failure: { group: 'access', means: 'A sign-in or a credential was refused', room: 'auth', emitted: 'here' },
  rate_limit_exceeded: {
    group: 'access',
    means: 'A credential ran into its rate limit',
    room: 'auth',
    emitted: 'here',
  },
  permission_denied: { group: 'access', means: 'An identity lacked a permission', room: 'auth', emitted: 'here' },
  config_change: {
    group: 'access',
    means: 'Settings, keys, locks and environments',
    room: 'auth',
    emitted: 'here',
    kinds: [
      ...[
        'api_key_created',
        'api_key_rotated',
        'api_key_revoked',
        'tenant_created',
        'tenant_changed',
        'session_revoked',
      ],
      ...[
        'job_retried',
        'job_discarded',
        'webhook_retried',
        'tool_settings',
        'audit_payload_erased',
        'budget',
        'retention_policy',
        'policy',
        'redaction',
        'lock',
        'environment',
      ],
      ...['boot', 'reindex', 'seed', 'view_saved', 'view_removed', 'adapter', 'adapter_key', 'adapter_token'],
      ...['skill_signer', 'dataset', 'eval_label', 'annotation'],
    ],
  },
  system_startup: { group: 'access', means: 'A server process started', room: 'jobs', emitted: 'here' },
  system_shutdown: { group: 'access', means: 'A server process stopped', room: 'jobs', emitted: 'here' },
  ops_override_used: {
    group: 'access',
    means: 'A person passed a refused check with a reason',
    room: 'governance',
    emitted: 'here',
  },
  break_glass_opened: {
    group: 'access',
    means: 'A person holds further permissions for some minutes, with a reason',
    room: 'governance',
    emitted: 'here',
  },
  break_glass_closed: {
    group: 'access',
    means: 'A break-glass window was ended before its time',
    room: 'governance',
    emitted: 'here',
  },
  receipt_acknowledged: {
    group: 'access',
    means: 'A second person acknowledged an exception',
    room: 'governance',
    emitted: 'here',
  },
  adapter_execution_decided: {
    group: 'adapters',
    means: 'An external agent asked what it may do, and was answered',
    room: 'adapters',
    emitted: 'here',
  },
  adapter_trace_ingested: {
    group: 'adapters',
    means: 'An external agent delivered a trace',
    room: 'adapters',
    emitted: 'here',
  },
  adapter_audit_event: {
    group: 'adapters',
    means: 'An external agent reported an event',
    room: 'adapters',
    emitted: 'here',
  },
  adapter_cost_ingested: {
    group: 'adapters',
    means: 'An external agent reported a cost',
    room: 'adapters',
    emitted: 'here',
  },
  adapter_metrics_ingested: {
    group: 'adapters',
    means: 'An external agent reported metrics',
    room: 'adapters',
    emitted: 'here',
  },
  adapter_violation_reported: {
    group: 'adapters',
    means: 'An external agent reported a violation',
    room: 'adapters',
    emitted: 'here',
  },
  adapter_telemetry_unsigned: {
    group: 'adapters',
    means: 'Telemetry came without a signature',
    room: 'adapters',
    emitted: 'here',
  },
  adapter_telemetry_signature_invalid: {
    group: 'adapters',
    means: 'A telemetry signature did not verify',
    room: 'adapters',
    emitted: 'here',
  },
  policy_decision_pending: {
    group: 'policy',
    means: 'A decision waits for a person',
    room: 'governance',
    emitted: 'here',
  },
  policy_decision_resolved: { group: 'policy', means: 'A person decided', room: 'governance', emitted: 'here' },
  approval_auto_allowed_in_core: {
    group: 'policy',
    means: 'Simulation let an action pass unapproved',
    room: 'adapters',
    emitted: 'here',
  },
  approval_grant_created: { group: 'policy', means: 'An approval was given', room: 'governance', emitted: 'here' },
  approval_grant_consumed: { group: 'policy', means: 'An approval was used', room: 'governance', emitted: 'here' },
  blocked_execution_trace_recorded: {
    group: 'policy',
    means: 'A blocked run left its trace',
    room: 'adapters',
    emitted: 'here',
  },
  policy_created_from_trace: {
    group: 'policy',
    means: 'A policy was made from a trace',
    room: 'governance',
    emitted: 'here',
  },
  policy_created_via_wizard: {
    group: 'policy',
    means: 'A policy was made in the wizard',
    room: 'governance',
    emitted: 'here',
  },
  policy_updated_via_wizard: {
    group: 'policy',
    means: 'A policy was changed in the wizard',
    room: 'governance',
    emitted: 'here',
  },
  policy_exception_hit: {
    group: 'policy',
    means: 'An exception of a policy applied',
    room: 'governance',
    emitted: 'here',
  },
  policy_exception_miss: {
    group: 'policy',
    means: 'No exception of a policy applied',
    room: 'governance',
    emitted: 'here',
  },
  policy_fallback_hit: {
    group: 'policy',
    means: 'Only the fallback policy applied',
    room: 'governance',
    emitted: 'here',
  },
  prompt_override_used: {
    group: 'runs',
    means: 'A caller replaced the system prompt',
    room: 'runtime',
    emitted: 'here',
  },
  trace_labeled: { group: 'data', means: 'The labels of a trace changed', room: 'tracing', emitted: 'here' },
  trace_annotated: { group: 'data', means: 'A trace was annotated', room: 'tracing', emitted: 'here' },
  trace_replayed: { group: 'data', means: 'A run was replayed', room: 'runtime', emitted: 'here' },
  trace_revealed: { group: 'data', means: 'Somebody read raw payloads', room: 'tracing', emitted: 'here' },
  retention_enforced: {
    group: 'data',
    means: 'A retention pass deleted or reduced data',
    room: 'retention',
    emitted: 'here',
  },
  eval_run: { group: 'data', means: 'An evaluation began, was cancelled or ended', room: 'evals', emitted: 'here' },
  export_created: { group: 'data', means: 'Evidence was exported', room: 'governance', emitted: 'here' },
  webhook_delivery_failed: { group: 'data', means: 'A webhook was given up', room: 'webhooks', emitted: 'here' },
} as const satisfies Record<string, AuditEventSpec>

export type AuditEvent = keyof typeof AUDIT_EVENTS

export const AUDIT_EVENT_NAMES = Object.keys(AUDIT_EVENTS) as readonly AuditEvent[]

export const kindsOf = (event: AuditEvent): readonly string[] => {
  const { kinds = [] }: AuditEventSpec = AUDIT_EVENTS[event]
  return kinds
}

export const isAuditEvent = (name: string): name is AuditEvent => Object.hasOwn(AUDIT_EVENTS, name)
