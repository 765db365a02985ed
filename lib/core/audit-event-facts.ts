import type { Permission, ServiceScope } from '@/lib/shared/rbac'
import type { AuditEvent } from './audit-events'

// What an act asks of whoever does it. Other doors than people and keys: the product itself, a run's own token, an
// external agent, and whoever is at the door with a credential in question.
export type ActRight = {
  permissions: readonly Permission[]
  scopes: readonly ServiceScope[]
  others: readonly ('system' | 'agent' | 'adapter' | 'anyone')[]
}

export type AuditEventFacts = {
  right: ActRight
  // Keys of its data, besides entity_id and request_id; not every row carries each.
  keys: readonly string[]
  // Where a kind asks for another right than the event.
  byKind?: Readonly<Record<string, ActRight>>
}

const right = (
  permissions: readonly Permission[],
  scopes: readonly ServiceScope[] = [],
  others: ActRight['others'] = [],
): ActRight => ({ permissions, scopes, others })

const NOBODY_ELSE = right([], [], ['system'])
const AT_THE_DOOR = right([], [], ['anyone'])
const ADAPTER = right([], [], ['adapter'])
const RUN = right(['agent:run', 'trace:replay', 'eval:run', 'skill:publish'], ['run', 'write'], ['system'])
const READ_TEXTS = right(['trace:reveal'])
const POLICY = right(['policy:manage'], ['write'])
const RUN_OR_ADAPTER = right(['agent:run', 'trace:replay', 'decision:resolve'], ['run', 'read'], ['adapter', 'system'])
const APPROVE = right(['decision:resolve'], [], ['system'])
// Whoever cancels a run closes what it waits for; to let something pass is another matter.
const RESOLVE = right(['decision:resolve', 'agent:run'], ['write'], ['system'])
const EVALS = right(['eval:run'], ['write'])
const KEYS = right(['key:manage'], ['admin'])

const TOOL_KEYS = ['authorization_id', 'execution_id', 'adapter_id', 'tool']
const REPORT_KEYS = ['adapter_id', 'execution_id', 'payload_hash', 'evidence']

const CONFIG_RIGHTS: Readonly<Record<string, ActRight>> = {
  api_key_created: KEYS,
  api_key_rotated: KEYS,
  api_key_revoked: KEYS,
  tenant_created: right(['tenant:manage'], ['run', 'write', 'ingest'], ['system']),
  tenant_changed: right(['tenant:manage'], ['admin']),
  session_revoked: right([], [], ['anyone', 'system']),
  job_retried: right(['job:manage']),
  job_discarded: right(['job:manage']),
  webhook_retried: right(['job:manage']),
  tool_settings: right(['tenant:manage']),
  redaction: right(['retention:modify'], ['write']),
  audit_payload_erased: right(['retention:modify']),
  budget: right(['budget:modify'], ['write', 'admin']),
  retention_policy: right(['retention:modify'], ['write']),
  policy: POLICY,
  lock: right(['workspace:lock'], ['admin']),
  environment: right(['workspace:edit', 'workspace:promote'], ['write']),
  boot: right(['workspace:edit'], ['write']),
  reindex: right(['workspace:edit'], ['write']),
  seed: NOBODY_ELSE,
  view_saved: right(['trace:view']),
  view_removed: right(['trace:view']),
  adapter: right(['adapter:manage_keys'], ['admin'], ['adapter']),
  adapter_key: right(['adapter:manage_keys'], ['write']),
  adapter_token: right(['adapter:manage_keys'], ['admin']),
  skill_signer: right(['skill:promote'], ['admin']),
  dataset: EVALS,
  eval_label: EVALS,
  annotation: EVALS,
}

