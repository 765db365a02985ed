import { type AuditEvent, isAuditEvent } from './audit-events'

// Names of earlier documentation: accepted where rows are filtered, never written.
export const AUDIT_EVENT_ALIASES: Readonly<Record<string, AuditEvent>> = {
  'agent.start': 'agent_execution_started',
  'agent.complete': 'agent_execution_completed',
  'agent.error': 'agent_execution_failed',
  'tool.call': 'tool_call_requested',
  'tool.denied': 'tool_permission_denied',
  'skill.publish': 'skill_published',
  'skill.test': 'skill_test_run',
  'budget.warning': 'budget_warning',
  'budget.exceeded': 'budget_exceeded',
  'permission.denied': 'permission_denied',
  'workspace.snapshot': 'workspace_change',
  'workspace.rollback': 'workspace_change',
}

export const auditEventFor = (name: string): AuditEvent | undefined =>
  isAuditEvent(name) ? name : Object.hasOwn(AUDIT_EVENT_ALIASES, name) ? AUDIT_EVENT_ALIASES[name] : undefined
