import { readStatement, writeStatement } from '@/lib/core/statement'
import { deleteOf, inRows, updateOf } from './sql-build'

type Both = { sqlite: string; postgresql: string }

const WORDS = '"output" = NULL, "toolCalls" = NULL, "error" = NULL'

// Scores stay. What a rule or a judge says of an answer quotes it.
const NO_WORDS: Both = {
  sqlite: `${WORDS}, "scores" = CASE json_type("scores", '$.parts') WHEN 'array' THEN json_set("scores", '$.parts',
      json((SELECT json_group_array(json_set(p.value, '$.note', NULL)) FROM json_each("EvalResult"."scores", '$.parts') p)))
    ELSE "scores" END`,
  postgresql: `${WORDS}, "scores" = CASE jsonb_typeof("scores" -> 'parts') WHEN 'array' THEN jsonb_set("scores", '{parts}',
      COALESCE((SELECT jsonb_agg(p.value || jsonb_build_object('note', NULL)) FROM jsonb_array_elements("scores" -> 'parts') AS p(value)),
        '[]'::jsonb))
    ELSE "scores" END`,
}

const comments = (dialect: keyof Both): string => `UPDATE "EvalLabel" SET "comment" = NULL WHERE "comment" IS NOT NULL
  AND ("tenantId", "runId", "caseId", "attempt") IN (SELECT e."tenantId", e."runId", e."caseId", e."attempt"
    FROM (SELECT "tenantId", "runId", "caseId", "attempt" FROM "EvalResult" WHERE ${inRows('traceId')[dialect]}) e)`

const RUNS_OF = (dialect: keyof Both): string => `("tenantId", "id") IN (SELECT t."tenantId", t."correlationId"
    FROM (SELECT "tenantId", "correlationId", "kind" FROM "Trace" WHERE ${inRows('id')[dialect]}) t
    WHERE t."kind" = 'skill_test')`

const SAID = ['actual', 'diff', 'output', 'error']

// All tests of one run are as old as each other.
const testResults: Both = {
  sqlite: `UPDATE "SkillTestRun" SET "results" = (SELECT json_group_array(json_set(
      json_remove(r.value, ${SAID.map((key) => `'$.${key}'`).join(', ')}), '$.withheld', json('true')))
    FROM json_each("SkillTestRun"."results") r) WHERE ${RUNS_OF('sqlite')}`,
  postgresql: `UPDATE "SkillTestRun" SET "results" = COALESCE((SELECT jsonb_agg(
      (r.value - '{${SAID.join(',')}}'::text[]) || jsonb_build_object('withheld', true))
    FROM jsonb_array_elements("results") AS r(value)), '[]'::jsonb) WHERE ${RUNS_OF('postgresql')}`,
}

/** What was kept elsewhere of an answer is as old as the trace that it stands for; how it did stays. */
export const EMPTY_DERIVED = [
  writeStatement('tracing.empty-comments', { sqlite: comments('sqlite'), postgresql: comments('postgresql') }),
  updateOf({ name: 'tracing.empty-results', table: 'EvalResult' }, NO_WORDS),
  writeStatement('tracing.empty-tests', testResults),
] as const

export const dropAnnotationItems = deleteOf({ name: 'tracing.drop-annotation-items', table: 'AnnotationItem' })

const asked = (dialect: keyof Both): string => `UPDATE "EvalResult"
  SET ${NO_WORDS[dialect]}, "caseBody" = '{"input":"[ERASED]"}'
  WHERE ("tenantId", "runId", "caseId") IN (SELECT e."tenantId", e."id", c."caseId"
    FROM (SELECT "tenantId", "datasetId", "caseId" FROM "DatasetCase" WHERE ${inRows('traceId')[dialect]}) c
    JOIN "EvalRun" e ON e."tenantId" = c."tenantId" AND e."datasetId" = c."datasetId")`

/** Cases that were made of traces of somebody who is erased: first what was asked with them, then they themselves. */
export const ERASE_CASES = [
  writeStatement('tracing.erase-asked-cases', { sqlite: asked('sqlite'), postgresql: asked('postgresql') }),
  deleteOf({ name: 'tracing.erase-cases', table: 'DatasetCase' }),
] as const

/**
 * Runs of others that were given what this user once said: evaluations of cases made of it, and the judges of these
 * evaluations. Which answer a judge was asked about is not told, so all that it was asked in that run counts.
 */
export const tracesAsking = readStatement(`WITH "k" AS (
    SELECT DISTINCT e."id" AS "run", c."caseId", e."createdAt", e."completedAt" FROM "Trace" h
    JOIN "DatasetCase" c ON c."tenantId" = h."tenantId" AND c."traceId" = h."id"
    JOIN "EvalRun" e ON e."tenantId" = c."tenantId" AND e."datasetId" = c."datasetId"
    WHERE h."tenantId" = :tenant AND h."userId" IN (:user, :user_name)),
  "a" AS (
    SELECT x."traceId" AS "id" FROM "k" JOIN "EvalResult" x
      ON x."tenantId" = :tenant AND x."runId" = "k"."run" AND x."caseId" = "k"."caseId" WHERE x."traceId" IS NOT NULL
    UNION
    SELECT j."id" FROM "k" JOIN "Trace" j ON j."tenantId" = :tenant AND j."startedAt" >= "k"."createdAt"
      AND j."startedAt" <= COALESCE("k"."completedAt", j."startedAt") AND j."kind" = 'llm_task'
      AND j."correlationId" = "k"."run")
  SELECT t."id" FROM "a" JOIN "Trace" t ON t."tenantId" = :tenant AND t."id" = "a"."id"
  WHERE t."storage" <> 'minimal' AND t."id" > :after ORDER BY t."id" LIMIT :most`)