// Who could have done it and what its rows carry: the audit page, the documentation and two proofs read this.
export const AUDIT_FACTS = {
  agent_execution_started: {
    right: RUN,
    keys: ['execution_id', 'kind', 'model', 'role', 'user_id', 'environment', 'prompt_source', 'reserved_micro_usd'],
  },
  agent_execution_completed: {
    right: RUN,
    keys: ['execution_id', 'kind', 'status', 'model', 'input_tokens', 'output_tokens', 'cost_micro_usd', 'stop_reason'],
  },
  agent_execution_failed: { right: RUN, keys: ['execution_id', 'status', 'code', 'cost_micro_usd'] },
  agent_answer_delivered: { right: NOBODY_ELSE, keys: ['delivery', 'message_id'] },
  tool_call_requested: { right: RUN, keys: ['tool', 'tool_call_id'] },
  tool_call_succeeded: { right: RUN, keys: ['tool', 'tool_call_id', 'duration_ms'] },
  tool_call_failed: { right: RUN, keys: ['tool', 'tool_call_id', 'duration_ms'] },
  tool_permission_denied: { right: RUN, keys: ['tool', 'tool_call_id', 'layer', 'reason'] },
  tool_authorization_requested: { right: ADAPTER, keys: TOOL_KEYS },
  tool_authorization_granted: { right: ADAPTER, keys: [...TOOL_KEYS, 'decision_id', 'scope'] },
  tool_authorization_denied: { right: ADAPTER, keys: [...TOOL_KEYS, 'decision_id', 'reason'] },
  tool_authorization_used: { right: right([], ['run'], ['adapter']), keys: TOOL_KEYS },
  skill_published: {
    right: right(['skill:publish'], ['write']),
    keys: ['name', 'version', 'checksum', 'content_hash', 'signed_by'],
  },
  skill_test_run: {
    right: right(['skill:publish'], ['write']),
    keys: ['name', 'version', 'content_hash', 'passed', 'run_id', 'pass_count', 'fail_count'],
  },
  skill_state_changed: {
    right: right(['skill:promote'], ['write']),
    keys: ['name', 'version', 'from', 'to', 'content_hash', 'test_run_id', 'receipt_id'],
  },
  skill_deprecated_used: { right: RUN, keys: ['name', 'version'] },
  workspace_change: {
    right: right(['workspace:edit'], ['write']),
    keys: [
      ...['kind', 'version_hash', 'environment', 'before', 'after', 'revision', 'reason'],
      ...[
        'action',
        'promotion_id',
        'source_env',
        'target_env',
        'candidate_hash',
        'evidence_hash',
        'verdict',
        'approvals',
      ],
      ...['annotation', 'override_used', 'receipt_id'],
    ],
    byKind: {
      version_met: RUN,
      canary_set: right(['workspace:promote'], ['write']),
      canary_ended: right(['workspace:promote'], ['write']),
      canary_promoted: right(['workspace:promote'], ['write']),
      promotion: right(['workspace:promote'], ['write'], ['system']),
      rollback: right(['workspace:rollback'], ['write']),
    },
  },
  budget_warning: {
    right: RUN_OR_ADAPTER,
    keys: ['scope', 'budget_usd', 'spent_usd', 'reserved_usd', 'percent_used', 'message'],
  },
  budget_exceeded: { right: RUN_OR_ADAPTER, keys: ['code', 'scope', 'estimated_cost', 'model'] },
  auth_success: { right: AT_THE_DOOR, keys: ['action', 'method', 'issuer', 'role', 'address'] },
  auth_failure: { right: AT_THE_DOOR, keys: ['method', 'reason', 'subject', 'address', 'silenced_before'] },
  rate_limit_exceeded: {
    right: AT_THE_DOOR,
    keys: ['method', 'route', 'limit_per_minute', 'address', 'silenced_before'],
  },
  permission_denied: { right: AT_THE_DOOR, keys: ['permission', 'role', 'required_roles', 'scope', 'silenced_before'] },
  config_change: { right: NOBODY_ELSE, keys: ['kind'], byKind: CONFIG_RIGHTS },
  system_startup: { right: NOBODY_ELSE, keys: ['version', 'node', 'profile', 'roles', 'database'] },
  system_shutdown: { right: NOBODY_ELSE, keys: [] },
  ops_override_used: {
    right: right(['override:use']),
    keys: ['actor', 'role', 'action', 'target_id', 'reason_code', 'justification', 'timestamp', 'receipt_id'],
  },
  break_glass_opened: {
    right: right(['override:use']),
    keys: ['role', 'permissions', 'minutes', 'reason_code', 'justification', 'expires_at', 'break_glass_id'],
  },
  break_glass_closed: { right: right(['override:use']), keys: ['opened_by', 'expires_at'] },
  receipt_acknowledged: { right: right(['override:use']), keys: ['kind', 'action', 'made_by', 'was_overdue'] },
  adapter_execution_decided: {
    right: ADAPTER,
    keys: ['execution_id', 'adapter_id', 'decision_id', 'decision', 'reason', 'risk_level', 'matched_policies'],
  },
  adapter_trace_ingested: {
    right: ADAPTER,
    keys: [...REPORT_KEYS, 'status', 'steps', 'tool_calls', 'trust', 'unauthorized_tools'],
  },
  adapter_audit_event: { right: ADAPTER, keys: [...REPORT_KEYS, 'reported_event', 'occurred_at'] },
  adapter_cost_ingested: { right: ADAPTER, keys: [...REPORT_KEYS, 'cost_micro_usd', 'is_over'] },
  adapter_metrics_ingested: { right: ADAPTER, keys: [...REPORT_KEYS, 'step_count', 'duration_ms', 'is_over'] },
  adapter_violation_reported: { right: ADAPTER, keys: [...REPORT_KEYS, 'violation_type', 'occurred_at'] },
  adapter_telemetry_unsigned: {
    right: ADAPTER,
    keys: ['adapter_id', 'execution_id', 'payload_hash', 'payload_type', 'reason'],
  },
  adapter_telemetry_signature_invalid: { right: ADAPTER, keys: ['adapter_id', 'payload_type', 'reason'] },
  policy_decision_pending: {
    right: RUN_OR_ADAPTER,
    keys: [
      'decision_id',
      'origin',
      'subject',
      'tool',
      'action_hash',
      'matched_policies',
      'required_role',
      'requested_by',
    ],
  },
  policy_decision_resolved: {
    right: RESOLVE,
    keys: ['decision_id', 'tool', 'action_hash', 'action', 'justification', 'status', 'resolved_by'],
  },
  approval_auto_allowed_in_core: { right: RUN_OR_ADAPTER, keys: ['decision_id'] },
  approval_grant_created: { right: APPROVE, keys: ['decision_id', 'tool', 'action_hash', 'approved_by', 'expires_at'] },
  approval_grant_consumed: {
    right: RUN_OR_ADAPTER,
    keys: ['decision_id', 'tool', 'action_hash', 'used_by', 'approved_by'],
  },
  blocked_execution_trace_recorded: { right: RUN_OR_ADAPTER, keys: ['decision_id'] },
  policy_created_from_trace: { right: POLICY, keys: ['kind', 'action', 'after', 'revision'] },
  policy_created_via_wizard: { right: POLICY, keys: ['kind', 'action', 'after', 'revision'] },
  policy_updated_via_wizard: { right: POLICY, keys: ['kind', 'action', 'before', 'after'] },
  policy_exception_hit: { right: RUN_OR_ADAPTER, keys: ['decision', 'policy_id'] },
  policy_exception_miss: { right: RUN_OR_ADAPTER, keys: ['decision', 'policy_id'] },
  policy_fallback_hit: { right: RUN_OR_ADAPTER, keys: ['decision', 'policy_id'] },
  prompt_override_used: { right: right([], ['prompt:override']), keys: ['characters', 'role'] },
  trace_labeled: { right: right(['trace:label'], ['write']), keys: ['mode', 'set', 'removed'] },
  trace_annotated: { right: right(['trace:annotate'], ['write']), keys: ['key', 'annotation_id'] },
  trace_replayed: {
    right: right(['trace:replay'], ['run']),
    keys: ['original_trace_id', 'mode', 'model', 'temperature', 'workspace_version'],
  },
  trace_revealed: { right: READ_TEXTS, keys: ['by', 'reason_code', 'justification', 'parts', 'receipt_id'] },
  retention_enforced: {
    right: right(['retention:modify'], ['admin'], ['system']),
    keys: ['kind', 'pass_id', 'policy', 'cutoff', 'by', 'ids_sha256', 'bodies_deleted', 'bytes_reclaimed'],
  },
  eval_run: {
    right: right(['eval:run'], ['run'], ['system']),
    keys: ['eval_id', 'phase', 'dataset', 'cases', 'model', 'version_hash', 'outcome', 'cost_micro_usd'],
  },
  export_created: { right: right(['audit:view', 'trace:view'], ['read']), keys: ['kind', 'format', 'events'] },
  webhook_delivery_failed: { right: NOBODY_ELSE, keys: ['event', 'url', 'attempts', 'status', 'reason'] },
} as const satisfies Record<AuditEvent, AuditEventFacts>

/** What the act behind a row asked for: some events say it by kind. */
export const rightFor = (event: AuditEvent, kind: string | null): ActRight => {
  const facts: AuditEventFacts = AUDIT_FACTS[event]
  const own = kind !== null && facts.byKind && Object.hasOwn(facts.byKind, kind) ? facts.byKind[kind] : undefined
  return own ?? facts.right
}
