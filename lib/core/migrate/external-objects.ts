import type { Dialect } from './schema-source'

type ExternalObjects = {
  tables: readonly string[]
  triggers: readonly string[]
  functions: readonly string[]
  indexes: readonly string[]
}

const AUDIT_TRIGGERS = [
  'audit_checkpoint_delete',
  'audit_checkpoint_update',
  'audit_entry_delete',
  'audit_entry_insert',
  'audit_entry_update',
  'audit_head_delete',
  'audit_head_update',
  'audit_node_delete',
  'audit_node_update',
  'audit_payload_delete',
  'audit_payload_update',
]

/** What hand-written migrations add and no model describes. Rebuilding a table drops its triggers: a test compares. */
export const EXTERNAL_OBJECTS: Record<Dialect, ExternalObjects> = {
  sqlite: {
    tables: [
      '_prisma_migrations',
      'TraceTextIndex',
      'TraceTextIndex_config',
      'TraceTextIndex_data',
      'TraceTextIndex_docsize',
      'TraceTextIndex_idx',
    ],
    triggers: [
      ...AUDIT_TRIGGERS,
      'audit_checkpoint_insert',
      'audit_head_insert',
      'audit_node_insert',
      'audit_payload_insert',
      'trace_text_delete',
      'trace_text_insert',
      'trace_text_update',
    ],
    functions: [],
    indexes: [],
  },
  postgresql: {
    tables: ['_prisma_migrations', 'AuditInbox'],
    triggers: [
      ...AUDIT_TRIGGERS,
      'audit_checkpoint_truncate',
      'audit_entry_erase',
      'audit_entry_truncate',
      'audit_head_truncate',
      'audit_inbox_drain',
      'audit_node_truncate',
      'audit_payload_truncate',
      'notify_event',
      'notify_job',
    ],
    functions: [
      'audit_append_tenant',
      'audit_entry_erase_guard',
      'audit_entry_guard',
      'audit_inbox_drain',
      'audit_refuse',
      'notify_insert',
    ],
    indexes: ['TraceText_search'],
  },
}
