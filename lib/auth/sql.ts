import { writeStatement } from '@/lib/core/statement'

// Written in the transaction that takes something away; every instance watches the number.
export const BUMP_REVOCATION = writeStatement('bump_revocation', {
  sqlite: `INSERT INTO "Counter" ("name", "value") SELECT 'revocation', 1 FROM json_each(:rows) WHERE true
    ON CONFLICT ("name") DO UPDATE SET "value" = "value" + 1 RETURNING "value"`,
  postgresql: `INSERT INTO "Counter" ("name", "value") SELECT 'revocation', 1 FROM jsonb_array_elements(:rows::jsonb)
    ON CONFLICT ("name") DO UPDATE SET "value" = "Counter"."value" + 1 RETURNING "value"`,
})
