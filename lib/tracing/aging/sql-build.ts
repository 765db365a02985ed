import { writeStatement } from '@/lib/core/statement'

// Rows name traces by `id`, or bodies by `hash`; the writer adds the tenant.
const FROM = {
  sqlite: 'json_each(:rows) AS r',
  postgresql: 'json_to_recordset(:rows::json) AS r(tenant_id text, id text)',
}

const KEYS = {
  sqlite: `SELECT json_extract(value, '$.tenant_id'), json_extract(value, '$.id') FROM json_each(:rows)`,
  postgresql: `SELECT tenant_id, id FROM ${FROM.postgresql}`,
}

type Both = { sqlite: string; postgresql: string }

export const inRows = (column: string): Both => ({
  sqlite: `("tenantId", "${column}") IN (${KEYS.sqlite})`,
  postgresql: `("tenantId", "${column}") IN (${KEYS.postgresql})`,
})

export const joinTraces: Both = {
  sqlite: `${FROM.sqlite} CROSS JOIN "Trace" t
    ON t."tenantId" = json_extract(r.value, '$.tenant_id') AND t."id" = json_extract(r.value, '$.id')`,
  postgresql: `${FROM.postgresql} JOIN "Trace" t ON t."tenantId" = r.tenant_id AND t."id" = r.id`,
}

type Change = { name: string; table: string; column?: string; returning?: string }

const tail = (returning: string | undefined): string => (returning === undefined ? '' : ` RETURNING ${returning}`)

export const deleteOf = ({ name, table, column = 'traceId', returning }: Change) => {
  const of = (dialect: keyof Both) => `DELETE FROM "${table}" WHERE ${inRows(column)[dialect]}${tail(returning)}`
  return writeStatement(name, { sqlite: of('sqlite'), postgresql: of('postgresql') })
}

export const updateOf = ({ name, table, column = 'traceId' }: Change, set: string | Both) => {
  const of = (dialect: keyof Both) =>
    `UPDATE "${table}" SET ${typeof set === 'string' ? set : set[dialect]} WHERE ${inRows(column)[dialect]}`
  return writeStatement(name, { sqlite: of('sqlite'), postgresql: of('postgresql') })
}
