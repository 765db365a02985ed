import { writeStatement } from '@/lib/core/statement'

const COLUMNS = `"Receipt" ("tenantId", "id", "kind", "actor", "userId", "role", "action", "targetId", "reasonCode",
  "justification", "data", "createdAt", "expiresAt", "dueAt")`

export const insertReceipt = writeStatement('governance.receipt', {
  sqlite: `INSERT INTO ${COLUMNS}
    SELECT json_extract(value, '$.tenant_id'), json_extract(value, '$.id'), json_extract(value, '$.kind'),
      json_extract(value, '$.actor'), json_extract(value, '$.user'), json_extract(value, '$.role'),
      json_extract(value, '$.action'), json_extract(value, '$.target'), json_extract(value, '$.reason'),
      json_extract(value, '$.why'), json_extract(value, '$.data'), json_extract(value, '$.at'),
      json_extract(value, '$.until'), json_extract(value, '$.due')
    FROM json_each(:rows)`,
  postgresql: `INSERT INTO ${COLUMNS}
    SELECT r.tenant_id, r.id, r.kind, r.actor, r."user", r.role, r.action, r.target, r.reason, r.why, r.data, r.at,
      r.until, r.due
    FROM json_to_recordset(:rows::json) AS r(tenant_id text, id text, kind text, actor text, "user" text, role text,
      action text, target text, reason text, why text, data jsonb, at timestamp(3), until timestamp(3),
      due timestamp(3))`,
})
