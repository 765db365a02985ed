import { type LogMessage, LogsRequest } from './messages'

const hasBody = ({ body, traceId }: LogMessage): boolean =>
  typeof body?.stringValue === 'string' || body?.kvlistValue != null || traceId?.byteLength === 16

// Logs and spans share their field numbers, so one sent as the other decodes to spans without ids, or not at all.
// How many log records these bytes are, if that is what they are.
export const looksLikeLogs = (bytes: Uint8Array): number => {
  try {
    const { resourceLogs } = LogsRequest.decode(bytes)
    const records = (resourceLogs ?? []).flatMap(({ scopeLogs }) =>
      (scopeLogs ?? []).flatMap(({ logRecords }) => logRecords ?? []),
    )
    return records.length > 0 && records.every(hasBody) ? records.length : 0
  } catch {
    return 0
  }
}
