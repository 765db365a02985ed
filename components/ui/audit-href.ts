export const auditHref = (requestId: string | null): string | undefined =>
  requestId ? `/ops/audit?request_id=${encodeURIComponent(requestId)}` : undefined
