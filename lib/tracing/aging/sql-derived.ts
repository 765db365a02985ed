import { writeStatement } from '@/lib/core/statement'
import { deleteOf, inRows, updateOf } from './sql-build'

const NO_WORDS = '"output" = NULL, "toolCalls" = NULL, "error" = NULL'

/** What an evaluation kept of an answer is as old as the trace that it stands for; its scores stay. */
export const emptyResults = updateOf({ name: 'tracing.empty-results', table: 'EvalResult' }, NO_WORDS)

export const dropAnnotationItems = deleteOf({ name: 'tracing.drop-annotation-items', table: 'AnnotationItem' })

const asked = (dialect: 'sqlite' | 'postgresql'): string => `UPDATE "EvalResult"
  SET ${NO_WORDS}, "caseBody" = '{"input":"[ERASED]"}'
  WHERE ("tenantId", "runId", "caseId") IN (SELECT e."tenantId", e."id", c."caseId"
    FROM (SELECT "tenantId", "datasetId", "caseId" FROM "DatasetCase" WHERE ${inRows('traceId')[dialect]}) c
    JOIN "EvalRun" e ON e."tenantId" = c."tenantId" AND e."datasetId" = c."datasetId")`

/** Cases that were made of traces of somebody who is erased: first what was asked with them, then they themselves. */
export const ERASE_CASES = [
  writeStatement('tracing.erase-asked-cases', { sqlite: asked('sqlite'), postgresql: asked('postgresql') }),
  deleteOf({ name: 'tracing.erase-cases', table: 'DatasetCase' }),
] as const
